"""Pages of the weekly challenges."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from allthrive.challenges import services
from allthrive.challenges.forms import SubmissionForm
from allthrive.challenges.models import Participation, WeeklyChallenge
from allthrive.earning import sentence, tell
from allthrive.pages import Action, FormOnPage, Page, ThingPageWithForm
from thrive_points.calendar.zones import today_of

SHOWN = 12


class Index(Page):
    """Show this week's challenge and the ones before it."""

    template_name = "challenges/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = today_of(self.member)
        found = list(WeeklyChallenge.objects.filter(monday__lte=today)[: SHOWN + 1])
        mine = Participation.objects.filter(member=self.member)
        parts = {part.challenge_id: part for part in mine}
        current = next((c for c in found if c.is_open_on(today)), None)
        return super().get_context_data(
            current=current,
            part=parts.get(current.pk) if current else None,
            earlier=[(c, parts.get(c.pk)) for c in found if c != current],
            to_review=_to_review().count() if self.member.is_staff else 0,
            **kwargs,
        )


class ChallengePage(ThingPageWithForm):
    """Show a challenge and one's own part in it."""

    model = WeeklyChallenge
    context_object_name = "challenge"
    template_name = "challenges/detail.html"
    form_class = SubmissionForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = self.object.participations
        return super().get_context_data(
            part=parts.filter(member=self.member).first(),
            is_open=self.object.is_open_on(today_of(self.member)),
            taking_part=parts.count(),
            **kwargs,
        )


class OptIn(Action):
    """Take the challenge on."""

    model = WeeklyChallenge

    def act(self, challenge: WeeklyChallenge) -> None:
        tell(self.request, *services.opt_in(challenge=challenge, member=self.member))


class Submit(FormOnPage, ChallengePage):
    """Hand in one's work."""

    def serve(self, form: SubmissionForm) -> WeeklyChallenge:
        challenge: WeeklyChallenge = self.object
        text = form.cleaned_data["text"]
        tell(self.request, *services.submit(challenge=challenge, member=self.member, text=text))
        return challenge


class Review(Page):
    """Show staff the submissions that wait for them, the oldest first."""

    template_name = "challenges/review.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.member.is_staff:
            raise PermissionDenied("Staff decide which submissions are complete.")
        waiting = _to_review().select_related("member", "challenge")
        return super().get_context_data(parts=waiting[:SHOWN], count=waiting.count(), **kwargs)


class Complete(Action):
    """Find a submission complete, and show the member of staff what it earned its author."""

    queryset = Participation.objects.select_related("member")

    def act(self, part: Participation) -> None:
        result = services.complete(participation=part, actor=self.member)
        messages.success(self.request, f"{part.member.display_name}: {sentence(result)}")

    def page_after(self, part: Participation) -> str:
        return "challenges:review"


def _to_review() -> QuerySet[Participation]:
    return Participation.objects.filter(submitted_at__isnull=False, completed_at__isnull=True)
