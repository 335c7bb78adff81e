"""The pages about the member."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Welcome a visitor, or show a member what to do next."""
    return render(request, "home/index.html")


@login_required
@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Show everything there is to do."""
    return render(request, "home/explore.html")


@login_required
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Show where the member's points come from."""
    return render(request, "home/activity.html")


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show every change of the member's points, with its reason."""
    return render(request, "home/history.html")
