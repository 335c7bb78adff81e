from django.contrib import admin

from allthrive.battles.models import Battle, Entry
from allthrive.staff import MembersAdmin


class EntryInline(admin.StackedInline):
    model = Entry
    extra = 0
    can_delete = False
    readonly_fields = ("author", "text", "submitted_at")


@admin.register(Battle)
class BattleAdmin(MembersAdmin):
    """Battles; their course is not edited here, because closing one pays points."""

    list_display = ("title", "status", "opener", "challenger", "winner", "opened_at")
    list_filter = ("status",)
    list_select_related = ("opener", "challenger", "winner")
    search_fields = ("title", "prompt")
    date_hierarchy = "opened_at"
    readonly_fields = ("status", "opener", "challenger", "winner", "opened_at", "closed_at")
    inlines = (EntryInline,)
