from django.contrib import admin

from allthrive.hunts.models import Clue, Hunt


class ClueInline(admin.StackedInline):
    model = Clue
    extra = 1


@admin.register(Hunt)
class HuntAdmin(admin.ModelAdmin):
    list_display = ("title", "is_open")
    list_filter = ("is_open",)
    search_fields = ("title", "intro")
    inlines = (ClueInline,)
