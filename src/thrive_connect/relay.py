"""The relay: delivers what is queued, for each member in order, at least once.

A process takes a piece of news by moving its due time ahead, in one statement, and deletes it when
it was delivered. One that is killed in between leaves it to the next, when that time has come.
Later news of the same member waits meanwhile, so the order holds.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from thrive_connect import webhooks
from thrive_connect.messages import Message, message_of
from thrive_connect.models import Delivery, Listener, Outgoing, SiteNews
from thrive_connect.webhooks import Undelivered
from thrive_points.conf import points_settings

log = logging.getLogger(__name__)

BACKOFF = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""What is waited after each attempt, by the specification's example: a little over three days. What
fails once more is dead."""

LEASE = timedelta(seconds=60)
"""How long a process may take for one piece of news; longer than a receiver has."""

AT_ONCE = 100
KEPT = timedelta(days=30)
"""How long the log of deliveries is kept."""


@dataclass(slots=True)
class Counts:
    """What a pass did."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0
    nothing_to_tell: int = 0


def relay(*, stop: Callable[[], bool] = lambda: False) -> Counts:
    """Deliver all that is due now, and return what became of it.

    Args:
        stop: asked between two deliveries; True ends the pass.
    """
    counts = Counts()
    while not stop() and (heads := list(_due())):
        for head in heads:
            for news in _line_of(head):
                if stop():
                    return counts
                if not _take(news) or not _deliver(news, counts):
                    break
    return counts


def send_again(news: Outgoing | SiteNews) -> None:
    """Give dead news another three days, beginning now."""
    _rows(news).update(dead_at=None, attempts=0, due_at=timezone.now(), error="")


def lag(now: datetime | None = None) -> timedelta:
    """Return for how long the oldest news that is not dead has been waiting."""
    oldest = [
        found
        for model in (Outgoing, SiteNews)
        if (found := model.objects.filter(dead_at=None).aggregate(at=models.Min("queued_at"))["at"])
    ]
    return (now or timezone.now()) - min(oldest) if oldest else timedelta()


def forget_old_deliveries(now: datetime) -> int:
    """Delete what the log of deliveries need not hold any more."""
    return Delivery.objects.filter(at__lt=now - KEPT).delete()[0]


def _due() -> Iterator[Outgoing | SiteNews]:
    """Yield what is due and has nothing before it in its line: one for each listener and member."""
    now = timezone.now()
    earlier = Outgoing.objects.filter(
        models.Q(number__lt=models.OuterRef("number"))
        | models.Q(number=models.OuterRef("number"), kind__lt=models.OuterRef("kind")),
        user_id=models.OuterRef("user_id"),
        listener_id=models.OuterRef("listener_id"),
        dead_at=None,
    )
    yield from (
        Outgoing.objects.filter(~models.Exists(earlier), due_at__lte=now, dead_at=None)
        .select_related("listener")
        .order_by("due_at")[:AT_ONCE]
    )
    before = SiteNews.objects.filter(
        pk__lt=models.OuterRef("pk"), listener_id=models.OuterRef("listener_id"), dead_at=None
    )
    yield from (
        SiteNews.objects.filter(~models.Exists(before), due_at__lte=now, dead_at=None)
        .select_related("listener")
        .order_by("due_at")[:AT_ONCE]
    )


def _line_of(head: Outgoing | SiteNews) -> Iterator[Outgoing | SiteNews]:
    """Yield the head of a line and what stands behind it, for as long as each is delivered."""
    yield head
    if isinstance(head, SiteNews):
        return
    behind = Outgoing.objects.filter(
        user_id=head.user_id, listener_id=head.listener_id, dead_at=None
    ).order_by("number", "kind")
    for news in behind[:AT_ONCE]:
        if (news.number, news.kind) > (head.number, head.kind):
            news.listener = head.listener
            yield news


def _rows(news: Outgoing | SiteNews) -> models.QuerySet[Any]:
    return type(news)._base_manager.filter(pk=news.pk)


def _take(news: Outgoing | SiteNews) -> bool:
    """Take a piece of news; False if another process was first."""
    now = timezone.now()
    return bool(_rows(news).filter(due_at__lte=now, dead_at=None).update(due_at=now + LEASE))


def _deliver(news: Outgoing | SiteNews, counts: Counts) -> bool:
    """Deliver what was taken; return whether the next in the line may follow."""
    if not news.listener.enabled:
        # It was turned off meanwhile: what waits goes on when it is on again.
        return False
    message = message_of(news)
    if message is None:
        _rows(news).delete()
        counts.nothing_to_tell += 1
        return True
    began = timezone.now()
    error = _attempt(news.listener, message, began)
    with transaction.atomic():
        Delivery.objects.create(
            listener=news.listener,
            message=message.id,
            kind=message.kind,
            user_id="" if message.user_id is None else str(message.user_id),
            number=message.number,
            at=began,
            milliseconds=int((timezone.now() - began).total_seconds() * 1_000),
            delivered=error is None,
            answer="" if error is None else str(error)[:300],
        )
        if error is None:
            _rows(news).delete()
        else:
            _put_off(news, error, counts)
    if error is None:
        counts.delivered += 1
    return error is None


def _attempt(listener: Listener, message: Message, now: datetime) -> Undelivered | None:
    try:
        if listener.handler:
            import_string(listener.handler)(message)
        else:
            webhooks.send(listener, message, now, points_settings().webhook_networks)
    except Undelivered as error:
        return error
    except Exception as error:
        # A handler's own fault, which must not stop the others.
        log.exception("Listener %s failed on a message of kind %s", listener.pk, message.kind)
        return Undelivered(f"{type(error).__name__}: {error}")
    return None


def _put_off(news: Outgoing | SiteNews, error: Undelivered, counts: Counts) -> None:
    """Note a failure, and when it is tried again, if ever."""
    now = timezone.now()
    counts.failed += 1
    if error.gone:
        Listener.objects.filter(pk=news.listener.pk).update(enabled=False)
    if news.attempts < len(BACKOFF):
        wait = BACKOFF[news.attempts]
        _rows(news).update(attempts=news.attempts + 1, due_at=now + wait, error=str(error)[:300])
        return
    counts.dead += 1
    _rows(news).update(attempts=news.attempts + 1, dead_at=now, error=str(error)[:300])
