"""Forms for joining and for one's own account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.accounts.names import check_display_name, check_not_taken, check_username
from allthrive.accounts.zones import zone_names, zones_of


class _ZoneField(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label="Time zone",
            choices=[(name, name.replace("_", " ")) for name in zone_names()],
            initial="UTC",
            help_text="Your days, weeks and streaks follow this clock.",
            widget=forms.Select(attrs={"data-guess-zone": ""}),
        )


class SignUpForm(UserCreationForm):
    """Everything a new member gives us."""

    timezone = _ZoneField()
    referral_code = forms.CharField(
        label="Invitation code",
        max_length=32,
        required=False,
        help_text="If somebody invited you. Leave it empty otherwise.",
    )

    class Meta:
        model = User
        fields = ("username", "timezone")

    def clean_username(self) -> str:
        """Refuse a name that is no plain word, is taken in another case, or passes for staff's."""
        name = super().clean_username()
        check_username(name)
        check_display_name(name)
        check_not_taken(name, self.instance)
        return str(name)

    field_order = ["username", "password1", "password2", "timezone", "referral_code"]


class ProfileForm(forms.ModelForm):
    """What members can change about themselves."""

    first_name = forms.CharField(max_length=60, required=False, validators=[check_display_name])
    last_name = forms.CharField(max_length=60, required=False, validators=[check_display_name])
    timezone = _ZoneField()

    class Meta:
        model = User
        fields = ("first_name", "last_name", "timezone")

    def clean_timezone(self) -> str:
        """Refuse another change within the days that the platform asks for."""
        chosen: str = self.cleaned_data["timezone"]
        free = zones_of(self.instance).locked_until(timezone.now())
        if free and chosen != self.initial["timezone"]:
            raise forms.ValidationError(
                f"You changed it a short while ago. You can change it again from {free:%A}, "
                f"{free.day} {free:%B} on."
            )
        return chosen

    def clean(self) -> dict[str, Any]:
        """Refuse a whole name that passes for somebody of the team."""
        cleaned = super().clean() or self.cleaned_data
        name = f"{cleaned.get('first_name', '')} {cleaned.get('last_name', '')}".strip()
        check_display_name(name)
        check_not_taken(name, self.instance)
        return cleaned
