"""Members in the admin: read-only, and adjusted through the service alone."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from thrive_points.admin.base import ReadOnlyAdmin
from thrive_points.admin.economy import PointsEconomyAdmin
from thrive_points.admin.experiments import RuleExperimentAdmin
from thrive_points.admin.rules import PointRuleAdmin
from thrive_points.exceptions import PointsError
from thrive_points.models import PointRule, PointsEconomy, RuleExperiment, UserThriveProfile
from thrive_points.services import PointsService
from thrive_points.validation import REASON_LENGTH


class AdjustmentForm(forms.Form):
    """Asks for an adjustment and its reason."""

    points = forms.IntegerField(help_text="Up or down; the total may not go below zero.")
    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"size": 80}),
        help_text="The member will read it.",
    )


@admin.register(UserThriveProfile)
class UserThriveProfileAdmin(ReadOnlyAdmin):
    """Members' XP, with the one way to change it by hand: an adjustment."""

    list_display = ("user", "total_xp", "level", "week_xp_now")
    search_fields = ("=user__username",)
    search_help_text = "A username, in full."
    list_select_related = ("user",)
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


admin.site.register(PointsEconomy, PointsEconomyAdmin)
admin.site.register(PointRule, PointRuleAdmin)
admin.site.register(RuleExperiment, RuleExperimentAdmin)
