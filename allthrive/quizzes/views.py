"""Pages of the quizzes."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import ListView

from allthrive.earning import tell
from allthrive.pages import FormPage, MembersView, ThingPage
from allthrive.quizzes import services
from allthrive.quizzes.forms import AnswerSheet
from allthrive.quizzes.models import Attempt, Quiz


class Index(MembersView, ListView):
    """List the open quizzes with one's own best score."""

    template_name = "quizzes/index.html"
    context_object_name = "quizzes"

    def get_queryset(self) -> QuerySet[Quiz]:
        mine = Q(attempts__member=self.member)
        return Quiz.objects.to_take().annotate(
            length=Count("questions", distinct=True), best=Max("attempts__score", filter=mine)
        )


class Take(FormPage):
    """Show a quiz; score it when its sheet is handed in."""

    template_name = "quizzes/take.html"
    form_class = AnswerSheet

    @cached_property
    def quiz(self) -> Quiz:
        return get_object_or_404(Quiz.objects.to_take(), slug=self.kwargs["slug"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"quiz": self.quiz, **super().get_form_kwargs()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = services.counts_for(self.member, self.quiz)
        return super().get_context_data(quiz=self.quiz, counts=counts, **kwargs)

    def serve(self, form: AnswerSheet) -> Attempt:
        attempt, result = services.hand_in(
            user=self.member,
            quiz=self.quiz,
            token=form.cleaned_data["token"],
            answers=form.answers(),
        )
        tell(self.request, result)
        return attempt


class Result(ThingPage):
    """Show one's own attempt beside the right answers."""

    template_name = "quizzes/result.html"

    def get_queryset(self) -> QuerySet[Attempt]:
        return Attempt.objects.filter(member=self.member).select_related("quiz")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet = [
            (question, self.object.answers.get(str(question.pk)))
            for question in self.object.quiz.questions.prefetch_related("choices")
        ]
        right = sum(
            choice.is_right and choice.pk == chosen
            for question, chosen in sheet
            for choice in question.choices.all()
        )
        return super().get_context_data(
            sheet=sheet, right=right, shows_answers=services.shows_answers(self.object), **kwargs
        )
