"""Forms for joining and for one's own account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm

from allthrive.accounts.models import User
from allthrive.accounts.zones import zone_names


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
    """Everything a new member tells us."""

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

    timezone = _ZoneField()

    class Meta:
        model = User
        fields = ("first_name", "last_name", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, limit in (("first_name", 60), ("last_name", 60)):
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            field.max_length = limit
            field.widget.attrs["maxlength"] = str(limit)
