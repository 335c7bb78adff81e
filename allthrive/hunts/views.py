"""Pages of the scavenger hunts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.earning import tell
from allthrive.hunts import services
from allthrive.hunts.forms import GuessForm
from allthrive.hunts.models import Guess, Hunt, Trail


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the hunts with one's own progress."""
    me = member(request)
    solved = Q(clues__guesses__trail__member=me, clues__guesses__is_right=True)
    trails = dict(Trail.objects.filter(member=me).values_list("hunt", "completed_at"))
    hunts = Hunt.objects.filter(Q(is_open=True) | Q(pk__in=trails)).annotate(
        length=Count("clues", distinct=True),
        solved=Count("clues", filter=solved, distinct=True),
    )
    hunts = hunts.order_by("title")
    context = {"hunts": [(hunt, trails.get(hunt.pk)) for hunt in hunts]}
    return render(request, "hunts/index.html", context)


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the clues one has solved, and the next one."""
    return _page(request, get_object_or_404(Hunt, pk=pk), GuessForm())


@login_required
@require_POST
def guess(request: HttpRequest, pk: int) -> HttpResponse:
    """Try an answer."""
    hunt = get_object_or_404(Hunt, pk=pk)
    form = GuessForm(request.POST)
    if form.is_valid():
        try:
            answer = services.guess(
                hunt=hunt, member=member(request), text=form.cleaned_data["answer"]
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if answer.is_right:
                said = f"You finished “{hunt.title}”." if answer.is_last else "Right. On you go."
                messages.success(request, said)
                tell(request, *answer.earned)
                return redirect(hunt)
            form.add_error("answer", "Not this. Look at the clue again.")
    return _page(request, hunt, form)


def _page(request: HttpRequest, hunt: Hunt, form: GuessForm) -> HttpResponse:
    trail = Trail.objects.filter(hunt=hunt, member=member(request)).first()
    left = services.open_clues(hunt, trail)
    solved = list(
        Guess.objects.filter(trail=trail, is_right=True)
        .select_related("clue")
        .order_by("clue__position")
    )
    context = {
        "hunt": hunt,
        "is_complete": trail is not None and trail.completed_at is not None,
        "solved": solved,
        "clue": left[0] if left else None,
        "length": len(solved) + len(left),
        "form": form,
    }
    return render(request, "hunts/detail.html", context)
