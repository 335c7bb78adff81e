"""Awards by a queue, and the relay as a task: Django's tasks, or django-tasks on Django 5.2.

An award in the feature's own transaction commits with it or not at all. A queued one is counted
later, and once however often a worker takes it up: its event key makes it so, and is needed here.
"""

from datetime import datetime
from typing import Any

import django
from django.contrib.auth import get_user_model

from thrive_connect.relay import relay
from thrive_points.services import PointsService

if django.VERSION >= (6, 0):
    from django.tasks import task
else:
    from django_tasks import task  # type: ignore[no-redef]


@task()
def award_points(
    user_id: Any,
    activity_type: str,
    event_key: str,
    metadata: dict[str, Any] | None = None,
    occurred_at: str | None = None,
) -> dict[str, Any]:
    """Award an event; arguments and answer are JSON-ready.

    Args:
        user_id: the member's key.
        activity_type: the activity's name.
        event_key: makes the award count once.
        metadata: as of `PointsService.award_points`.
        occurred_at: when it happened, as `datetime.isoformat()` writes it. Give it: a worker may be
            late, and the event belongs to its own day.
    """
    user = get_user_model()._default_manager.get(pk=user_id)
    instant = datetime.fromisoformat(occurred_at) if occurred_at else None
    return PointsService.award_points(
        user, activity_type, metadata, event_key=event_key, occurred_at=instant
    ).as_dict()


@task()
def deliver_news() -> int:
    """Deliver what listeners are to hear of now; return how much was."""
    return relay().delivered
