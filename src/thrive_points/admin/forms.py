"""Forms over rules: plain fields in, a checked rule out."""

import re
from typing import Any

from django import forms

from thrive_points.core.activities import Category
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidRule
from thrive_points.rules.current import known_modifiers
from thrive_points.rules.definitions import FIELDS, from_definition, to_definition
from thrive_points.rules.diff import words
from thrive_points.rules.experiments import NAME_LENGTH
from thrive_points.rules.revisions import REASON_LENGTH

_TIER = re.compile(r"\s*(\d+)\s*at\s*(\d+)\s*%?\s*")


def _choices(enum: Any) -> list[tuple[str, str]]:
    return [(str(member), str(member).capitalize()) for member in enum]


def _instant(**kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **kwargs)


def _cap(what: str) -> forms.IntegerField:
    return forms.IntegerField(label=what, min_value=1, required=False)


class ReasonForm(forms.Form):
    """Asks why."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"size": 80}),
        help_text="The change log tells it to those who come after you.",
    )


class RuleForm(forms.Form):
    """The fields of a rule."""

    base_points = forms.IntegerField(min_value=1, max_value=1_000_000)
    max_per_day = _cap("Awards a day")
    max_per_week = _cap("Awards a week")
    max_points_per_day = _cap("Points a day")
    max_points_per_week = _cap("Points a week")
    over_cap = forms.CharField(
        required=False, help_text='What is paid over the cap, such as "5 at 50%, 5 at 25%".'
    )
    cooldown_seconds = forms.IntegerField(
        label="Cooldown",
        min_value=1,
        max_value=86_400,
        required=False,
        help_text="Seconds between two awards.",
    )
    modifiers = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    enabled = forms.BooleanField(required=False, help_text="Off: events are kept, none is paid.")
    category = forms.ChoiceField(choices=_choices(Category))
    effort = forms.ChoiceField(choices=_choices(Effort))
    impact = forms.ChoiceField(choices=_choices(Impact))
    frequency = forms.ChoiceField(choices=_choices(Frequency))
    label = forms.CharField(max_length=100, help_text='Completes "20 for ..." for the member.')
    notes = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}), help_text="Why it earns this."
    )
    exception = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why it may stand outside its band. Leave it empty inside.",
    )

    def __init__(self, *args: Any, rule: Rule | None = None, **kwargs: Any) -> None:
        """Take the rule whose values the fields start with."""
        if rule is not None:
            definition = to_definition(rule)
            tiers = definition.pop("over_cap", None)
            kwargs["initial"] = {
                **definition,
                "enabled": rule.enabled,
                "over_cap": words("over_cap", tiers).replace(" then", "") if tiers else "",
                **kwargs.get("initial", {}),
            }
        super().__init__(*args, **kwargs)
        field = self.fields["modifiers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, name) for name in sorted(known_modifiers())]
        if not field.choices:
            del self.fields["modifiers"]

    def clean_over_cap(self) -> list[list[int]]:
        """Return the tiers."""
        tiers = []
        for part in filter(str.strip, self.cleaned_data["over_cap"].split(",")):
            found = _TIER.fullmatch(part)
            if found is None:
                raise forms.ValidationError(f'"{part.strip()}" is not like "5 at 50%".')
            tiers.append([int(found[1]), int(found[2])])
        return tiers

    def clean(self) -> dict[str, Any]:
        """Put the fields together to `self.rule`."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        definition = {
            name: cleaned[name] for name in FIELDS if cleaned.get(name) not in (None, "", [])
        }
        try:
            self.rule = from_definition(definition, revision="draft", modifiers=known_modifiers())
        except InvalidRule as error:
            self.refuse(error)
        return cleaned

    def refuse(self, error: Exception) -> None:
        """Show why a rule is refused, beside the field it names if it names one."""
        first = str(error).split(" ", 1)[0]
        self.add_error(first if first in self.fields else None, str(error))


class PublishForm(RuleForm):
    """A rule, for whom and from when to when."""

    share = forms.IntegerField(
        min_value=1,
        max_value=100,
        initial=100,
        help_text="Percent of the members. Publish it again with more to roll it out further.",
    )
    effective_from = _instant(
        required=False, help_text="Leave it empty for as soon as every process has heard of it."
    )
    effective_until = _instant(required=False, help_text="Leave it empty for no end.")
    reason = ReasonForm.base_fields["reason"]


class ExperimentForm(RuleForm):
    """The rule of arm b, and what makes it an experiment."""

    name = forms.CharField(max_length=NAME_LENGTH, help_text="What it is called.")
    arm_share = forms.IntegerField(
        min_value=1,
        max_value=50,
        initial=50,
        help_text="Percent of the members in each of the two arms.",
    )
    starts_at = _instant(required=False, help_text="Leave it empty for now.")
    ends_at = _instant()
    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"size": 80}),
        help_text="What it shall find out.",
    )
