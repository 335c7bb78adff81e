"""The reaction form."""

from django import forms

from allthrive.circles.models import Reaction


class ReactionForm(forms.ModelForm):
    """Which reaction it is."""

    class Meta:
        model = Reaction
        fields = ("kind",)
