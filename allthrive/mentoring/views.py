"""Pages for mentors and those who ask them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from allthrive.earning import Unpaid
from allthrive.mentoring import services
from allthrive.mentoring.forms import AskForm, ConfirmForm, MessageForm, OfferForm
from allthrive.mentoring.models import Mentor, Session
from allthrive.pages import Action, FormOnPage, FormPage, Page, ThingPageWithForm
from thrive_points import AwardResult

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
            page=Paginator(
                MENTORS.filter(is_available=True, member__is_active=True).exclude(member=me), SHOWN
            ).get_page(self.request.GET.get("page")),
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


class SessionPage(ThingPageWithForm):
    """Show a session to the two people it belongs to."""

    queryset = SESSIONS
    template_name = "mentoring/detail.html"
    form_class: type[forms.Form] = MessageForm

    def get_object(self, queryset: QuerySet[Session] | None = None) -> Session:
        session: Session = super().get_object(queryset)
        if self.member.pk not in (session.mentor_id, session.mentee_id):
            raise PermissionDenied("A session is seen by its mentor and its mentee only.")
        return session

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session: Session = self.object
        is_mentor = self.member.pk == session.mentor_id
        is_accepted = session.status == Session.Status.ACCEPTED
        return super().get_context_data(
            other=session.mentee if is_mentor else session.mentor,
            is_mentor=is_mentor,
            may_answer=is_mentor and session.status == Session.Status.REQUESTED,
            confirm_form=ConfirmForm() if is_accepted and not is_mentor else None,
            letters=session.messages.select_related("author"),
            **kwargs,
        )


class Write(FormOnPage, SessionPage):
    """Write to the other of a session."""

    def serve(self, form: MessageForm) -> Session:
        session: Session = self.object
        services.write(session=session, author=self.member, **form.cleaned_data)
        return session


class Answer(Action):
    """Accept or decline a request."""

    queryset = SESSIONS

    def act(self, session: Session) -> None:
        accept = self.request.POST.get("accept") == "yes"
        services.answer(session=session, mentor=self.member, accept=accept)
        said = "Accepted. Find a time together." if accept else "Declined."
        messages.success(self.request, said)


class Confirm(FormOnPage, SessionPage):
    """Confirm that a session took place, which pays the mentor."""

    form_class = ConfirmForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Two forms stand on this page; what is wrong with this one is shown beside it.
        context = super().get_context_data(**kwargs)
        return {**context, "confirm_form": context["form"], "form": MessageForm()}

    def serve(self, form: ConfirmForm) -> Session:
        session: Session = self.object
        result = services.confirm(
            session=session, mentee=self.member, takeaway=form.cleaned_data["takeaway"]
        )
        messages.success(self.request, _thanks(session.mentor.display_name, result))
        return session


def _thanks(name: str, result: AwardResult | Unpaid) -> str:
    if isinstance(result, Unpaid):
        return result.reason
    if result.points_awarded:
        return f"Thank you. {name} earned {result.points_awarded} points for this session."
    return f"Thank you. {name} has had all the points for sessions there are this week."
