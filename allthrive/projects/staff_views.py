"""Staff's pages of the projects: taking down what should not stand."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from allthrive.accounts.access import member
from allthrive.projects import moderation
from allthrive.projects.forms import TakeDownForm
from allthrive.projects.models import Feedback, Project


def _reason(request: HttpRequest) -> str | None:
    form = TakeDownForm(request.POST)
    if form.is_valid():
        return str(form.cleaned_data["reason"])
    messages.error(request, "Nothing was changed: write a reason of 1 to 200 characters.")
    return None


@permission_required("projects.change_project", raise_exception=True)
@require_POST
def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a project a draft again and take its publication's points back."""
    project = get_object_or_404(Project, pk=pk)
    if reason := _reason(request):
        result = moderation.unpublish(project=project, reason=reason, actor=member(request))
        taken = -result.points_awarded if result else 0
        messages.success(request, f"Unpublished; {taken} points taken back from {project.owner}.")
    return redirect(project)


@permission_required("projects.delete_project", raise_exception=True)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a project as spam and take everything it earned back."""
    project = get_object_or_404(Project, pk=pk)
    if reason := _reason(request):
        results = moderation.remove_as_spam(project=project, reason=reason, actor=member(request))
        taken = -sum(result.points_awarded for result in results)
        messages.success(request, f"Removed; {taken} points taken back from {project.owner}.")
    return redirect(project)


@permission_required("projects.delete_feedback", raise_exception=True)
@require_POST
def remove_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove feedback and take its points back."""
    feedback = get_object_or_404(Feedback.objects.select_related("project"), pk=pk)
    if reason := _reason(request):
        moderation.remove_feedback(feedback=feedback, reason=reason, actor=member(request))
        messages.success(request, f"Feedback of {feedback.author} removed, its points taken back.")
    return redirect(feedback.project)
