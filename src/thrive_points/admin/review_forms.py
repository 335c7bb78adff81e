"""What the review pages ask for."""

from typing import Any

from django import forms

from thrive_points.core.event import Outcome
from thrive_points.review.span import InvalidSpan, Span, span_of
from thrive_points.rules.current import ADJUSTMENT, rulebook
from thrive_points.validation import REASON_LENGTH


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SpanForm(forms.Form):
    """Asks for the days to review."""

    since = _day("From")
    until = _day("To")

    def clean(self) -> dict[str, Any]:
        """Add the span, and refuse one that ends before it begins."""
        cleaned: dict[str, Any] = self.cleaned_data
        try:
            cleaned["span"] = span_of(cleaned.get("since"), cleaned.get("until"))
        except InvalidSpan as error:
            raise forms.ValidationError(str(error)) from error
        return cleaned

    @property
    def span(self) -> Span:
        """Return the span asked for; the usual one if what was asked cannot be."""
        return self.cleaned_data["span"] if self.is_valid() else span_of()


def span_form(given: Any) -> SpanForm:
    """Return the form, filled with the span that is shown."""
    asked = SpanForm({name: given.get(name) or "" for name in ("since", "until")})
    if not asked.is_valid():
        return asked
    return SpanForm({"since": asked.span.since, "until": asked.span.until})


class LedgerForm(forms.Form):
    """Asks which of a member's entries to show."""

    since = _day("From")
    until = _day("To")
    activity = forms.MultipleChoiceField(label="Activity", required=False)
    outcome = forms.ChoiceField(
        label="Outcome",
        required=False,
        choices=[("", "All outcomes"), *((o.value, o.value.replace("_", " ")) for o in Outcome)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the activity types of the rules in force."""
        super().__init__(*args, **kwargs)
        book = rulebook()
        names = [*book.activity_types(), ADJUSTMENT]
        field = self.fields["activity"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, book.label_of(name)) for name in names]
        field.widget.attrs["size"] = 4

    def lookups(self) -> dict[str, Any]:
        """Return what the entries are filtered by; nothing if the request makes no sense."""
        if not self.is_valid():
            return {}
        asked = {
            "day__gte": self.cleaned_data["since"],
            "day__lte": self.cleaned_data["until"],
            "activity_type__in": self.cleaned_data["activity"],
            "outcome": self.cleaned_data["outcome"],
        }
        return {name: value for name, value in asked.items() if value}


class ReasonForm(forms.Form):
    """Asks for the one reason of a reversal."""

    reason = forms.CharField(
        label="Reason",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=f"The member will read it. At most {REASON_LENGTH} characters.",
    )
