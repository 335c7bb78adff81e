"""Pages of the scavenger hunts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from allthrive.earning import tell
from allthrive.hunts import services
from allthrive.hunts.forms import GuessForm
from allthrive.hunts.models import Guess, Hunt, Trail
from allthrive.pages import FormOnPage, Page, ThingPageWithForm


class Index(Page):
    """List the hunts with one's own progress."""

    template_name = "hunts/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        solved = Q(clues__guesses__trail__member=self.member, clues__guesses__is_right=True)
        trails = dict(Trail.objects.filter(member=self.member).values_list("hunt", "completed_at"))
        hunts = Hunt.objects.filter(Q(is_open=True) | Q(pk__in=trails)).annotate(
            length=Count("clues", distinct=True),
            solved=Count("clues", filter=solved, distinct=True),
        )
        shown = [(hunt, trails.get(hunt.pk)) for hunt in hunts.order_by("title")]
        return super().get_context_data(hunts=shown, **kwargs)


class HuntPage(ThingPageWithForm):
    """Show the clues one has solved, and the next one."""

    model = Hunt
    template_name = "hunts/detail.html"
    form_class = GuessForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = Trail.objects.filter(hunt=self.object, member=self.member).first()
        left = services.open_clues(self.object, trail)
        solved = list(
            Guess.objects.filter(trail=trail, is_right=True)
            .select_related("clue")
            .order_by("clue__position")
        )
        return super().get_context_data(
            is_complete=trail is not None and trail.completed_at is not None,
            solved=solved,
            clue=left[0] if left else None,
            length=len(solved) + len(left),
            **kwargs,
        )


class TryAnswer(FormOnPage, HuntPage):
    """Try an answer."""

    def serve(self, form: GuessForm) -> Hunt:
        hunt: Hunt = self.object
        answer = services.guess(hunt=hunt, member=self.member, text=form.cleaned_data["answer"])
        if not answer.is_right:
            raise ValidationError({"answer": "Not this. Look at the clue again."})
        said = f"You finished “{hunt.title}”." if answer.is_last else "Right. On you go."
        messages.success(self.request, said)
        tell(self.request, *answer.earned)
        return hunt
