"""Pages of the prompt battles."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from allthrive.battles import services
from allthrive.battles.forms import EntryForm, OpenForm
from allthrive.battles.models import Battle
from allthrive.pages import Action, FormOnPage, FormPage, ListsPage, ThingPageWithForm

BATTLES = Battle.objects.select_related("opener", "challenger", "winner")


class Index(ListsPage):
    """List one's own battles, then those to join, to vote on and to read."""

    template_name = "battles/index.html"

    def lists(self) -> Sequence[tuple[str, QuerySet[Battle]]]:
        playing = Q(opener=self.member) | Q(challenger=self.member)
        others = BATTLES.exclude(playing)
        voting = others.filter(status=Battle.Status.VOTING)
        return (
            ("Yours", BATTLES.filter(playing).exclude(status=Battle.Status.CLOSED)),
            ("Looking for an opponent", others.filter(status=Battle.Status.WAITING)),
            ("Waiting for your vote", voting.exclude(votes__voter=self.member)),
            ("Decided", BATTLES.filter(status=Battle.Status.CLOSED).order_by("-closed_at")),
        )


class Open(FormPage):
    """Open a battle with a prompt."""

    template_name = "battles/open.html"
    form_class = OpenForm

    def serve(self, form: OpenForm) -> Battle:
        battle = services.open_battle(opener=self.member, **form.cleaned_data)
        messages.success(self.request, "Your battle is open. Somebody can join it now.")
        return battle


class BattlePage(ThingPageWithForm):
    """Show a battle as far as it has come."""

    queryset = BATTLES
    template_name = "battles/detail.html"
    form_class = EntryForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        battle: Battle = self.object
        battle.refresh_from_db(fields=["status", "challenger", "winner"])
        entries = list(
            battle.entries.select_related("author").annotate(count=Count("votes")).order_by("pk")
        )
        me, status = self.member, battle.status
        mine = next((entry for entry in entries if entry.author_id == me.pk), None)
        votes = sum(entry.count for entry in entries)
        is_player = me.pk in battle.player_ids
        my_vote = battle.votes.filter(voter=me).first()
        # Nobody reads an entry before both are in, or they could write against it.
        is_readable = status in (Battle.Status.VOTING, Battle.Status.CLOSED)
        return super().get_context_data(
            is_player=is_player,
            mine=mine,
            my_vote=my_vote,
            votes=votes,
            votes_needed=services.VOTES_TO_DECIDE,
            may_join=status == Battle.Status.WAITING and not is_player,
            may_write=status == Battle.Status.WRITING and is_player and mine is None,
            may_vote=status == Battle.Status.VOTING and not is_player and my_vote is None,
            may_close=services.may_close(battle=battle, member=me),
            is_closed=status == Battle.Status.CLOSED,
            entries=entries if is_readable else [],
            **kwargs,
        )


class Submit(FormOnPage, BattlePage):
    """Hand in one's entry."""

    def serve(self, form: EntryForm) -> Battle:
        battle: Battle = self.object
        services.submit(battle=battle, author=self.member, text=form.cleaned_data["text"])
        messages.success(
            self.request, "Your entry is in. You are paid when the battle has been decided."
        )
        return battle


class Join(Action):
    """Join a battle that waits for an opponent."""

    queryset = BATTLES

    def act(self, battle: Battle) -> None:
        services.join(battle=battle, member=self.member)
        messages.success(self.request, "You are in. Write your entry whenever you are ready.")


class Vote(Action):
    """Vote for one of the two entries."""

    queryset = BATTLES

    def act(self, battle: Battle) -> None:
        entry = get_object_or_404(battle.entries, pk=self.kwargs["entry_pk"])
        closing = services.vote(battle=battle, voter=self.member, entry=entry)
        said = "Your vote is in. Thank you."
        if closing is not None:
            said = f"Your vote decided it. {_ending(closing)}"
        messages.success(self.request, said)


class Close(Action):
    """Close a battle that waits for votes in vain."""

    queryset = BATTLES

    def act(self, battle: Battle) -> None:
        closing = services.close(battle=battle, actor=self.member)
        messages.success(self.request, _ending(closing))


def _ending(closing: services.Closing) -> str:
    winner = closing.battle.winner
    return f"{winner.display_name} wins this battle." if winner else "This battle ends in a tie."
