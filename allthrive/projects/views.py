"""Members' pages of the projects."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import DetailView, TemplateView, UpdateView
from django.views.generic.edit import FormMixin

from allthrive.accounts.models import User
from allthrive.accounts.views import INVITED_BY
from allthrive.earning import tell
from allthrive.pages import Action, FormOnPage, FormPage, MembersView
from allthrive.projects import services
from allthrive.projects.forms import FeedbackForm, ProjectForm, ShareForm, TakeDownForm
from allthrive.projects.models import Project
from allthrive.referrals.models import Invitation

PER_PAGE = 24
PUBLISHED = Project.objects.filter(status=Project.Status.PUBLISHED).select_related("owner")


def visible_to(user: User | AnonymousUser) -> QuerySet[Project]:
    """Return the projects somebody may open: published ones, their own, and all for reviewers."""
    if not isinstance(user, User):
        return PUBLISHED
    if user.has_perm("projects.view_project"):
        return Project.objects.all()
    mine = Q(owner=user) & Q(pk__in=Project.objects.standing())
    return Project.objects.filter(Q(status=Project.Status.PUBLISHED) | mine)


class _Gallery(TemplateView):
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


class Mine(MembersView, _Gallery):
    """Show one's own projects."""

    template_name = "projects/mine.html"

    def projects(self) -> QuerySet[Project]:
        return self.member.projects.exclude(status=Project.Status.DELETED).order_by(
            "-created_at", "-pk"
        )


class Create(FormPage):
    """Start a project."""

    template_name = "projects/form.html"
    form_class = ProjectForm

    def serve(self, form: ProjectForm) -> Project:
        form.instance.owner = self.member
        project: Project = form.save(commit=False)
        tell(self.request, *services.create(project=project))
        return project


class Edit(MembersView, UpdateView):
    """Change one's own project."""

    template_name = "projects/form.html"
    form_class = ProjectForm

    def get_queryset(self) -> QuerySet[Project]:
        return self.member.projects.standing()

    def form_valid(self, form: ModelForm) -> HttpResponse:
        results = services.edit(project=form.instance, fields=list(form.cleaned_data))
        if not results:
            messages.success(self.request, "Saved.")
        tell(self.request, *results)
        return redirect(form.instance)


class _OwnersAction(Action):
    def get_queryset(self) -> QuerySet[Project]:
        return self.member.projects.standing()


class Publish(_OwnersAction):
    """Publish one's own project."""

    def act(self, project: Project) -> None:
        tell(self.request, *services.publish(project=project))


class Withdraw(_OwnersAction):
    """Make one's own project a draft again."""

    def act(self, project: Project) -> None:
        services.unpublish(project=project)
        messages.success(self.request, "Only you see it now. Publish it again whenever you like.")


class Delete(_OwnersAction):
    """Take one's own project away for good."""

    def act(self, project: Project) -> None:
        taken = -sum(result.points_awarded for result in services.delete(project=project))
        went = f", and the {taken} points it had earned went with it" if taken else ""
        messages.success(self.request, f"“{project.title}” is deleted{went}.")

    def page_after(self, project: Project) -> str:
        return "projects:mine"


class ProjectPage(FormMixin, DetailView):
    """Show a project with its feedback, to visitors too: `?by=` credits whoever shared it."""

    template_name = "projects/detail.html"
    form_class: type[ModelForm] = FeedbackForm

    def get_queryset(self) -> QuerySet[Project]:
        return visible_to(self.request.user).select_related("owner")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remember whose link led a visitor here, for when they join."""
        by = request.GET.get("by", "").replace("\0", "")
        if by and not request.user.is_authenticated and Invitation.objects.filter(code=by).exists():
            request.session[INVITED_BY] = by
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project: Project = self.object
        me = self.request.user.pk
        address = self.request.build_absolute_uri(project.get_absolute_url())
        code = Invitation.objects.filter(inviter=me).values_list("code", flat=True).first()
        return super().get_context_data(
            feedback=project.feedback.filter(removed_at=None).select_related("author"),
            mine=project.owner_id == me,
            given=project.feedback.filter(author=me).exists(),
            likes=project.likes.count(),
            liked=project.likes.filter(member=me).exists(),
            share_form=ShareForm(),
            shared=project.shares.filter(member=me),
            address=f"{address}?by={code}" if code else address,
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


class Share(FormOnPage, ProjectPage):
    """Recommend somebody else's project."""

    form_class = ShareForm

    def get_queryset(self) -> QuerySet[Project]:
        return PUBLISHED.exclude(owner=self.member)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Two forms stand on this page; what is wrong with this one is shown beside it.
        context = super().get_context_data(**kwargs)
        return {**context, "share_form": context["form"], "form": FeedbackForm()}

    def serve(self, form: ShareForm) -> Project:
        project: Project = self.object
        result = services.share(user=self.member, project=project, **form.cleaned_data)
        tell(self.request, result)
        return project
