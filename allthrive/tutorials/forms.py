from django import forms

from allthrive.tutorials.models import NOTE_LENGTH


class FinishForm(forms.Form):
    """What came of a tutorial."""

    note = forms.CharField(
        label="What did you make, or find out?",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence or two in your own words.",
    )
