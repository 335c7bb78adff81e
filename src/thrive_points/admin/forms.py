"""What the admin's pages ask for: days, members, entries, reasons and rules."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from thrive_points.core.activities import Category
from thrive_points.core.event import Outcome
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Rule
from thrive_points.core.words import translated
from thrive_points.exceptions import InvalidRule, PointsError
from thrive_points.review.span import InvalidSpan, Span, span_of
from thrive_points.rules.current import ADJUSTMENT, known_modifiers, rulebook
from thrive_points.rules.definitions import FIELDS, from_definition, to_definition
from thrive_points.rules.diff import words
from thrive_points.rules.experiments import NAME_LENGTH
from thrive_points.rules.revisions import Draft
from thrive_points.validation import EVENT_KEY_LENGTH, REASON_LENGTH

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FOR_THE_MEMBER = _("The member will read it.")
FOR_THE_LOG = _("The change log keeps it for those who come after you.")
MOST_FOUND = 20
"""Members that one search lists at most."""
_TIER = re.compile(r"\s*(\d+)\s*at\s*(\d+)\s*%?\s*")


def _reason(help_text: "StrOrPromise") -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"size": 80}),
        help_text=format_lazy(
            _("{what} At most {most} characters."), what=help_text, most=REASON_LENGTH
        ),
    )


def _day(label: "StrOrPromise") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


def _instant(**kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **kwargs)


def _cap(what: "StrOrPromise") -> forms.IntegerField:
    return forms.IntegerField(label=what, min_value=1, required=False)


def _choices(enum: Any) -> list[tuple[str, "StrOrPromise"]]:
    return [(str(member), _(str(member).capitalize())) for member in enum]


class ReasonForm(forms.Form):
    """Asks why."""

    def __init__(self, *args: Any, help_text: "StrOrPromise", **kwargs: Any) -> None:
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
        label=_("Take back the streaks and goals they completed"),
        help_text=_("They stay paid otherwise."),
    )
    leave_empty = forms.BooleanField(
        required=False,
        label=_("Leave the room under caps empty"),
        help_text=_("It goes to earlier events that a cap had refused otherwise."),
    )


class AdjustmentForm(forms.Form):
    """Asks for an adjustment and its reason."""

    points = forms.IntegerField(
        help_text=_("Up or down; the total may not go below zero."), label=_("Points")
    )
    reason = _reason(FOR_THE_MEMBER)


class SpanForm(forms.Form):
    """Asks for the days to review."""

    since = _day(_("From"))
    until = _day(_("To"))

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
        label=_("Event key, in full"),
        required=False,
        # A key is found exactly as it was given, which may have been with spaces around it.
        strip=False,
        max_length=EVENT_KEY_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    since = _day(_("From"))
    until = _day(_("To"))
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[
            ("", _("All outcomes")),
            *(
                (outcome.value, _(outcome.value.replace("_", " ")))
                for outcome in Outcome
                # Answers alone: nothing is recorded of them.
                if outcome not in (Outcome.DUPLICATE, Outcome.CONFLICT)
            ),
        ],
    )
    activity = forms.MultipleChoiceField(label=_("Activity"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the activity types of the rules in force."""
        super().__init__(*args, **kwargs)
        book = rulebook()
        names = [*book.activity_types(), ADJUSTMENT]
        field = self.fields["activity"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, translated(book.label_of(name), translation)) for name in names]
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
            "required": _(
                "Give a member: an entry and its event key are found in one member's history."
            )
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 30}),
    )
    field_order = ("member", "event_key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say by what the host's user model knows a member."""
        super().__init__(*args, **kwargs)
        names = [str(field.verbose_name) for field in (_username(), _email()) if field]
        self.fields["member"].label = _("Member, by %(names)s or primary key, in full") % {
            "names": ", ".join(names)
        }

    def clean_member(self) -> list[Any]:
        """Return those whom it names in full: one as a rule, more where they share an address."""
        given, email = self.cleaned_data["member"], _email()
        found = _users(**{_username().name: given}) + _users(pk=given)
        if not found and email is not None:
            # Asked last: a user model need not have an index on it.
            found = _users(**{f"{email.name}__iexact": given})
        if not found:
            raise forms.ValidationError(_("Nobody is known by that. Give it in full."))
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

    base_points = forms.IntegerField(label=_("Base points"), min_value=1, max_value=1_000_000)
    max_per_day = _cap(_("Awards a day"))
    max_per_week = _cap(_("Awards a week"))
    max_points_per_day = _cap(_("Points a day"))
    max_points_per_week = _cap(_("Points a week"))
    over_cap = forms.CharField(
        label=_("Over cap"),
        required=False,
        help_text=_('What is paid over the cap, such as "5 at 50%, 5 at 25%".'),
    )
    cooldown_seconds = forms.IntegerField(
        label=_("Cooldown"),
        min_value=1,
        max_value=86_400,
        required=False,
        help_text=_("Seconds between two awards."),
    )
    modifiers = forms.MultipleChoiceField(
        label=_("Modifiers"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    enabled = forms.BooleanField(
        label=_("Enabled"), required=False, help_text=_("Off: events are kept, none is paid.")
    )
    category = forms.ChoiceField(label=_("Category"), choices=_choices(Category))
    effort = forms.ChoiceField(label=_("Effort"), choices=_choices(Effort))
    impact = forms.ChoiceField(label=_("Impact"), choices=_choices(Impact))
    frequency = forms.ChoiceField(label=_("Frequency"), choices=_choices(Frequency))
    label = forms.CharField(
        label=_("Label"), max_length=100, help_text=_('Completes "20 for ..." for the member.')
    )
    notes = forms.CharField(
        label=_("Notes"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why it earns this."),
    )
    exception = forms.CharField(
        label=_("Exception"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why it may stand outside its band. Leave it empty inside."),
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
                raise forms.ValidationError(
                    _('"%(part)s" is not like "5 at 50%%".') % {"part": part.strip()}
                )
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
        label=_("Share"),
        min_value=1,
        max_value=100,
        initial=100,
        help_text=_("Percent of the members. Publish it again with more to roll it out further."),
    )
    effective_from = _instant(
        label=_("Effective from"),
        required=False,
        help_text=_("Leave it empty for as soon as every process knows it."),
    )
    effective_until = _instant(
        label=_("Effective until"),
        required=False,
        help_text=_(
            "Leave it empty for no end. A rule for everybody with an end is a campaign: it lies "
            "over later changes until it is over or withdrawn."
        ),
    )
    reason = _reason(FOR_THE_LOG)
    understood = forms.BooleanField(
        label=_("Publish it all the same"), required=False, widget=forms.HiddenInput
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
        self.add_error("understood", _("Read what it does, and confirm it."))


class ExperimentForm(RuleForm):
    """The rule of arm b, and what makes it an experiment."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, help_text=_("What it is called.")
    )
    arm_share = forms.IntegerField(
        label=_("Share of an arm"),
        min_value=1,
        max_value=50,
        initial=50,
        help_text=_("Percent of the members in each of the two arms."),
    )
    starts_at = _instant(
        label=_("Starts at"), required=False, help_text=_("Leave it empty for now.")
    )
    ends_at = _instant(label=_("Ends at"))
    reason = _reason(_("What you want to learn from it."))
