"""Pages of the prompt battles."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.battles import services
from allthrive.battles.forms import EntryForm, OpenForm
from allthrive.battles.models import Battle, Entry
from allthrive.earning import tell
from allthrive.refusals import refusals_told

SHOWN = 12


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List one's own battles, then those to join, to vote on and to read."""
    me = member(request)
    battles = Battle.objects.select_related("opener", "challenger", "winner")
    playing = Q(opener=me) | Q(challenger=me)
    others = battles.exclude(playing)
    sections = [
        ("Yours", battles.filter(playing).exclude(status=Battle.Status.CLOSED)),
        ("Looking for an opponent", others.filter(status=Battle.Status.WAITING)),
        (
            "Waiting for your vote",
            others.filter(status=Battle.Status.VOTING).exclude(votes__voter=me),
        ),
        ("Decided", battles.filter(status=Battle.Status.CLOSED).order_by("-closed_at")),
    ]
    shown = [(title, list(found[:SHOWN])) for title, found in sections]
    context = {"sections": shown, "nothing_yet": not any(found for _, found in shown)}
    return render(request, "battles/index.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def open_battle(request: HttpRequest) -> HttpResponse:
    """Open a battle with a prompt."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        battle = services.open_battle(opener=member(request), **form.cleaned_data)
        messages.success(request, "Your battle is open. Somebody can join it now.")
        return redirect(battle)
    return render(request, "battles/open.html", {"form": form})


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a battle as far as it has come."""
    return _page(request, _battle(pk), EntryForm())


@login_required
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Join a battle that waits for an opponent."""
    battle = _battle(pk)
    with refusals_told(request):
        services.join(battle=battle, member=member(request))
        messages.success(request, "You are in. Write your entry whenever you are ready.")
    return redirect(battle)


@login_required
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in one's entry."""
    battle = _battle(pk)
    form = EntryForm(request.POST)
    if form.is_valid():
        try:
            services.submit(battle=battle, author=member(request), text=form.cleaned_data["text"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request, "Your entry is in. You are paid when the battle has been decided."
            )
            return redirect(battle)
    return _page(request, battle, form)


@login_required
@require_POST
def vote(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Vote for one of the two entries."""
    battle = _battle(pk)
    entry = get_object_or_404(Entry, pk=entry_pk, battle=battle)
    with refusals_told(request):
        services.vote(battle=battle, voter=member(request), entry=entry)
        messages.success(request, "Your vote counts. Thank you.")
    return redirect(battle)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare the result and say what it paid."""
    battle = _battle(pk)
    me = member(request)
    with refusals_told(request):
        closing = services.close(battle=battle, actor=me)
        winner = closing.battle.winner
        messages.success(
            request,
            f"{winner.display_name} wins this battle." if winner else "This battle ends in a tie.",
        )
        tell(request, *closing.earned.get(me.pk, []))
    return redirect(battle)


def _battle(pk: int) -> Battle:
    return get_object_or_404(Battle.objects.select_related("opener", "challenger", "winner"), pk=pk)


def _page(request: HttpRequest, battle: Battle, form: EntryForm) -> HttpResponse:
    me = member(request)
    battle.refresh_from_db(fields=["status", "challenger", "winner"])
    entries = list(
        battle.entries.select_related("author").annotate(count=Count("votes")).order_by("pk")
    )
    mine = next((entry for entry in entries if entry.author_id == me.pk), None)
    votes = sum(entry.count for entry in entries)
    is_player = me.pk in battle.player_ids
    my_vote = battle.votes.filter(voter=me).first()
    context = {
        "battle": battle,
        "form": form,
        "is_player": is_player,
        "mine": mine,
        "my_vote": my_vote,
        "votes": votes,
        "votes_needed": services.VOTES_TO_CLOSE,
        "may_join": battle.status == Battle.Status.WAITING and not is_player,
        "may_write": battle.status == Battle.Status.WRITING and is_player and mine is None,
        "may_vote": battle.status == Battle.Status.VOTING and not is_player and my_vote is None,
        "may_close": services.may_close(battle=battle, member=me, votes=votes),
        "is_closed": battle.status == Battle.Status.CLOSED,
        # Nobody reads an entry before both are in, or they could write against it.
        "entries": entries if battle.status in (Battle.Status.VOTING, Battle.Status.CLOSED) else [],
    }
    return render(request, "battles/detail.html", context)
