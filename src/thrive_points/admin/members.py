"""The admin: everything that is points is read-only, corrections go through the service."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from thrive_circles.models import Circle, UserThriveProfile, XPEvent
from thrive_points.admin.economy import PointsEconomyAdmin
from thrive_points.admin.experiments import RuleExperimentAdmin
from thrive_points.admin.rules import PointRuleAdmin
from thrive_points.core.event import Outcome
from thrive_points.exceptions import PointsError
from thrive_points.models import PointRule, PointsEconomy, PointsHistory, RuleExperiment
from thrive_points.services import PointsService
from thrive_points.validation import REASON_LENGTH

if TYPE_CHECKING:
    # Generic for the type checker alone: Django's own class cannot be subscripted.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows and lets nobody add, change or delete them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReversalForm(forms.Form):
    """Asks for the one reason of a reversal."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"size": 80, "autofocus": True}),
        help_text="The member will read it.",
    )


class AdjustmentForm(forms.Form):
    """Asks for an adjustment and its reason."""

    points = forms.IntegerField(help_text="Up or down; the total may not go below zero.")
    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"size": 80}),
        help_text="The member will read it.",
    )


@admin.register(PointsHistory)
class PointsHistoryAdmin(ReadOnlyAdmin):
    """The ledger, newest first, with the sentence the member reads."""

    list_display = ("id", "user", "day", "points", "outcome", "sentence")
    list_filter = ("outcome", "activity_type", "day")
    # Exact look-ups only: a substring search would read the whole ledger.
    search_fields = ("=event_key", "=user__username")
    search_help_text = "An event key or a username, in full."
    list_select_related = ("user",)
    show_full_result_count = False
    ordering = ("-id",)
    actions = ("reverse_entries",)
    readonly_fields = ("sentence",)

    @admin.display(description="In words")
    def sentence(self, entry: PointsHistory) -> str:
        return entry.explanation

    def has_reverse_permission(self, request: HttpRequest) -> bool:
        """Tell whether the request may correct entries."""
        return request.user.has_perm("thrive_points.correct_points")

    @admin.action(description="Reverse selected entries", permissions=["reverse"])
    def reverse_entries(
        self, request: HttpRequest, queryset: QuerySet[PointsHistory]
    ) -> HttpResponse | None:
        form = ReversalForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            self._reverse(request, queryset, form.cleaned_data["reason"])
            return None
        return render(
            request,
            "admin/thrive_points/reverse.html",
            {
                **self.admin_site.each_context(request),
                "title": "Reverse entries",
                "opts": self.opts,
                "form": form,
                "entries": queryset.select_related("user"),
                "checkbox": ACTION_CHECKBOX_NAME,
            },
        )

    def _reverse(
        self, request: HttpRequest, queryset: QuerySet[PointsHistory], reason: str
    ) -> None:
        reversed_count = 0
        for entry in queryset.select_related("user").order_by("pk"):
            try:
                result = PointsService.reverse(
                    entry.user, entry.event_key, reason, actor=request.user
                )
            except PointsError as error:
                self.message_user(request, f"Entry {entry.pk}: {error}", messages.ERROR)
                continue
            if result.outcome is Outcome.DUPLICATE:
                told = f"Entry {entry.pk} was reversed before; nothing is changed."
                self.message_user(request, told, messages.WARNING)
            else:
                reversed_count += 1
        if not reversed_count:
            return
        self.message_user(
            request,
            ngettext("%d entry is reversed.", "%d entries are reversed.", reversed_count)
            % reversed_count,
            messages.SUCCESS,
        )


@admin.register(UserThriveProfile)
class UserThriveProfileAdmin(ReadOnlyAdmin):
    """Members' XP, with the one way to change it by hand: an adjustment."""

    list_display = ("user", "total_xp", "level", "week_xp_now", "circle")
    list_filter = ("level",)
    search_fields = ("=user__username",)
    search_help_text = "A username, in full."
    list_select_related = ("user", "circle")
    ordering = ("-total_xp",)
    actions = ("adjust_points",)

    @admin.display(description="Weekly XP")
    def week_xp_now(self, profile: UserThriveProfile) -> int:
        return profile.weekly_xp

    def has_adjust_permission(self, request: HttpRequest) -> bool:
        """Tell whether the request may adjust totals."""
        return request.user.has_perm("thrive_points.correct_points")

    @admin.action(description="Adjust points of selected members", permissions=["adjust"])
    def adjust_points(
        self, request: HttpRequest, queryset: QuerySet[UserThriveProfile]
    ) -> HttpResponse | None:
        form = AdjustmentForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid() and self._adjust(request, queryset, form):
            return None
        return render(
            request,
            "admin/thrive_points/adjust.html",
            {
                **self.admin_site.each_context(request),
                "title": "Adjust points",
                "opts": self.opts,
                "form": form,
                "profiles": queryset.select_related("user"),
                "checkbox": ACTION_CHECKBOX_NAME,
            },
        )

    def _adjust(
        self, request: HttpRequest, queryset: QuerySet[UserThriveProfile], form: AdjustmentForm
    ) -> bool:
        results = []
        try:
            # All or none: a form that comes back with an error must be safe to send again.
            with transaction.atomic():
                for profile in queryset.select_related("user").order_by("pk"):
                    member = profile.user
                    results.append(
                        PointsService.adjust(
                            member,
                            form.cleaned_data["points"],
                            form.cleaned_data["reason"],
                            actor=request.user,
                        )
                    )
        except PointsError as error:
            form.add_error("points", f"{member}: {error}")
            return False
        changed = ngettext("%d member is adjusted.", "%d members are adjusted.", len(results))
        self.message_user(request, changed % len(results), messages.SUCCESS)
        return True


@admin.register(XPEvent)
class XPEventAdmin(ReadOnlyAdmin):
    """What was handed on to the XP layer."""

    list_display = ("id", "user", "amount", "source", "description", "created_at")
    search_fields = ("=user__username",)
    list_select_related = ("user",)
    show_full_result_count = False
    ordering = ("-id",)


@admin.register(Circle)
class CircleAdmin(ReadOnlyAdmin):
    """The circles of each week."""

    list_display = ("week", "level", "number")
    list_filter = ("level", "week")
    ordering = ("-week", "level", "number")


admin.site.register(PointsEconomy, PointsEconomyAdmin)
admin.site.register(PointRule, PointRuleAdmin)
admin.site.register(RuleExperiment, RuleExperimentAdmin)
