from django import forms

from allthrive.mentoring.models import ABOUT_LENGTH, MESSAGE_LENGTH, TAKEAWAY_LENGTH, TOPIC_LENGTH


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


class MessageForm(forms.Form):
    """A message to the other, and perhaps a time to meet."""

    text = forms.CharField(
        label="Your message",
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    meets_at = forms.DateTimeField(
        label="When you meet",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        help_text="By your own clock. Leave it empty to keep what you have agreed.",
    )


class ConfirmForm(forms.Form):
    """What a mentee takes from a session."""

    takeaway = forms.CharField(
        label="What do you take from it?",
        max_length=TAKEAWAY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A sentence that your mentor reads.",
    )
