"""What the admin's pages ask for: days, members, entries, reasons and rules."""

import re
from typing import Any

from django import forms
from django.contrib.auth import get_user_model

from thrive_points.core.activities import Category
from thrive_points.core.event import Outcome
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidRule, PointsError
from thrive_points.review.span import InvalidSpan, Span, span_of
from thrive_points.rules.current import ADJUSTMENT, known_modifiers, rulebook
from thrive_points.rules.definitions import FIELDS, from_definition, to_definition
from thrive_points.rules.diff import words
from thrive_points.rules.experiments import NAME_LENGTH
from thrive_points.rules.revisions import Draft
from thrive_points.validation import EVENT_KEY_LENGTH, REASON_LENGTH

FOR_THE_MEMBER = "The member will read it."
FOR_THE_LOG = "The change log keeps it for those who come after you."
MOST_FOUND = 20
"""Members that one search lists at most."""
_TIER = re.compile(r"\s*(\d+)\s*at\s*(\d+)\s*%?\s*")


def _reason(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="Reason",
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"size": 80}),
        help_text=f"{help_text} At most {REASON_LENGTH} characters.",
    )


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


def _instant(**kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **kwargs)


def _cap(what: str) -> forms.IntegerField:
    return forms.IntegerField(label=what, min_value=1, required=False)


def _choices(enum: Any) -> list[tuple[str, str]]:
    return [(str(member), str(member).capitalize()) for member in enum]


class ReasonForm(forms.Form):
    """Asks why."""

    def __init__(self, *args: Any, help_text: str, **kwargs: Any) -> None:
        """Say who will read it."""
        super().__init__(*args, **kwargs)
        self.fields["reason"] = _reason(help_text)

    def refuse(self, error: PointsError) -> None:
        """Show why it is refused, beside the field it is about if the form has it."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class TakeBackForm(ReasonForm):
    """Asks why entries are taken back, and what becomes of what follows from them."""

    with_marks = forms.BooleanField(
        required=False,
        label="Take back the streaks and goals they completed",
        help_text="They stay paid otherwise.",
    )
    leave_empty = forms.BooleanField(
        required=False,
        label="Leave the room under caps empty",
        help_text="It goes to earlier events that a cap had refused otherwise.",
    )


class AdjustmentForm(forms.Form):
    """Asks for an adjustment and its reason."""

    points = forms.IntegerField(help_text="Up or down; the total may not go below zero.")
    reason = _reason(FOR_THE_MEMBER)


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


class EntriesForm(forms.Form):
    """Asks which of a member's entries to show."""

    event_key = forms.CharField(
        label="Event key, in full",
        required=False,
        # A key is found exactly as it was given, which may have been with spaces around it.
        strip=False,
        max_length=EVENT_KEY_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    since = _day("From")
    until = _day("To")
    outcome = forms.ChoiceField(
        label="Outcome",
        required=False,
        choices=[
            ("", "All outcomes"),
            *(
                (outcome.value, outcome.value.replace("_", " "))
                for outcome in Outcome
                # Answers alone: nothing is recorded of them.
                if outcome not in (Outcome.DUPLICATE, Outcome.CONFLICT)
            ),
        ],
    )
    activity = forms.MultipleChoiceField(label="Activity", required=False)

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
        key = self.cleaned_data["event_key"]
        asked = {
            "event_key__in": {key, key.strip()} if key.strip() else (),
            "day__gte": self.cleaned_data["since"],
            "day__lte": self.cleaned_data["until"],
            "activity_type__in": self.cleaned_data["activity"],
            "outcome": self.cleaned_data["outcome"],
        }
        return {name: value for name, value in asked.items() if value}


class SearchForm(EntriesForm):
    """Asks whose entries to look for, and which of them."""

    member = forms.CharField(
        error_messages={
            "required": "Give a member: an entry and its event key are found in one "
            "member's history."
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 30}),
    )
    field_order = ("member", "event_key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say by what the host's user model knows a member."""
        super().__init__(*args, **kwargs)
        names = [str(field.verbose_name) for field in (_username(), _email()) if field]
        self.fields["member"].label = f"Member, by {', '.join(names)} or primary key, in full"

    def clean_member(self) -> list[Any]:
        """Return those whom it names in full: one as a rule, more where they share an address."""
        given, email = self.cleaned_data["member"], _email()
        found = _users(**{_username().name: given}) + _users(pk=given)
        if not found and email is not None:
            # Asked last: a user model need not have an index on it.
            found = _users(**{f"{email.name}__iexact": given})
        if not found:
            raise forms.ValidationError("Nobody is known by that. Give it in full.")
        return list({user.pk: user for user in found}.values())


def _users(**lookup: Any) -> list[Any]:
    try:
        users = get_user_model()._default_manager.filter(**lookup)
        return list(users.order_by("pk")[:MOST_FOUND])
    except (forms.ValidationError, ValueError):
        return []  # Text that no key could be.


def _username() -> Any:
    model = get_user_model()
    return model._meta.get_field(model.USERNAME_FIELD)


def _email() -> Any:
    """Return the user model's field for an e-mail address; None if it has none but the username."""
    model = get_user_model()
    name = getattr(model, "EMAIL_FIELD", "email")
    fields = {field.name: field for field in model._meta.fields}
    return fields.get(name) if name != model.USERNAME_FIELD else None


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

    def refuse(self, error: PointsError) -> None:
        """Show why a rule is refused, beside the field it is about if the form has it."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


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
    effective_until = _instant(
        required=False,
        help_text="Leave it empty for no end. A rule for everybody with an end is a campaign: it "
        "lies over later changes until it is over or withdrawn.",
    )
    reason = _reason(FOR_THE_LOG)
    understood = forms.BooleanField(
        label="Publish it all the same", required=False, widget=forms.HiddenInput
    )

    def draft(self, activity_type: str) -> Draft:
        """Return the revision that the fields describe."""
        return Draft(
            activity_type=activity_type,
            rule=self.rule,
            effective_from=self.cleaned_data["effective_from"],
            effective_until=self.cleaned_data["effective_until"],
            share=self.cleaned_data["share"],
        )

    def ask_again(self) -> None:
        """Offer to publish it although it does more than take the place of the rule in force."""
        self.fields["understood"].widget = forms.CheckboxInput()
        self.add_error("understood", "Read what it does, and confirm it.")


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
    reason = _reason("What you want to learn from it.")
