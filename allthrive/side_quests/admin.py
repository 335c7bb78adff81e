from django.contrib import admin

from allthrive.side_quests.models import Chain, Quest, Step


class StepInline(admin.TabularInline):
    model = Step
    extra = 1


@admin.register(Quest)
class QuestAdmin(admin.ModelAdmin):
    list_display = ("title", "difficulty", "chain", "is_open")
    list_filter = ("difficulty", "is_open", "chain")
    list_select_related = ("chain",)
    search_fields = ("title", "summary")
    inlines = (StepInline,)


@admin.register(Chain)
class ChainAdmin(admin.ModelAdmin):
    list_display = ("title", "summary")
