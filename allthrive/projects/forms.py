"""Forms of the projects."""

from django import forms

from allthrive.projects.models import Feedback, Project, Share


class ProjectForm(forms.ModelForm):
    """What owners write about a project."""

    class Meta:
        model = Project
        fields = ("title", "summary", "story", "link")
        widgets = {
            "story": forms.Textarea(attrs={"rows": 6}),
            "link": forms.URLInput(attrs={"placeholder": "https://"}),
        }

    link = forms.URLField(
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text="Where others can try it.",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )


class FeedbackForm(forms.ModelForm):
    """Feedback on somebody's project."""

    class Meta:
        model = Feedback
        fields = ("text",)
        labels = {"text": "Your feedback"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}


class ShareForm(forms.ModelForm):
    """How a member recommends somebody's project."""

    class Meta:
        model = Share
        fields = ("note", "channel")
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}


class TakeDownForm(forms.Form):
    """Staff's reason, which the owner will read."""

    reason = forms.CharField(max_length=200, help_text="The owner will read this.")
