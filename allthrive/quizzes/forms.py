"""The sheet a quiz is answered on."""

import uuid
from typing import Any

from django import forms

from allthrive.quizzes.models import Quiz


class AnswerSheet(forms.Form):
    """One required field for each question of a quiz, and the sheet's own token."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, quiz: Quiz, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        self.questions = list(quiz.questions.prefetch_related("choices"))
        for number, question in enumerate(self.questions, start=1):
            self.fields[f"q{question.pk}"] = forms.ChoiceField(
                label=f"{number}. {question.text}",
                choices=[(str(choice.pk), choice.text) for choice in question.choices.all()],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose an answer."},
            )

    def answers(self) -> dict[int, int]:
        """Return the chosen choice by question, both as primary keys."""
        return {q.pk: int(self.cleaned_data[f"q{q.pk}"]) for q in self.questions}
