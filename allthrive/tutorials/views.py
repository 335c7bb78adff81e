"""Pages of the tutorials."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.views.generic import ListView

from allthrive.earning import tell
from allthrive.home.openings import next_after
from allthrive.pages import Action, FormOnPage, MembersView, ThingPageWithForm
from allthrive.tutorials import services
from allthrive.tutorials.forms import FinishForm
from allthrive.tutorials.models import Completion, Step, StepDone, Tutorial


class Index(MembersView, ListView):
    """List the tutorials with one's own progress."""

    template_name = "tutorials/index.html"
    context_object_name = "tutorials"

    def get_queryset(self) -> QuerySet[Tutorial]:
        mine = Q(steps__done_by__member=self.member)
        return Tutorial.objects.filter(is_open=True).annotate(
            length=Count("steps", distinct=True),
            done=Count("steps__done_by", filter=mine, distinct=True),
        )


class TutorialPage(ThingPageWithForm):
    """Show a tutorial's steps, and after the last the form that finishes it."""

    queryset = Tutorial.objects.filter(is_open=True)
    template_name = "tutorials/detail.html"
    form_class = FinishForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = StepDone.objects.filter(member=self.member, step=OuterRef("pk"))
        steps = list(self.object.steps.annotate(is_done=Exists(mine)))
        return super().get_context_data(
            steps=steps,
            done=sum(step.is_done for step in steps),
            next_step=next((step for step in steps if not step.is_done), None),
            next=next_after(self.member, "tutorial_completed"),
            completion=Completion.objects.filter(member=self.member, tutorial=self.object).first(),
            **kwargs,
        )


class DoStep(Action):
    """Note a step as done."""

    queryset = Step.objects.filter(tutorial__is_open=True).select_related("tutorial")

    def act(self, step: Step) -> None:
        services.do_step(user=self.member, step=step)

    def page_after(self, step: Step) -> Tutorial:
        return step.tutorial


class Finish(FormOnPage, TutorialPage):
    """Complete a tutorial."""

    def serve(self, form: FinishForm) -> Tutorial:
        tutorial: Tutorial = self.object
        note = form.cleaned_data["note"]
        tell(self.request, services.finish(user=self.member, tutorial=tutorial, note=note))
        return tutorial
