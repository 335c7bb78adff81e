"""Staff's pages of the projects: taking down what should not stand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError

from allthrive.pages import Action
from allthrive.projects import moderation
from allthrive.projects.forms import TakeDownForm
from allthrive.projects.models import Feedback, Project
from thrive_points import AwardResult


class _TakeDown(Action):
    """Moderation asks for the permission itself, so that pages and the admin agree."""

    def act(self, thing: Any) -> None:
        form = TakeDownForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError("Nothing was changed: write a reason of 1 to 200 characters.")
        results = self.take_down(thing, form.cleaned_data["reason"])
        taken = -sum(result.points_awarded for result in results)
        messages.success(self.request, f"Taken down; {taken} points taken back.")

    def take_down(self, thing: Any, reason: str) -> list[AwardResult]:
        """Do it and return what was taken back."""
        raise NotImplementedError


class Unpublish(_TakeDown):
    """Make a project a draft again and take its publication's points back."""

    model = Project

    def take_down(self, project: Project, reason: str) -> list[AwardResult]:
        return moderation.unpublish(project=project, reason=reason, actor=self.member)


class Remove(_TakeDown):
    """Remove a project as spam and take everything it earned back."""

    model = Project

    def take_down(self, project: Project, reason: str) -> list[AwardResult]:
        return moderation.remove_as_spam(project=project, reason=reason, actor=self.member)


class RemoveFeedback(_TakeDown):
    """Remove feedback and take its points back."""

    queryset = Feedback.objects.select_related("project")

    def take_down(self, feedback: Feedback, reason: str) -> list[AwardResult]:
        return moderation.remove_feedback(feedback=feedback, reason=reason, actor=self.member)

    def page_after(self, feedback: Feedback) -> Project:
        return feedback.project
