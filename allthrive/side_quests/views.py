"""Pages of the side quests."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from allthrive.earning import tell
from allthrive.home.openings import next_after
from allthrive.pages import FormOnPage, Page, ThingPageWithForm
from allthrive.side_quests import services
from allthrive.side_quests.forms import StepForm
from allthrive.side_quests.models import Chain, Quest, Run, Step, StepDone


class Index(Page):
    """List the quests, chain by chain, with one's own progress."""

    template_name = "side_quests/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done = Q(steps__done__run__member=self.member)
        runs = dict(Run.objects.filter(member=self.member).values_list("quest", "completed_at"))
        quests = (
            Quest.objects.filter(Q(is_open=True) | Q(pk__in=runs))
            .select_related("chain")
            .annotate(
                length=Count("steps", distinct=True),
                done=Count("steps", filter=done, distinct=True),
            )
            .order_by("pk")
        )
        by_chain: dict[Chain | None, list[tuple[Quest, bool]]] = defaultdict(list)
        for quest in quests:
            by_chain[quest.chain].append((quest, runs.get(quest.pk) is not None))
        chains = [
            (chain, found, all(is_complete for _, is_complete in found))
            for chain, found in sorted(
                by_chain.items(), key=lambda item: (item[0] is None, str(item[0]))
            )
        ]
        return super().get_context_data(chains=chains, **kwargs)


class QuestPage(ThingPageWithForm):
    """Show a quest's steps and the next one's form."""

    queryset = Quest.objects.select_related("chain")
    template_name = "side_quests/detail.html"
    form_class = StepForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = StepDone.objects.filter(run__member=self.member, run__quest=self.object)
        notes = dict(mine.values_list("step", "note"))
        steps = list(self.object.steps.order_by("position"))
        return super().get_context_data(
            steps=[(step, notes.get(step.pk)) for step in steps],
            next_step=next((step for step in steps if step.pk not in notes), None),
            done=len(notes),
            next=next_after(self.member, "side_quest_completed"),
            **kwargs,
        )


class FinishStep(FormOnPage, QuestPage):
    """Note that a step is done, and say what that completed."""

    def get_object(self, queryset: QuerySet[Quest] | None = None) -> Quest:
        steps = Step.objects.select_related("quest__chain")
        self.step = get_object_or_404(steps, pk=self.kwargs["pk"])
        return self.step.quest

    def serve(self, form: StepForm) -> Quest:
        note = form.cleaned_data["note"]
        results = services.finish_step(step=self.step, member=self.member, note=note)
        if results:
            messages.success(self.request, f"You completed “{self.object.title}”.")
        tell(self.request, *results)
        return self.step.quest
