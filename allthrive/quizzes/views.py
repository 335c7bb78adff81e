"""Pages of the quizzes."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from allthrive.accounts.access import member
from allthrive.earning import tell
from allthrive.quizzes import services
from allthrive.quizzes.forms import AnswerSheet
from allthrive.quizzes.models import Attempt, Quiz


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the open quizzes with one's own best score."""
    mine = Q(attempts__user=member(request))
    quizzes = Quiz.objects.to_take().annotate(
        length=Count("questions", distinct=True), best=Max("attempts__score", filter=mine)
    )
    return render(request, "quizzes/index.html", {"quizzes": quizzes})


@login_required
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a quiz; score it when its sheet is handed in."""
    quiz = get_object_or_404(Quiz.objects.to_take(), slug=slug)
    sheet = AnswerSheet(quiz, request.POST or None)
    if request.method == "POST" and sheet.is_valid():
        attempt, result = services.hand_in(
            user=member(request),
            quiz=quiz,
            token=sheet.cleaned_data["token"],
            answers=sheet.answers(),
        )
        tell(request, result)
        return redirect(attempt)
    return render(request, "quizzes/take.html", {"quiz": quiz, "form": sheet})


@login_required
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's own attempt beside the right answers."""
    attempt = get_object_or_404(Attempt.objects.select_related("quiz"), pk=pk, user=member(request))
    sheet = [
        (question, attempt.answers.get(str(question.pk)))
        for question in attempt.quiz.questions.prefetch_related("choices")
    ]
    right = sum(
        choice.is_right and choice.pk == chosen
        for question, chosen in sheet
        for choice in question.choices.all()
    )
    context = {"attempt": attempt, "sheet": sheet, "right": right}
    return render(request, "quizzes/result.html", context)
