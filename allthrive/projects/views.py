"""Members' pages of the projects."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.accounts.models import User
from allthrive.earning import tell
from allthrive.projects import services
from allthrive.projects.forms import FeedbackForm, ProjectForm, ShareForm, TakeDownForm
from allthrive.projects.models import Like, Project, Share

PER_PAGE = 24


def _counted(projects: QuerySet[Project]) -> QuerySet[Project]:
    shown = Q(feedback__removed_at=None)
    return projects.select_related("owner").annotate(
        like_count=Count("likes", distinct=True),
        feedback_count=Count("feedback", filter=shown, distinct=True),
    )


def visible_to(user: User) -> QuerySet[Project]:
    """Return the projects a member may open: published ones and their own; staff see all."""
    if user.is_staff:
        return Project.objects.all()
    mine = Q(owner=user) & ~Q(status=Project.Status.REMOVED)
    return Project.objects.filter(Q(status=Project.Status.PUBLISHED) | mine)


def _of_others(user: User) -> QuerySet[Project]:
    return Project.objects.filter(status=Project.Status.PUBLISHED).exclude(owner=user)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the gallery of published projects, the newest first."""
    published = Project.objects.filter(status=Project.Status.PUBLISHED).order_by(
        "-published_at", "-pk"
    )
    page = Paginator(_counted(published), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "projects/index.html", {"page": page})


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's own projects."""
    own = _counted(member(request).projects.all()).order_by("-created_at", "-pk")
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "projects/mine.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Start a project."""
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.owner = member(request)
        project = form.save(commit=False)
        tell(request, services.create(project=project))
        return redirect(project)
    return render(request, "projects/form.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own project."""
    own = member(request).projects.exclude(status=Project.Status.REMOVED)
    project = get_object_or_404(own, pk=pk)
    form = ProjectForm(request.POST or None, instance=project)
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=list(form.cleaned_data))
        messages.success(request, "Saved.")
        return redirect(project)
    return render(request, "projects/form.html", {"form": form, "project": project})


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish one's own project."""
    own = member(request).projects.exclude(status=Project.Status.REMOVED)
    project = get_object_or_404(own, pk=pk)
    result = services.publish(project=project)
    if result is not None:
        tell(request, result)
    return redirect(project)


def _detail(request: HttpRequest, project: Project, form: FeedbackForm) -> HttpResponse:
    user = member(request)
    feedback = project.feedback.filter(removed_at=None).select_related("author")
    context = {
        "project": project,
        "form": form,
        "feedback": feedback,
        "mine": project.owner_id == user.pk,
        "given": project.feedback.filter(author=user).exists(),
        "likes": project.likes.count(),
        "liked": Like.objects.filter(project=project, user=user).exists(),
        "share_form": ShareForm(),
        "shared": Share.objects.filter(project=project, user=user),
        "address": request.build_absolute_uri(project.get_absolute_url()),
        "take_down_form": TakeDownForm(),
    }
    status = 400 if form.is_bound else 200
    return render(request, "projects/detail.html", context, status=status)


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a project with its feedback."""
    projects = visible_to(member(request)).select_related("owner")
    return _detail(request, get_object_or_404(projects, pk=pk), FeedbackForm())


@login_required
@require_POST
def give_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Give feedback on somebody else's project."""
    user = member(request)
    project = get_object_or_404(_of_others(user).select_related("owner"), pk=pk)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _detail(request, project, form)
    text = form.cleaned_data["text"]
    tell(request, services.give_feedback(user=user, project=project, text=text))
    return redirect(project)


@login_required
@require_POST
def like(request: HttpRequest, pk: int) -> HttpResponse:
    """Like somebody else's project, or take the like back."""
    user = member(request)
    project = get_object_or_404(_of_others(user).select_related("owner"), pk=pk)
    services.toggle_like(user=user, project=project)
    return redirect(project)


@login_required
@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that one shared a published project."""
    user = member(request)
    project = get_object_or_404(Project, pk=pk, status=Project.Status.PUBLISHED)
    form = ShareForm(request.POST)
    if form.is_valid():
        channel = form.cleaned_data["channel"]
        tell(request, services.share(user=user, project=project, channel=channel))
    else:
        messages.error(request, "Choose how you share the project.")
    return redirect(project)
