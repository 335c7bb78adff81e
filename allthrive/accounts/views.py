"""Pages for joining, signing in and one's own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.contrib.messages.views import SuccessMessageMixin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.generic import FormView, UpdateView

from allthrive.accounts import services
from allthrive.accounts.forms import ProfileForm, SignUpForm
from allthrive.accounts.models import User
from allthrive.accounts.zones import zones_of
from allthrive.pages import MembersView, ServedForm

INVITED_BY = "invited_by"
"""Where a session keeps the code of the invitation that led here."""


class SignIn(LoginView):
    """Sign a member in."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True


class SignUp(ServedForm, FormView):
    """Create a member, sign them in and go on. An invitation that was followed fills its code."""

    template_name = "accounts/signup.html"
    form_class = SignUpForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send members home: they have joined."""
        if request.user.is_authenticated:
            return redirect("home:index")
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        invited_by = self.request.session.get(INVITED_BY, "")
        return {"referral_code": self.request.GET.get("ref", invited_by)}

    def serve(self, form: SignUpForm) -> str:
        user = services.sign_up(
            user=form.save(commit=False), referral_code=form.cleaned_data["referral_code"]
        )
        login(self.request, user, backend="django.contrib.auth.backends.ModelBackend")
        self.request.session.pop(INVITED_BY, None)
        messages.success(self.request, f"Welcome, {user.display_name}. Here is a good first step.")
        return "home:index"


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
