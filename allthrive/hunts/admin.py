from django.contrib import admin

from allthrive.hunts.models import Clue, Hunt
from allthrive.staff import PartInline


class ClueInline(PartInline):
    model = Clue


@admin.register(Hunt)
class HuntAdmin(admin.ModelAdmin):
    list_display = ("title", "is_open")
    list_filter = ("is_open",)
    search_fields = ("title", "intro")
    inlines = (ClueInline,)
