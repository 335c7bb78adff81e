from django import forms

from allthrive.mentoring.models import ABOUT_LENGTH, MESSAGE_LENGTH, TOPIC_LENGTH


class OfferForm(forms.Form):
    """What a member offers as a mentor."""

    about = forms.CharField(
        label="What can you help with?",
        max_length=ABOUT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_available = forms.BooleanField(
        label="Members can ask me for sessions",
        required=False,
        initial=True,
    )


class AskForm(forms.Form):
    """What a member would like to talk about."""

    topic = forms.CharField(max_length=TOPIC_LENGTH)
    message = forms.CharField(
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What you have tried, what you would like to know, and when you have time.",
    )
