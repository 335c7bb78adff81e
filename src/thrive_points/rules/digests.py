"""Digests of rule revisions and experiments, for a checkpoint of the ledger they decided."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import models

from thrive_points.ledger.signing import signature
from thrive_points.models import PointRule, RuleExperiment, RuleWithdrawal
from thrive_points.sql.values import writing_connection

# An experiment changes once, when it is stopped; and an erasure may blank who decided.
_STOP = ("stopped_at", "stop_reason")
_PEOPLE = ("author_id", "stopped_by_id")


class RuleLine(NamedTuple):
    """What a checkpoint keeps of a revision or an experiment.

    Args:
        kind: which of the two.
        pk: its primary key.
        name: for people.
        fields: what the digest covers.
        digest: of these fields.
        stop: digest of an experiment's stop; empty while it was not stopped.
        author: who decided it, as a signature that names nobody; empty for the system.
    """

    kind: str
    pk: int
    name: str
    fields: list[str]
    digest: str
    stop: str
    author: str


class Dated(NamedTuple):
    """A revision or an experiment as it is now, and since when it has been and is in force."""

    line: RuleLine
    created_at: datetime
    starts_at: datetime


def rule_lines() -> Iterator[RuleLine]:
    """Yield a line for each revision, withdrawal and experiment."""
    for found in rules_now({}):
        yield found.line


def rules_now(known: dict[tuple[str, int], Sequence[str]]) -> Iterator[Dated]:
    """Yield each revision, withdrawal and experiment as it is now.

    Args:
        known: the fields that the digest is to cover, by kind and primary key; all of today's
            for those that are not in it.
    """
    alias = writing_connection(PointRule).alias
    for row in PointRule.objects.using(alias).order_by("pk").iterator():
        yield Dated(_line("revision", row, known), row.created_at, row.effective_from)
    for gone in RuleWithdrawal.objects.using(alias).order_by("pk").iterator():
        yield Dated(_line("withdrawal", gone, known), gone.created_at, gone.effective_from)
    for test in RuleExperiment.objects.using(alias).order_by("pk").iterator():
        yield Dated(_line("experiment", test, known), test.created_at, test.starts_at)


def _line(kind: str, row: Any, known: dict[tuple[str, int], Sequence[str]]) -> RuleLine:
    every = [field.attname for field in row._meta.concrete_fields]
    todays = [name for name in every if name not in (*_STOP, *_PEOPLE)]
    fields = [*known.get((kind, row.pk), todays)]
    stopped = getattr(row, "stopped_at", None) is not None
    author = row.author_id
    return RuleLine(
        kind=kind,
        pk=row.pk,
        name=str(row),
        fields=fields,
        digest=_digest(row, fields),
        stop=_digest(row, _STOP) if stopped else "",
        author="" if author is None else signature("person", str(author))[:32],
    )


def _digest(row: models.Model, fields: Sequence[str]) -> str:
    values = [[name, getattr(row, name, None)] for name in fields]
    text = json.dumps(values, sort_keys=True, default=_text)
    return sha256(text.encode()).hexdigest()


def _text(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
