from django.contrib import admin

from allthrive.quizzes.models import Attempt, Choice, Question, Quiz
from allthrive.staff import RecordAdmin


class ChoiceInline(admin.TabularInline):
    model = Choice
    extra = 4


class QuestionInline(admin.TabularInline):
    model = Question
    extra = 1
    show_change_link = True


@admin.register(Quiz)
class QuizAdmin(admin.ModelAdmin):
    list_display = ("title", "topic", "is_open")
    list_filter = ("is_open", "topic")
    search_fields = ("title", "summary")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (QuestionInline,)


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):
    list_display = ("text", "quiz", "position")
    list_filter = ("quiz",)
    inlines = (ChoiceInline,)


@admin.register(Attempt)
class AttemptAdmin(RecordAdmin):
    list_display = ("member", "quiz", "score", "completed_at")
    list_filter = ("quiz",)
    date_hierarchy = "completed_at"
    list_select_related = ("member", "quiz")
    raw_id_fields = ("member",)
