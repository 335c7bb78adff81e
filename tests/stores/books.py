"""The invariants, told once for all tests: every book says what the ledger says."""

from django.db.models import Sum

from thrive_points.ledger.audit import audit
from thrive_points.models import PointsDailyTotal, PointsHistory, UserThriveProfile, XPEvent


def assert_books_agree():
    """Fail with every number that is not what the ledger says."""
    assert [str(discrepancy) for discrepancy in audit()] == []


def sums(user):
    """Return a user's total as each of the four books has it."""
    return {
        "profile": UserThriveProfile.objects.get(pk=user.pk).total_xp,
        "ledger": PointsHistory.objects.filter(user=user).aggregate(s=Sum("points"))["s"],
        "daily": PointsDailyTotal.objects.filter(user=user).aggregate(s=Sum("points"))["s"],
        "xp": XPEvent.objects.filter(user=user).aggregate(s=Sum("amount"))["s"],
    }


def entries(user):
    """Return a user's ledger in order, as (activity type, outcome, points)."""
    rows = PointsHistory.objects.filter(user=user).order_by("number")
    return list(rows.values_list("activity_type", "outcome", "points"))
