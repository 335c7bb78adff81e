"""Pages of the weekly challenges."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from allthrive.accounts.models import User
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
            to_review=_waiting_for(self.member).count(),
            **kwargs,
        )


class ChallengePage(ThingPageWithForm):
    """Show a challenge and one's own part in it."""

    context_object_name = "challenge"
    template_name = "challenges/detail.html"
    form_class = SubmissionForm

    def get_queryset(self) -> QuerySet[WeeklyChallenge]:
        return _begun_for(self.member)

    def get_initial(self) -> dict[str, Any]:
        part = self.object.participations.filter(member=self.member).first()
        return {"text": part.submission} if part else {}

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

    def get_queryset(self) -> QuerySet[WeeklyChallenge]:
        return _begun_for(self.member)

    def act(self, challenge: WeeklyChallenge) -> None:
        tell(self.request, *services.opt_in(challenge=challenge, member=self.member))


class Submit(FormOnPage, ChallengePage):
    """Hand in one's work."""

    def serve(self, form: SubmissionForm) -> WeeklyChallenge:
        challenge: WeeklyChallenge = self.object
        text = form.cleaned_data["text"]
        results = services.submit(challenge=challenge, member=self.member, text=text)
        if not results:
            messages.success(self.request, "Your better version is in.")
        tell(self.request, *results)
        return challenge


class Review(Page):
    """Show reviewers the submissions that wait for them, the oldest first. `?q=` searches."""

    template_name = "challenges/review.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.member.has_perm(services.MAY_REVIEW):
            raise PermissionDenied("Reviewers decide which submissions are complete.")
        asked = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        waiting = _waiting_for(self.member).select_related("member", "challenge")
        if asked:
            waiting = waiting.filter(
                Q(member__username__icontains=asked)
                | Q(challenge__title__icontains=asked)
                | Q(submission__icontains=asked)
            )
        page = Paginator(waiting, SHOWN).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, asked=asked, **kwargs)


class _Decision(Action):
    queryset = Participation.objects.select_related("member")

    def page_after(self, part: Participation) -> str:
        return "challenges:review"


class Complete(_Decision):
    """Find a submission complete, and show the reviewer what it earned its author."""

    def act(self, part: Participation) -> None:
        result = services.complete(participation=part, actor=self.member)
        messages.success(self.request, f"{part.member.display_name}: {sentence(result)}")


class Answer(_Decision):
    """Send a submission back, or decline it, with a comment."""

    def act(self, part: Participation) -> None:
        comment = self.request.POST.get("comment", "")[:300]
        services.answer(participation=part, actor=self.member, comment=comment)
        messages.success(self.request, f"{part.member.display_name} reads your comment.")


def _begun_for(member: User) -> QuerySet[WeeklyChallenge]:
    """Return the challenges a member may read: those of coming weeks are a surprise."""
    if member.has_perm("challenges.view_weeklychallenge"):
        return WeeklyChallenge.objects.all()
    return WeeklyChallenge.objects.filter(monday__lte=today_of(member))


def _waiting_for(reviewer: User) -> QuerySet[Participation]:
    if not reviewer.has_perm(services.MAY_REVIEW):
        return Participation.objects.none()
    return Participation.objects.waiting().exclude(member=reviewer)
