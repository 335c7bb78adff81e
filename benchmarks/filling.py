"""Large ledgers whose books agree, made by a few statements instead of by millions of awards."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

_DAYS = 30

_HISTORY = """
INSERT INTO thrive_points_pointshistory
    (user_id, number, activity_type, points, outcome, event_key, occurred_at, recorded_at, day,
     rule_revision, arithmetic, metadata, description, awards, capped)
SELECT {member}, {number}, 'measured', 20, 'awarded', '{name}:' || number,
       %(start)s::timestamptz + {day} * interval '1 day' + interval '1 hour',
       %(start)s::timestamptz + {day} * interval '1 day' + interval '1 hour',
       %(start)s::date + {day}, 'code:12345678', '[["base",20],["final",20]]', '{{}}',
       'a completed quiz', 1, 0
FROM generate_series(1, %(rows)s) AS number
"""
_TOTALS = """
INSERT INTO thrive_points_pointsdailytotal
    (user_id, activity_type, day, awards, points, capped, last_awarded_at)
SELECT user_id, activity_type, day, count(*), sum(points), 0, max(occurred_at)
FROM thrive_points_pointshistory GROUP BY user_id, activity_type, day
ON CONFLICT (user_id, day, activity_type) DO UPDATE SET
    awards = excluded.awards, points = excluded.points
"""
_EVENTS = """
INSERT INTO thrive_points_xpevent (user_id, number, amount, source, description, created_at)
SELECT user_id, number, points, activity_type, description, occurred_at
FROM thrive_points_pointshistory
WHERE event_key LIKE '{name}:%%'
"""


def fill(rows: int, member: int | None = None, *, today: bool = False) -> None:
    """Append entries with their daily totals and XP events; `points_audit --rebuild` the rest.

    Args:
        rows: how many.
        member: whose primary key they get; all members' in turn if it is None.
        today: on this day instead of over the last thirty.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM auth_user")
        members = cursor.fetchone()[0]
        name = f"filled-{member or 'all'}"
        start = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        parts = {
            "name": name,
            "member": member or f"1 + (number %% {members})",
            "number": f"number + {_entries_of(cursor, member)}"
            if member
            else f"1 + (number - 1) / {members}",
            # From yesterday back: with one entry each, all are active when circles form.
            "day": "0" if today else f"({_DAYS - 1} - (number / {members}) %% {_DAYS})",
        }
        days = 0 if today else _DAYS
        params: dict[str, Any] = {"rows": rows, "start": start - timedelta(days=days)}
        cursor.execute(_HISTORY.format(**parts), params)
        cursor.execute(_TOTALS)
        cursor.execute(_EVENTS.format(**parts), [])
        cursor.execute("VACUUM ANALYZE")
        # Else it would be written to disk during the measurement.
        cursor.execute("CHECKPOINT")


def _entries_of(cursor: Any, member: int) -> int:
    cursor.execute(
        "SELECT COALESCE(MAX(number), 0) FROM thrive_points_pointshistory WHERE user_id = %s",
        [member],
    )
    return int(cursor.fetchone()[0])
