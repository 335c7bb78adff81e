from django.contrib import admin

from allthrive.circles.models import Membership, Reaction, Visit


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "week", "joined_at")
    date_hierarchy = "week"
    list_select_related = ("user",)
    raw_id_fields = ("user",)


@admin.register(Visit)
class VisitAdmin(admin.ModelAdmin):
    list_display = ("user", "day", "visited_at")
    date_hierarchy = "day"
    list_select_related = ("user",)
    raw_id_fields = ("user",)


@admin.register(Reaction)
class ReactionAdmin(admin.ModelAdmin):
    list_display = ("user", "kind", "event", "created_at")
    list_filter = ("kind",)
    date_hierarchy = "created_at"
    list_select_related = ("user", "event")
    raw_id_fields = ("user", "event")
