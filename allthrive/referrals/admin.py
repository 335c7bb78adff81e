from django.contrib import admin

from allthrive.referrals.models import Invitation, Referral
from allthrive.staff import MembersAdmin


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ("inviter", "code", "created_at")
    list_select_related = ("inviter",)
    search_fields = ("code", "inviter__username")
    raw_id_fields = ("inviter",)


@admin.register(Referral)
class ReferralAdmin(MembersAdmin):
    """Who invited whom; not edited here, because a conversion pays points."""

    list_display = ("inviter", "invited", "invited_at", "converted_at", "converted_by")
    list_select_related = ("inviter", "invited")
    date_hierarchy = "invited_at"
    readonly_fields = ("inviter", "invited", "invited_at", "converted_at", "converted_by")
