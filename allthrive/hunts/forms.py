from django import forms

from allthrive.hunts.models import GUESS_LENGTH


class GuessForm(forms.Form):
    """An answer to try."""

    answer = forms.CharField(
        label="Your answer",
        max_length=GUESS_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
