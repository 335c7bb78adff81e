from django import forms

from allthrive.events.models import CODE_LENGTH


class CheckInForm(forms.Form):
    """The code the host shows."""

    code = forms.CharField(
        label="Check-in code",
        max_length=CODE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="The host shows it during the event.",
    )
