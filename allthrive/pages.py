"""What the pages of the features have in common: Django's generic views, for members.

A service refuses by raising `ValidationError`. A form shows the refusal on itself, an action shows
it on the page that follows.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import DetailView, FormView, TemplateView, View
from django.views.generic.detail import SingleObjectMixin
from django.views.generic.edit import FormMixin

from allthrive.accounts.access import member
from allthrive.accounts.models import User


class MembersView(LoginRequiredMixin, View):
    """A view for members; visitors are sent to sign in."""

    @property
    def member(self) -> User:
        """Return who is asking."""
        return member(self.request)


class Page(MembersView, TemplateView):
    """A page that shows what `get_context_data` gathers."""


class ListsPage(Page):
    """A page of a few lists, as `lists.html` lays them out.

    Each begins with its newest; `?list=2` shows the whole of the second, page by page.
    """

    most = 12

    def lists(self) -> Sequence[tuple[str, QuerySet[Any]]]:
        """Return the lists and their titles."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out what is empty, and say where there is more."""
        lists = self.lists()
        chosen = self.request.GET.get("list", "")
        if chosen in {str(number) for number in range(1, len(lists) + 1)}:
            title, rows = lists[int(chosen) - 1]
            page = Paginator(rows, 2 * self.most).get_page(self.request.GET.get("page"))
            return super().get_context_data(lists=[(title, page, "")], page=page, **kwargs)
        found = [
            (title, list(rows[: self.most + 1]), str(number))
            for number, (title, rows) in enumerate(lists, start=1)
        ]
        shown = [
            (title, rows[: self.most], number if len(rows) > self.most else "")
            for title, rows, number in found
            if rows
        ]
        return super().get_context_data(lists=shown, **kwargs)


class ThingPage(MembersView, DetailView):
    """The page of one thing."""


class ThingPageWithForm(MembersView, FormMixin, DetailView):
    """The page of one thing with a form on it, which is sent to a `FormOnPage`."""


class ServedForm(FormMixin):
    """A form that a service answers."""

    def serve(self, form: Any) -> Any:
        """Give the service what a valid form holds; return the thing or the view to show next.

        Raises:
            ValidationError: the service refuses.
        """
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on, or show the form again with the refusal."""
        try:
            return redirect(self.serve(form))
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)


class FormPage(MembersView, ServedForm, FormView):
    """A page that is a form."""


class FormOnPage(MembersView, ServedForm, FormMixin, DetailView):
    """Where a thing's page sends its form, and that page again when something is wrong with it.

    A view is a subclass of this and of the page: `class Guess(FormOnPage, HuntPage)`.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the form."""
        self.object = self.get_object()
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)


class Action(MembersView, SingleObjectMixin):
    """What a button does with one thing."""

    def act(self, thing: Any) -> None:
        """Do it.

        Raises:
            ValidationError: the service refuses.
        """
        raise NotImplementedError

    def page_after(self, thing: Any) -> Any:
        """Return the thing or the name of the view to show next."""
        return thing

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or show the refusal."""
        thing = self.get_object()
        try:
            self.act(thing)
        except ValidationError as refusal:
            for text in refusal.messages:
                messages.error(request, text)
        return redirect(self.page_after(thing))
