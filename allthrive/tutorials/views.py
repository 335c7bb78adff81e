"""Pages of the tutorials."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.views.generic import ListView

from allthrive.earning import tell
from allthrive.pages import Action, MembersView, ThingPage
from allthrive.tutorials import services
from allthrive.tutorials.models import Step, StepDone, Tutorial


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


class TutorialPage(ThingPage):
    """Show a tutorial's steps."""

    queryset = Tutorial.objects.filter(is_open=True)
    template_name = "tutorials/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = StepDone.objects.filter(member=self.member, step=OuterRef("pk"))
        steps = list(self.object.steps.annotate(is_done=Exists(mine)))
        return super().get_context_data(
            steps=steps,
            done=sum(step.is_done for step in steps),
            next_step=next((step for step in steps if not step.is_done), None),
            **kwargs,
        )


class DoStep(Action):
    """Note a step as done."""

    queryset = Step.objects.filter(tutorial__is_open=True).select_related("tutorial")

    def act(self, step: Step) -> None:
        result = services.do_step(user=self.member, step=step)
        if result is not None:
            tell(self.request, result)

    def page_after(self, step: Step) -> Tutorial:
        return step.tutorial
