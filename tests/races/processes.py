"""Real processes that award at once, each slowed down between its reading and its writing.

Guarded processes only have to be given the time to do harm. Processes with a guard taken away
must do it every time, however busy the machine: they wait for each other at the harmful place.
"""

import multiprocessing
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections

from thrive_points.ledger import posting
from thrive_points.services import PointsService

DELAY = 0.03
"""Seconds between reading and deciding in which another process could come in between."""
PATIENCE = 30
"""Seconds in which all processes must have come to where they wait for each other."""

Meet = Callable[[], object]
"""Waits until every process of the race has called it, once in each."""
Mutation = Callable[[Meet], None]
"""Takes one guard away, inside the process that calls it, and has it meet the others there."""


@dataclass(frozen=True)
class Report:
    """What the processes got: outcomes in no order, and the errors that ended some."""

    outcomes: list[str]
    errors: list[str]


def race(
    jobs: list[list[dict[str, Any]]], *, batch: bool = False, mutate: Mutation | None = None
) -> Report:
    """Run each job, a list of events, in a process of its own, all starting together.

    Args:
        jobs: events as `award_many` takes them, but with the user's primary key.
        batch: award each job by one award_many instead of one by one.
        mutate: called first in every process; takes the place of the delay.
    """
    # A connection must not be shared across a fork.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, queue = context.Barrier(len(jobs)), context.Queue()
    children = [
        context.Process(target=_work, args=(job, batch, mutate, barrier, queue)) for job in jobs
    ]
    for child in children:
        child.start()
    answers = [queue.get(timeout=60) for _ in children]
    for child in children:
        child.join(timeout=10)
    return Report(
        outcomes=[outcome for outcomes, _ in answers for outcome in outcomes],
        errors=[error for _, error in answers if error],
    )


def _work(
    job: list[dict[str, Any]], batch: bool, mutate: Mutation | None, barrier: Any, queue: Any
) -> None:
    outcomes: list[str] = []
    error = ""
    try:
        if mutate is None:
            before_deciding(lambda: time.sleep(DELAY))
        else:
            mutate(lambda: barrier.wait(PATIENCE))
        users = get_user_model().objects.in_bulk({event["user"] for event in job})
        events = [{**event, "user": users[event["user"]]} for event in job]
        barrier.wait(PATIENCE)
        if batch:
            outcomes += [result.outcome.value for result in PointsService.award_many(events)]
        else:
            for event in events:
                outcomes.append(PointsService.award_points(**event).outcome.value)
    except Exception:
        error = traceback.format_exc()
    finally:
        connections.close_all()
        queue.put((outcomes, error))


def before_deciding(do: Callable[[], object]) -> None:
    """Have this process call `do` between what it read and what it decides."""
    original = posting.decide

    def decide(*args: Any) -> Any:
        do()
        return original(*args)

    posting.decide = decide  # type: ignore[assignment]
