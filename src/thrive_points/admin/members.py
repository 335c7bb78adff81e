"""Members' XP: read-only, and adjusted through the service alone."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from thrive_points.admin.base import CORRECT, ReadOnlyAdmin
from thrive_points.admin.forms import AdjustmentForm
from thrive_points.exceptions import PointsError
from thrive_points.models import PointsHistory, UserThriveProfile
from thrive_points.services import PointsService
from thrive_points.sql.values import writing_connection

_USERNAME: Any = get_user_model()._meta.get_field(get_user_model().USERNAME_FIELD)

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class UserThriveProfileAdmin(ReadOnlyAdmin):
    """Members' XP, with the way to each ledger and the one way to change it by hand.

    An adjustment needs `thrive_points.correct_points`.
    """

    list_display = ("user", "total_xp", "level", "week_xp_now", "history")
    list_select_related = ("user",)
    # Exactly: the one look-up for which every user model has an index.
    search_fields = (f"user__{_USERNAME.name}__exact",)
    search_help_text = format_lazy(_("The {name}, in full."), name=_USERNAME.verbose_name)
    ordering = ("-total_xp",)
    fields = readonly_fields = list_display
    actions = ("adjust_points",)

    @admin.display(description=_("Weekly XP"))
    def week_xp_now(self, profile: UserThriveProfile) -> int:
        return profile.weekly_xp

    @admin.display(description=_("Points history"))
    def history(self, profile: UserThriveProfile) -> SafeString:
        address = reverse(
            "admin:thrive_points_pointseconomy_ledger",
            args=[profile.pk],
            current_app=self.admin_site.name,
        )
        return format_html('<a href="{}">{}</a>', address, gettext("Ledger"))

    def has_adjust_permission(self, request: HttpRequest) -> bool:
        """Return whether the request may adjust totals."""
        return request.user.has_perm(CORRECT)

    @admin.action(description=_("Adjust points of selected members"), permissions=["adjust"])
    def adjust_points(
        self, request: HttpRequest, queryset: QuerySet[UserThriveProfile]
    ) -> HttpResponse | None:
        form = AdjustmentForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid() and self._adjust(request, queryset, form):
            return None
        return TemplateResponse(
            request,
            "thrive_points/review/adjust.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("Adjust points"),
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
        given: dict[str, Any] = form.cleaned_data
        try:
            # All or none: a form that comes back with an error must be safe to send again.
            with transaction.atomic(using=writing_connection(PointsHistory).alias):
                for profile in queryset.select_related("user").order_by("pk"):
                    member = profile.user
                    results.append(
                        PointsService.adjust(
                            member,
                            given["points"],
                            given["reason"],
                            actor=cast("AbstractBaseUser", request.user),
                        )
                    )
        except PointsError as error:
            form.add_error("points", f"{member}: {error}")
            return False
        changed = ngettext("%d member is adjusted.", "%d members are adjusted.", len(results))
        self.message_user(request, changed % len(results), messages.SUCCESS)
        return True
