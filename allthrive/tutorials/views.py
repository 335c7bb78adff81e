"""Pages of the tutorials."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.earning import tell
from allthrive.tutorials import services
from allthrive.tutorials.models import Step, StepDone, Tutorial


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the tutorials with one's own progress."""
    tutorials = Tutorial.objects.filter(is_open=True).annotate(
        length=Count("steps", distinct=True),
        done=Count("steps__done_by", filter=Q(steps__done_by__user=member(request)), distinct=True),
    )
    return render(request, "tutorials/index.html", {"tutorials": tutorials})


@login_required
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a tutorial's steps."""
    tutorial = get_object_or_404(Tutorial, slug=slug, is_open=True)
    mine = StepDone.objects.filter(user=member(request), step=OuterRef("pk"))
    steps = list(tutorial.steps.annotate(is_done=Exists(mine)))
    context = {
        "tutorial": tutorial,
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "next_step": next((step for step in steps if not step.is_done), None),
    }
    return render(request, "tutorials/detail.html", context)


@login_required
@require_POST
def do_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a step as done."""
    step = get_object_or_404(Step.objects.select_related("tutorial"), pk=pk, tutorial__is_open=True)
    result = services.do_step(user=member(request), step=step)
    if result is not None:
        tell(request, result)
    return redirect(step.tutorial)
