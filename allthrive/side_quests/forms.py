from django import forms

from allthrive.side_quests.models import NOTE_LENGTH


class StepForm(forms.Form):
    """What a member says about a step they did."""

    note = forms.CharField(
        label="What did you do?",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence or two for your own record.",
    )
