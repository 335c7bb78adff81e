from django.contrib import admin

from allthrive.circles.models import Joining, Reaction, Visit
from allthrive.staff import RecordAdmin


@admin.register(Joining)
class JoiningAdmin(RecordAdmin):
    list_display = ("user", "week", "joined_at")
    date_hierarchy = "week"
    list_select_related = ("user",)


@admin.register(Visit)
class VisitAdmin(RecordAdmin):
    list_display = ("user", "day", "visited_at")
    date_hierarchy = "day"
    list_select_related = ("user",)


@admin.register(Reaction)
class ReactionAdmin(RecordAdmin):
    list_display = ("user", "kind", "to", "number", "created_at")
    list_filter = ("kind",)
    date_hierarchy = "created_at"
    list_select_related = ("user", "to")
