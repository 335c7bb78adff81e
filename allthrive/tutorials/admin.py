from django.contrib import admin

from allthrive.staff import RecordAdmin
from allthrive.tutorials.models import Completion, Step, Tutorial


class StepInline(admin.StackedInline):
    model = Step
    extra = 1


@admin.register(Tutorial)
class TutorialAdmin(admin.ModelAdmin):
    list_display = ("title", "is_open")
    search_fields = ("title", "summary")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (StepInline,)


@admin.register(Completion)
class CompletionAdmin(RecordAdmin):
    list_display = ("user", "tutorial", "completed_at")
    list_filter = ("tutorial",)
    date_hierarchy = "completed_at"
    list_select_related = ("user", "tutorial")
    raw_id_fields = ("user",)
