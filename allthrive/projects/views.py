"""Members' pages of the projects."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import UpdateView

from allthrive.accounts.models import User
from allthrive.earning import tell
from allthrive.pages import Action, FormOnPage, FormPage, MembersView, Page, ThingPageWithForm
from allthrive.projects import services
from allthrive.projects.forms import FeedbackForm, ProjectForm, ShareForm, TakeDownForm
from allthrive.projects.models import Project

PER_PAGE = 24
PUBLISHED = Project.objects.filter(status=Project.Status.PUBLISHED).select_related("owner")


def visible_to(user: User) -> QuerySet[Project]:
    """Return the projects a member may open: published ones and their own; staff see all."""
    if user.is_staff:
        return Project.objects.all()
    mine = Q(owner=user) & ~Q(status=Project.Status.REMOVED)
    return Project.objects.filter(Q(status=Project.Status.PUBLISHED) | mine)


class _Gallery(Page):
    def projects(self) -> QuerySet[Project]:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = Q(feedback__removed_at=None)
        counted = (
            self.projects()
            .select_related("owner")
            .annotate(
                like_count=Count("likes", distinct=True),
                feedback_count=Count("feedback", filter=shown, distinct=True),
            )
        )
        page = Paginator(counted, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


class Index(_Gallery):
    """Show the gallery of published projects, the newest first."""

    template_name = "projects/index.html"

    def projects(self) -> QuerySet[Project]:
        return PUBLISHED.order_by("-published_at", "-pk")


class Mine(_Gallery):
    """Show one's own projects."""

    template_name = "projects/mine.html"

    def projects(self) -> QuerySet[Project]:
        return self.member.projects.order_by("-created_at", "-pk")


class Create(FormPage):
    """Start a project."""

    template_name = "projects/form.html"
    form_class = ProjectForm

    def serve(self, form: ProjectForm) -> Project:
        form.instance.owner = self.member
        project: Project = form.save(commit=False)
        tell(self.request, services.create(project=project))
        return project


class Edit(MembersView, UpdateView):
    """Change one's own project."""

    template_name = "projects/form.html"
    form_class = ProjectForm

    def get_queryset(self) -> QuerySet[Project]:
        return self.member.projects.exclude(status=Project.Status.REMOVED)

    def form_valid(self, form: ModelForm) -> HttpResponse:
        # Nothing but what the form holds: staff may be taking the project down.
        form.instance.save(update_fields=list(form.cleaned_data))
        messages.success(self.request, "Saved.")
        return redirect(form.instance)


class Publish(Action):
    """Publish one's own project."""

    def get_queryset(self) -> QuerySet[Project]:
        return self.member.projects.exclude(status=Project.Status.REMOVED)

    def act(self, project: Project) -> None:
        result = services.publish(project=project)
        if result is not None:
            tell(self.request, result)


class ProjectPage(ThingPageWithForm):
    """Show a project with its feedback."""

    template_name = "projects/detail.html"
    form_class = FeedbackForm

    def get_queryset(self) -> QuerySet[Project]:
        return visible_to(self.member).select_related("owner")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project: Project = self.object
        me = self.member
        return super().get_context_data(
            feedback=project.feedback.filter(removed_at=None).select_related("author"),
            mine=project.owner_id == me.pk,
            given=project.feedback.filter(author=me).exists(),
            likes=project.likes.count(),
            liked=project.likes.filter(member=me).exists(),
            share_form=ShareForm(),
            shared=project.shares.filter(member=me),
            address=self.request.build_absolute_uri(project.get_absolute_url()),
            take_down_form=TakeDownForm(),
            **kwargs,
        )


class GiveFeedback(FormOnPage, ProjectPage):
    """Give feedback on somebody else's project."""

    def get_queryset(self) -> QuerySet[Project]:
        return PUBLISHED.exclude(owner=self.member)

    def serve(self, form: FeedbackForm) -> Project:
        project: Project = self.object
        text = form.cleaned_data["text"]
        tell(self.request, services.give_feedback(user=self.member, project=project, text=text))
        return project

    def form_invalid(self, form: FeedbackForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 400
        return response


class Like(Action):
    """Like somebody else's project, or take the like back."""

    def get_queryset(self) -> QuerySet[Project]:
        return PUBLISHED.exclude(owner=self.member)

    def act(self, project: Project) -> None:
        services.toggle_like(user=self.member, project=project)


class Share(Action):
    """Note that one shared a published project."""

    queryset = PUBLISHED

    def act(self, project: Project) -> None:
        form = ShareForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError("Choose how you share the project.")
        channel = form.cleaned_data["channel"]
        tell(self.request, services.share(user=self.member, project=project, channel=channel))
