"""Staff's pages of the projects: taking down what should not stand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError

from allthrive.pages import Action
from allthrive.projects import moderation
from allthrive.projects.forms import TakeDownForm
from allthrive.projects.models import Feedback, Project


class _TakeDown(PermissionRequiredMixin, Action):
    raise_exception = True

    def act(self, thing: Any) -> None:
        form = TakeDownForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError("Nothing was changed: write a reason of 1 to 200 characters.")
        messages.success(self.request, self.take_down(thing, form.cleaned_data["reason"]))

    def take_down(self, thing: Any, reason: str) -> str:
        """Do it and return what staff read."""
        raise NotImplementedError


class Unpublish(_TakeDown):
    """Make a project a draft again and take its publication's points back."""

    model = Project
    permission_required = "projects.change_project"

    def take_down(self, project: Project, reason: str) -> str:
        result = moderation.unpublish(project=project, reason=reason, actor=self.member)
        taken = -result.points_awarded if result else 0
        return f"Unpublished; {taken} points taken back from {project.owner}."


class Remove(_TakeDown):
    """Remove a project as spam and take everything it earned back."""

    model = Project
    permission_required = "projects.delete_project"

    def take_down(self, project: Project, reason: str) -> str:
        results = moderation.remove_as_spam(project=project, reason=reason, actor=self.member)
        taken = -sum(result.points_awarded for result in results)
        return f"Removed; {taken} points taken back from {project.owner}."


class RemoveFeedback(_TakeDown):
    """Remove feedback and take its points back."""

    queryset = Feedback.objects.select_related("project")
    permission_required = "projects.delete_feedback"

    def take_down(self, feedback: Feedback, reason: str) -> str:
        moderation.remove_feedback(feedback=feedback, reason=reason, actor=self.member)
        return f"Feedback of {feedback.author} removed, its points taken back."

    def page_after(self, feedback: Feedback) -> Project:
        return feedback.project
