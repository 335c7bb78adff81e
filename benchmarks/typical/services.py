"""The hand-written award: key, caps, history, daily total, profile, feed, streak."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from benchmarks.rules import CAP
from benchmarks.typical.models import DailyTotal, FeedItem, Profile, Transaction, WeekStreak
from thrive_points.core.levels import LEVELS

POINTS = 20


def award(user: Any, activity_type: str, event_key: str, metadata: dict[str, Any]) -> int:
    """Award one event and return the member's total."""
    now = timezone.now()
    day = now.date()
    week = day - timedelta(days=day.weekday())
    with transaction.atomic():
        profile, _ = Profile.objects.select_for_update().get_or_create(user=user)
        if Transaction.objects.filter(user=user, event_key=event_key).exists():
            return profile.total_points
        totals = DailyTotal.objects.filter(user=user, activity_type=activity_type)
        today = totals.filter(day=day).aggregate(n=Sum("awards"))["n"] or 0
        this_week = totals.filter(day__gte=week).aggregate(n=Sum("awards"))["n"] or 0
        if today >= CAP or this_week >= CAP:
            return profile.total_points
        Transaction.objects.create(
            user=user,
            activity_type=activity_type,
            points=POINTS,
            event_key=event_key,
            metadata=metadata,
            day=day,
            created_at=now,
        )
        total, _ = DailyTotal.objects.get_or_create(user=user, activity_type=activity_type, day=day)
        DailyTotal.objects.filter(pk=total.pk).update(
            awards=F("awards") + 1, points=F("points") + POINTS
        )
        profile.total_points += POINTS
        profile.week_points = POINTS + (profile.week_points if profile.week == week else 0)
        profile.week = week
        profile.level = LEVELS.level_of(profile.total_points)
        profile.save()
        FeedItem.objects.create(
            user=user, amount=POINTS, source=activity_type, description="a quiz", created_at=now
        )
        streak, _ = WeekStreak.objects.get_or_create(user=user)
        if streak.last_week != week:
            in_a_row = streak.last_week == week - timedelta(days=7)
            streak.count = streak.count + 1 if in_a_row else 1
            streak.last_week = week
            streak.save()
        return profile.total_points
