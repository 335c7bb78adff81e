"""Pages for joining, signing in and one's own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.contrib.messages.views import SuccessMessageMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.generic import UpdateView

from allthrive.accounts import services
from allthrive.accounts.forms import ProfileForm, SignUpForm
from allthrive.accounts.models import User
from allthrive.accounts.zones import zones_of
from allthrive.pages import MembersView


class SignIn(LoginView):
    """Sign a member in."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True


@require_http_methods(["GET", "POST"])
def signup(request: HttpRequest) -> HttpResponse:
    """Create a member, sign them in and go home. `?ref=` fills the invitation code."""
    if request.user.is_authenticated:
        return redirect("home:index")
    form = SignUpForm(request.POST or None, initial={"referral_code": request.GET.get("ref", "")})
    if request.method == "POST" and form.is_valid():
        user = services.sign_up(
            user=form.save(commit=False), referral_code=form.cleaned_data["referral_code"]
        )
        login(request, user)
        messages.success(request, f"Welcome, {user.display_name}. Here is a good first step.")
        return redirect("home:index")
    return render(request, "accounts/signup.html", {"form": form})


class Profile(MembersView, SuccessMessageMixin, UpdateView):
    """Show and change one's own account."""

    template_name = "accounts/profile.html"
    form_class = ProfileForm
    success_url = reverse_lazy("accounts:profile")
    success_message = "Saved."

    def get_object(self, queryset: QuerySet[User] | None = None) -> User:
        return self.member

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add when a change of the zone takes effect."""
        pending = zones_of(self.member).pending(timezone.now())
        return {**super().get_context_data(**kwargs), "zone_changes_at": pending}
