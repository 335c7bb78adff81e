from django.contrib import admin

from allthrive.staff import PartInline, RecordAdmin
from allthrive.tutorials.models import Completion, Step, Tutorial


class StepInline(PartInline):
    model = Step


@admin.register(Tutorial)
class TutorialAdmin(admin.ModelAdmin):
    list_display = ("title", "is_open")
    search_fields = ("title", "summary")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (StepInline,)


@admin.register(Completion)
class CompletionAdmin(RecordAdmin):
    list_display = ("member", "tutorial", "completed_at")
    list_filter = ("tutorial",)
    date_hierarchy = "completed_at"
    list_select_related = ("member", "tutorial")
    raw_id_fields = ("member",)
