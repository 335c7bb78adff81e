"""Pages for mentors and those who ask them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from allthrive.mentoring import services
from allthrive.mentoring.forms import AskForm, OfferForm
from allthrive.mentoring.models import Mentor, Session
from allthrive.pages import Action, FormPage, Page, ThingPage

SHOWN = 24
SESSIONS = Session.objects.select_related("mentor", "mentee")
MENTORS = Mentor.objects.select_related("member")


class Index(Page):
    """List one's own sessions and the mentors one can ask."""

    template_name = "mentoring/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        me = self.member
        return super().get_context_data(
            sessions=SESSIONS.filter(Q(mentor=me) | Q(mentee=me))[:SHOWN],
            mentors=MENTORS.filter(is_available=True).exclude(member=me)[:SHOWN],
            offer=MENTORS.filter(member=me).first(),
            **kwargs,
        )


class Offer(FormPage):
    """Offer to mentor, or change the offer."""

    template_name = "mentoring/offer.html"
    form_class = OfferForm

    def get_initial(self) -> dict[str, Any]:
        mine = Mentor.objects.filter(member=self.member).first()
        return {"about": mine.about, "is_available": mine.is_available} if mine else {}

    def serve(self, form: OfferForm) -> str:
        services.offer(member=self.member, **form.cleaned_data)
        messages.success(self.request, "Your offer is saved.")
        return "mentoring:index"


class Ask(FormPage):
    """Ask a mentor for a session."""

    template_name = "mentoring/ask.html"
    form_class = AskForm

    @cached_property
    def mentor(self) -> Mentor:
        return get_object_or_404(MENTORS, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mentor=self.mentor, **kwargs)

    def serve(self, form: AskForm) -> Session:
        session = services.ask(mentor=self.mentor, mentee=self.member, **form.cleaned_data)
        messages.success(self.request, f"{self.mentor.member.display_name} can answer you now.")
        return session


class SessionPage(ThingPage):
    """Show a session to the two people it belongs to."""

    queryset = SESSIONS
    template_name = "mentoring/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session: Session = self.object
        me = self.member
        if me.pk not in (session.mentor_id, session.mentee_id):
            raise PermissionDenied("A session is seen by its mentor and its mentee only.")
        is_mentor = me.pk == session.mentor_id
        return super().get_context_data(
            other=session.mentee if is_mentor else session.mentor,
            is_mentor=is_mentor,
            may_answer=is_mentor and session.status == Session.Status.REQUESTED,
            may_confirm=not is_mentor and session.status == Session.Status.ACCEPTED,
            **kwargs,
        )


class Answer(Action):
    """Accept or decline a request."""

    queryset = SESSIONS

    def act(self, session: Session) -> None:
        accept = self.request.POST.get("accept") == "yes"
        services.answer(session=session, mentor=self.member, accept=accept)
        said = "Accepted. Find a time together." if accept else "Declined."
        messages.success(self.request, said)


class Confirm(Action):
    """Confirm that a session took place, which pays the mentor."""

    queryset = SESSIONS

    def act(self, session: Session) -> None:
        result = services.confirm(session=session, mentee=self.member)
        name = session.mentor.display_name
        messages.success(
            self.request,
            f"Thank you. {name} earned {result.points_awarded} points for this session."
            if result.points_awarded
            else f"Thank you. {name} has had all the points for sessions there are this week.",
        )
