from django import forms

from allthrive.challenges.models import SUBMISSION_LENGTH


class SubmissionForm(forms.Form):
    """A member's work for the week."""

    text = forms.CharField(
        label="Your work",
        max_length=SUBMISSION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="The work itself, or where it can be seen and what you learned from it.",
    )
