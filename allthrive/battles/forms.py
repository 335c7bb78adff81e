from django import forms

from allthrive.battles.models import ENTRY_LENGTH, PROMPT_LENGTH
from allthrive.records import TITLE_LENGTH


class OpenForm(forms.Form):
    """What a member opens a battle with."""

    title = forms.CharField(max_length=TITLE_LENGTH, help_text="A few words for the list.")
    prompt = forms.CharField(
        max_length=PROMPT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What both of you will answer. Clear and narrow makes the best battles.",
    )


class EntryForm(forms.Form):
    """What a player answers."""

    text = forms.CharField(
        label="Your entry", max_length=ENTRY_LENGTH, widget=forms.Textarea(attrs={"rows": 8})
    )
