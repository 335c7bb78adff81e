"""The rules in the admin: what is in force, side by side, scheduled, reverted, and the log."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext

from thrive_points.admin.base import PagesAdmin, require
from thrive_points.admin.forms import FOR_THE_LOG, PublishForm, ReasonForm
from thrive_points.core.rubric import place
from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidRule, UnknownActivityType
from thrive_points.models import PointRule, RuleExperiment
from thrive_points.rules.changelog import History, changes_of
from thrive_points.rules.current import rulebook
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.diff import side_by_side
from thrive_points.rules.effects import Effect
from thrive_points.rules.revisions import (
    number_of,
    preview,
    preview_revert,
    preview_withdrawal,
    publish,
    revert,
    withdraw,
)
from thrive_points.rules.rulebook import State

CHANGES_A_PAGE = 50
VIEW = "thrive_points.view_pointrule"
PUBLISH = "thrive_points.add_pointrule"


class PointRuleAdmin(PagesAdmin):
    """Serves the rules and their history.

    Reading needs `thrive_points.view_pointrule`, publishing and going back
    `thrive_points.add_pointrule`.
    """

    folder = "rules"

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the pages."""
        one = "activity/<str:activity_type>/"
        return [
            self.route("", self.changelist_view, "changelist"),
            self.route("log/", self.log_view, "log"),
            self.route(one, self.activity_view, "activity"),
            self.route(f"{one}publish/", self.publish_view, "publish"),
            self.route(f"{one}compare/", self.compare_view, "compare"),
            self.route(f"{one}revert/<str:to>/", self.revert_view, "revert"),
            self.route(f"{one}withdraw/<str:version>/", self.withdraw_view, "withdraw"),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the rules in force."""
        require(request, VIEW)
        now, book = timezone.now(), rulebook()
        rows = []
        for name, rule in book.rules_at(now).items():
            states = book.states(name, now)
            rows.append(
                {
                    "name": name,
                    "rule": rule,
                    "band": place(rule.effort, rule.impact, rule.frequency).band,
                    "scheduled": list(states.values()).count(State.SCHEDULED),
                    "unreadable": list(states.values()).count(State.UNREADABLE),
                    "rollout": [share for share, _ in book.layers_at(name, now)[1:]],
                    "tested": any(one.covers(now) for one in book.experiments_of(name)),
                }
            )
        return self.page(request, "list", gettext("Rules in force"), rows=rows)

    def log_view(self, request: HttpRequest) -> HttpResponse:
        """Show every change, the newest first: the history of the economy."""
        require(request, VIEW)
        history = History()
        page = Paginator(history, CHANGES_A_PAGE).get_page(request.GET.get("page"))
        first = history.number_of(page.start_index() - 1)
        return self.page(request, "log", gettext("History of the economy"), page=page, first=first)

    def activity_view(self, request: HttpRequest, activity_type: str) -> HttpResponse:
        """Show one activity's rule and its revisions."""
        require(request, VIEW)
        rule_in_code(activity_type)
        now, book = timezone.now(), rulebook()
        rule = book.resolve(activity_type, now)
        revisions = changes_of(activity_type)[::-1]
        return self.page(
            request,
            "activity",
            activity_type,
            activity_type=activity_type,
            rule=rule,
            placing=place(rule.effort, rule.impact, rule.frequency),
            fields=side_by_side({}, to_definition(rule)),
            rollouts=[(share, r.revision) for share, r in book.layers_at(activity_type, now)[1:]],
            revisions=revisions,
            versions=["now", "code", *(f"r{change.row.revision}" for change in revisions)],
            experiments=RuleExperiment.objects.filter(activity_type=activity_type).order_by("-pk"),
            now=now,
            unreadable=[one for one in book.published(activity_type) if one.problem],
            may_publish=request.user.has_perm(PUBLISH),
        )

    def compare_view(self, request: HttpRequest, activity_type: str) -> HttpResponse:
        """Show two versions of a rule side by side."""
        require(request, VIEW)
        before, after = request.GET.get("before", "code"), request.GET.get("after", "now")
        sides = [to_definition(_version(activity_type, side)) for side in (before, after)]
        return self.page(
            request,
            "compare",
            gettext("%(activity)s: %(before)s and %(after)s")
            % {"activity": activity_type, "before": before, "after": after},
            activity_type=activity_type,
            before=before,
            after=after,
            differences=side_by_side(*sides),
        )

    def publish_view(self, request: HttpRequest, activity_type: str) -> HttpResponse:
        """Publish or schedule a revision."""
        require(request, PUBLISH)
        rule_in_code(activity_type)
        rule = rulebook().resolve(activity_type, timezone.now())
        form = PublishForm(request.POST if request.method == "POST" else None, rule=rule)
        effects: list[Effect] = []
        if request.method == "POST" and form.is_valid():
            try:
                draft = form.draft(activity_type)
                effects = preview(draft)
                if (
                    any(effect.surprises for effect in effects)
                    and not form.cleaned_data["understood"]
                ):
                    form.ask_again()
                else:
                    row = publish(
                        activity_type,
                        draft.rule,
                        reason=form.cleaned_data["reason"],
                        author=request.user,
                        effective_from=draft.effective_from,
                        effective_until=draft.effective_until,
                        share=draft.share,
                    )
                    return self._published(request, row, effects)
            except InvalidRule as error:
                form.refuse(error)
        return self.page(
            request,
            "form",
            gettext("Change %(activity)s") % {"activity": activity_type},
            activity_type=activity_type,
            form=form,
            effects=effects,
            action=gettext("Publish"),
            placing=place(rule.effort, rule.impact, rule.frequency),
        )

    def revert_view(self, request: HttpRequest, activity_type: str, to: str) -> HttpResponse:
        """Bring an earlier version back."""
        require(request, PUBLISH)
        rule_in_code(activity_type)
        if to != "code" and number_of(to) is None:
            raise Http404(f"{activity_type} has no version {to}")
        wanted = _version(activity_type, to)
        now = rulebook().resolve(activity_type, timezone.now())
        given = request.POST if request.method == "POST" else None
        form = ReasonForm(given, help_text=FOR_THE_LOG)
        effects: list[Effect] = []
        try:
            effects = preview_revert(activity_type, number_of(to))
            if request.method == "POST" and form.is_valid():
                reason = form.cleaned_data["reason"]
                row = revert(activity_type, number_of(to), reason=reason, author=request.user)
                return self._published(request, row, effects)
        except InvalidRule as error:
            form.refuse(error)
        return self.page(
            request,
            "revert",
            gettext("Bring %(version)s of %(activity)s back")
            % {"version": to, "activity": activity_type},
            activity_type=activity_type,
            to=to,
            form=form,
            effects=effects,
            differences=side_by_side(to_definition(now), to_definition(wanted)),
        )

    def withdraw_view(self, request: HttpRequest, activity_type: str, version: str) -> HttpResponse:
        """Take a revision back, so that what lies beneath it decides."""
        require(request, PUBLISH)
        rule_in_code(activity_type)
        number = number_of(version)
        if number is None:
            raise Http404(f"{activity_type} has no version {version}")
        given = request.POST if request.method == "POST" else None
        form = ReasonForm(given, help_text=FOR_THE_LOG)
        effects: list[Effect] = []
        try:
            effects = preview_withdrawal(activity_type, number)
            if request.method == "POST" and form.is_valid():
                reason = form.cleaned_data["reason"]
                rows = withdraw(activity_type, number, reason=reason, author=request.user)
                names = ", ".join(f"r{row.revision.revision}" for row in rows)
                withdrawn = gettext("%(names)s is withdrawn.") % {"names": names}
                self.message_user(request, f"{withdrawn} {_sentences(effects)}", messages.SUCCESS)
                return redirect(self.address("activity", activity_type))
        except InvalidRule as error:
            form.refuse(error)
        return self.page(
            request,
            "withdraw",
            gettext("Withdraw %(version)s of %(activity)s")
            % {"version": version, "activity": activity_type},
            activity_type=activity_type,
            version=version,
            form=form,
            effects=effects,
        )

    def _published(
        self, request: HttpRequest, row: PointRule, effects: list[Effect]
    ) -> HttpResponse:
        starts = f"{timezone.localtime(row.effective_from):%Y-%m-%d %H:%M:%S %Z}"
        message = gettext("Revision r%(number)d is published. It takes effect %(at)s.") % {
            "number": row.revision,
            "at": starts,
        }
        self.message_user(request, f"{message} {_sentences(effects)}".strip(), messages.SUCCESS)
        return redirect(self.address("activity", row.activity_type))


def _sentences(effects: list[Effect]) -> str:
    return " ".join(gettext("It %(effect)s.") % {"effect": effect} for effect in effects)


def rule_in_code(activity_type: str) -> Rule:
    """Return the registry's rule of an activity named in an address.

    Raises:
        Http404: there is none.
    """
    try:
        return rulebook().in_code(activity_type)
    except UnknownActivityType as error:
        raise Http404(str(error)) from error


def _version(activity_type: str, version: str) -> Rule:
    """Return the rule an address names by r1, r2, ..., code or now."""
    in_code = rule_in_code(activity_type)
    if version == "code":
        return in_code
    if version == "now":
        return rulebook().resolve(activity_type, timezone.now())
    for revision in rulebook().revisions_of(activity_type):
        if revision.name == version and not revision.problem:
            return revision.rule or in_code
    raise Http404(f"{activity_type} has no version {version} that can be read here")
