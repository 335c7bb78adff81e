"""The parameters of requests, and what is said of wrong ones."""

import re
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from thrive_points.selectors import Bucket

MOST_ENTRIES = 100
LONGEST_ECHO = 60

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURSOR = "[1-9][0-9]{0,17}"
_WHOLE = re.compile(r"[0-9]{1,9}")


class Window(StrEnum):
    """The windows a report has names for. Each ends today, in the member's zone."""

    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    LAST_90_DAYS = "last_90_days"
    ALL_TIME = "all_time"

    @property
    def days(self) -> int | None:
        """Return how many days it has, None for all."""
        return {"last_7_days": 7, "last_30_days": 30, "last_90_days": 90}.get(self.value)

    @property
    def words(self) -> str:
        """Return words that complete "nothing earned ...", in the active language."""
        if self.days is None:
            return gettext("so far")
        return gettext("in the last %(days)d days") % {"days": self.days}


def _refuse(name: str, given: Any, allowed: str) -> NoReturn:
    shown = f"{given[:LONGEST_ECHO]}..." if len(given) > LONGEST_ECHO else given
    raise serializers.ValidationError(f"{name} is {shown!r}; {allowed}.")


class OneOf(serializers.ChoiceField):
    """One of an enum's values."""

    def __init__(self, choices: type[StrEnum], **kwargs: Any) -> None:
        self.enum = choices
        super().__init__(choices=[member.value for member in choices], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if data not in self.choices:
            _refuse(self.field_name or "", data, f"allowed are {', '.join(self.choices)}")
        return self.enum(data)


class Day(serializers.DateField):
    """A date, in the one way of writing it that the schema's `date` means."""

    def to_internal_value(self, value: Any) -> date:
        try:
            if not _DATE.fullmatch(value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            _refuse(
                self.field_name or "", value, "a date that exists is needed, written as 2025-03-01"
            )


class Whole(serializers.IntegerField):
    """A whole number within bounds, in plain digits."""

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        self.bounds = (min_value, max_value)
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        least, most = self.bounds
        if not _WHOLE.fullmatch(data) or not least <= int(data) <= most:
            _refuse(
                self.field_name or "", data, f"allowed are whole numbers from {least} to {most}"
            )
        return int(data)


@extend_schema_field({"type": "string", "pattern": f"^{_CURSOR}$"})
class Cursor(serializers.Field[int, str, str, Any]):
    """Where the page before ended: the number of its last entry."""

    def to_internal_value(self, data: Any) -> int:
        if not re.fullmatch(_CURSOR, data):
            _refuse(
                self.field_name or "",
                data,
                "give the next_cursor of a page as it is, or leave it out for the newest entries",
            )
        return int(data)

    def to_representation(self, value: Any) -> str:
        return str(value)


class CategoryQuery(serializers.Serializer[Any]):
    """Which days, and how to cut them."""

    window = OneOf(
        Window,
        default=Window.LAST_30_DAYS,
        help_text="A span that ends today, in the member's zone. Not together with `since`.",
    )
    since = Day(required=False, help_text="First day of a span of your own.")
    until = Day(
        required=False, help_text="Last day; today when left out. Only together with `since`."
    )
    bucket = OneOf(
        Bucket,
        required=False,
        help_text=(
            "How to cut the series: at most 400 buckets. Left out, days up to a month, weeks up "
            "to half a year, months beyond."
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check what concerns several parameters at once."""
        if "since" not in attrs:
            if "until" in attrs:
                raise serializers.ValidationError(
                    {"until": "until goes with since; give both, or a window."}
                )
            return attrs
        if "window" in self.initial_data:
            raise serializers.ValidationError(
                {"window": "window goes without since; give a window, or since and until."}
            )
        attrs["window"] = None
        if "until" in attrs and attrs["until"] < attrs["since"]:
            raise serializers.ValidationError(
                {"until": f"until is before since; allowed is {attrs['since']} or later."}
            )
        return attrs


class HistoryQuery(serializers.Serializer[Any]):
    """Which page."""

    cursor = Cursor(
        required=False,
        help_text="The `next_cursor` of the page before; left out for the newest entries.",
    )
    limit = Whole(
        min_value=1, max_value=MOST_ENTRIES, default=50, help_text="Entries on the page, at most."
    )
