"""Pages of the side quests."""

from collections import defaultdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.earning import tell
from allthrive.side_quests import services
from allthrive.side_quests.forms import StepForm
from allthrive.side_quests.models import Chain, Quest, Run, Step, StepDone


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the quests, chain by chain, with one's own progress."""
    me = member(request)
    done = Q(steps__done__run__member=me)
    runs = dict(Run.objects.filter(member=me).values_list("quest", "completed_at"))
    quests = (
        Quest.objects.filter(Q(is_open=True) | Q(pk__in=runs))
        .select_related("chain")
        .annotate(
            length=Count("steps", distinct=True),
            done=Count("steps", filter=done, distinct=True),
        )
        .order_by("pk")
    )
    by_chain: dict[Chain | None, list[tuple[Quest, bool]]] = defaultdict(list)
    for quest in quests:
        by_chain[quest.chain].append((quest, runs.get(quest.pk) is not None))
    chains = [
        (chain, found, all(is_complete for _, is_complete in found))
        for chain, found in sorted(
            by_chain.items(), key=lambda item: (item[0] is None, str(item[0]))
        )
    ]
    return render(request, "side_quests/index.html", {"chains": chains})


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a quest's steps and the next one's form."""
    return _page(request, get_object_or_404(Quest.objects.select_related("chain"), pk=pk))


@login_required
@require_POST
def finish_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a step is done, and say what that completed."""
    step = get_object_or_404(Step.objects.select_related("quest__chain"), pk=pk)
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            results = services.finish_step(
                step=step, member=member(request), note=form.cleaned_data["note"]
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if results:
                messages.success(request, f"You completed “{step.quest.title}”.")
            tell(request, *results)
            return redirect(step.quest)
    return _page(request, step.quest, form)


def _page(request: HttpRequest, quest: Quest, form: StepForm | None = None) -> HttpResponse:
    me = member(request)
    notes = dict(
        StepDone.objects.filter(run__member=me, run__quest=quest).values_list("step", "note")
    )
    steps = list(quest.steps.order_by("position"))
    context = {
        "quest": quest,
        "steps": [(step, notes.get(step.pk)) for step in steps],
        "next_step": next((step for step in steps if step.pk not in notes), None),
        "done": len(notes),
        "form": form or StepForm(),
    }
    return render(request, "side_quests/detail.html", context)
