"""Quests made of steps, chains made of quests, and how far each member has come."""

from django.db import models
from django.utils import timezone

from allthrive.records import MembersRecord, Progress, Thing, Titled

NOTE_LENGTH = 500


class Chain(Titled):
    """Quests that belong together; finishing all of them is an achievement of its own."""

    summary = models.TextField(max_length=500)


class Quest(Thing):
    """A small piece of learning by doing, in steps."""

    class Difficulty(models.TextChoices):
        EASY = "easy", "Easy"
        MEDIUM = "medium", "Medium"
        HARD = "hard", "Hard"

    summary = models.TextField(max_length=500)
    difficulty = models.CharField(max_length=6, choices=Difficulty.choices)
    chain = models.ForeignKey(
        Chain, on_delete=models.SET_NULL, related_name="quests", null=True, blank=True
    )
    is_open = models.BooleanField(default=True, help_text="Closed quests can't be started.")


class Step(models.Model):
    """One thing to do."""

    quest = models.ForeignKey(Quest, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    instruction = models.TextField(max_length=500)

    class Meta:
        ordering = ["quest", "position"]
        constraints = [
            models.UniqueConstraint(fields=["quest", "position"], name="one_step_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.quest}, step {self.position}"


class Run(Progress):
    """One member's way through one quest."""

    quest = models.ForeignKey(Quest, on_delete=models.CASCADE, related_name="runs")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "quest"], name="one_run_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.quest}"


class StepDone(models.Model):
    """A finished step, with the member's own words about it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps_done")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="done")
    note = models.TextField(max_length=NOTE_LENGTH)
    done_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "steps done"
        constraints = [models.UniqueConstraint(fields=["run", "step"], name="each_step_done_once")]

    def __str__(self) -> str:
        return f"{self.run}: {self.step}"


class ChainCompletion(MembersRecord):
    """A member has finished every quest of a chain."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="completions")
    completed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "chain"], name="each_chain_completed_once")
        ]

    def __str__(self) -> str:
        return f"{self.member} finished {self.chain}"
