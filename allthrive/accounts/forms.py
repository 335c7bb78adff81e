"""Forms for joining and for one's own account."""

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.utils import timezone

from allthrive.accounts.models import User
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

    field_order = ["username", "password1", "password2", "timezone", "referral_code"]


class ProfileForm(forms.ModelForm):
    """What members can change about themselves."""

    first_name = forms.CharField(max_length=60, required=False)
    last_name = forms.CharField(max_length=60, required=False)
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
