"""Types for the host's type checker. They do nothing when the site runs."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from thrive_points.core.activities import ActivityType

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class AwardEvent(TypedDict):
    """One event of a batch: the arguments of `PointsService.award_points`."""

    user: "AbstractBaseUser"
    activity_type: ActivityType | str
    metadata: NotRequired[Mapping[str, Any] | None]
    event_key: NotRequired[str | None]
    occurred_at: NotRequired[datetime | None]


class HasPoints:
    """Says that a user has `total_points` and `level`, which the app adds when the site starts.

    Give it to your own user model, `class User(HasPoints, AbstractUser)`, or cast to it where the
    model is not yours.
    """

    total_points: int
    level: int
