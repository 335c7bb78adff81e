"""Experiments in the admin: start one, read what its arms brought, stop it in one step."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext

from thrive_points.admin.base import PagesAdmin, require
from thrive_points.admin.forms import FOR_THE_LOG, ExperimentForm, ReasonForm
from thrive_points.admin.rules import rule_in_code
from thrive_points.core.rubric import place
from thrive_points.exceptions import InvalidRule
from thrive_points.models import RuleExperiment
from thrive_points.review.experiments import measures_by_arm, notes_on, results_of
from thrive_points.review.extras import MissingExtra
from thrive_points.rules.current import rulebook
from thrive_points.rules.diff import side_by_side
from thrive_points.rules.experiments import Arm, start, state_of, stop

VIEW = "thrive_points.view_ruleexperiment"
START = "thrive_points.add_ruleexperiment"
STOP = "thrive_points.change_ruleexperiment"


class RuleExperimentAdmin(PagesAdmin):
    """Serves experiments.

    Reading needs `thrive_points.view_ruleexperiment`, starting one
    `thrive_points.add_ruleexperiment`, stopping it `thrive_points.change_ruleexperiment`.
    """

    folder = "rules"

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the pages."""
        return [
            self.route("", self.changelist_view, "changelist"),
            self.route("<int:pk>/", self.results_view, "results"),
            self.route("start/<str:activity_type>/", self.start_view, "start"),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every experiment, the newest first."""
        require(request, VIEW, STOP)
        rows = [(row, state_of(row)) for row in RuleExperiment.objects.order_by("-pk")]
        return self.page(request, "experiments", gettext("Experiments"), rows=rows)

    def results_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what each arm brought, and stop the experiment."""
        require(request, VIEW, STOP)
        row = get_object_or_404(RuleExperiment, pk=pk)
        given = request.POST if request.method == "POST" else None
        form = ReasonForm(given, help_text=FOR_THE_LOG)
        if request.method == "POST":
            require(request, STOP)
            if form.is_valid():
                try:
                    stop(row, reason=form.cleaned_data["reason"], author=request.user)
                except InvalidRule as error:
                    form.refuse(error)
                else:
                    self.message_user(
                        request,
                        gettext("x%(number)d is stopped.") % {"number": row.pk},
                        messages.SUCCESS,
                    )
                    return redirect(self.address("results", pk))
        measures: list[tuple[str, ...]] = []
        try:
            results = results_of(row)
        except MissingExtra as error:
            notes = [str(error)]
        else:
            measures, notes = measures_by_arm(results), notes_on(results)
        state = state_of(row)
        return self.page(
            request,
            "results",
            f"x{row.pk} {row.name}",
            row=row,
            state=state,
            arms=[arm["name"] for arm in row.arms],
            measures=measures,
            notes=notes,
            differences=side_by_side(row.arms[0]["definition"], row.arms[1]["definition"]),
            form=form,
            may_stop=request.user.has_perm(STOP)
            and row.stopped_at is None
            and state in ("scheduled", "running"),
        )

    def start_view(self, request: HttpRequest, activity_type: str) -> HttpResponse:
        """Start an experiment of another rule against the one in force."""
        require(request, START)
        rule_in_code(activity_type)
        rule = rulebook().resolve(activity_type, timezone.now())
        form = ExperimentForm(request.POST if request.method == "POST" else None, rule=rule)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            share = given["arm_share"]
            try:
                row = start(
                    activity_type,
                    [
                        Arm(name="a", share=share, rule=rule),
                        Arm(name="b", share=share, rule=form.rule),
                    ],
                    name=given["name"],
                    reason=given["reason"],
                    starts_at=given["starts_at"],
                    ends_at=given["ends_at"],
                    author=request.user,
                )
            except InvalidRule as error:
                form.refuse(error)
            else:
                self.message_user(
                    request,
                    gettext("%(experiment)s is started.") % {"experiment": row},
                    messages.SUCCESS,
                )
                return redirect(self.address("results", row.pk))
        return self.page(
            request,
            "form",
            gettext("Test another rule for %(activity)s") % {"activity": activity_type},
            activity_type=activity_type,
            form=form,
            action=gettext("Start"),
            placing=place(rule.effort, rule.impact, rule.frequency),
        )
