"""Many accounts at once by plain statements: the portable store's part in a batch."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from thrive_circles.standing import XP, Standing, streaks_from_json
from thrive_points.ledger.contract import DayTotal, Entry, Existing
from thrive_points.ledger.portable import SQL, PortableStore

ROWS_A_STATEMENT = 300
"""Rows named in one statement: three parameters each stay under SQLite's oldest limit of 999."""


def span_of_week(monday: date) -> tuple[date, date]:
    """Return the days a decision looks at: its week's, and the day before for a cooldown."""
    return monday - timedelta(days=1), monday + timedelta(days=6)


class PortableBulkStore(PortableStore):
    """Reads by lists of rows, writes by executemany."""

    def lock_many(self, user_ids: Sequence[Any]) -> Iterator[tuple[Any, Standing]]:
        dialect = self._dialect
        users = [dialect.user(user_id) for user_id in user_ids]
        with self._connection.cursor() as cursor:
            cursor.executemany(SQL["insert_profile"], [(user,) for user in users])
        rows = self._read("read_profiles", "%s", [(user,) for user in users])
        yield from map(self.standing_of, rows)

    def read_weeks(
        self, weeks: Sequence[tuple[Any, date]]
    ) -> Iterator[tuple[Any, str, date, DayTotal]]:
        dialect = self._dialect
        spans = [
            (dialect.user(user_id), *map(dialect.day, span_of_week(monday)))
            for user_id, monday in weeks
        ]
        one = "(total.user_id = %s AND total.day BETWEEN %s AND %s)"
        yield from map(self.total_of, self._read("read_weeks", one, spans, " OR "))

    def find_many(self, keys: Sequence[tuple[Any, str]]) -> Iterator[tuple[Any, str, Existing]]:
        rows = [(self._dialect.user(user_id), key) for user_id, key in keys]
        for user, key, *entry in self._read("find_entries", "(%s, %s)", rows):
            yield self._dialect.user_out(user), key, self.existing(entry)

    def reserve_ids(self, count: int, after: int) -> Sequence[int]:
        return self._dialect.reserve_ids("thrive_points_pointshistory", count, after)

    def _row(self, entry_id: int, entry: Entry) -> tuple[Any, ...]:
        event, dialect = entry.event, self._dialect
        return (
            entry_id,
            dialect.user(entry.user_id),
            event.activity_type,
            entry.points,
            entry.outcome.value,
            event.event_key,
            dialect.instant(event.occurred_at),
            dialect.instant(entry.recorded_at),
            dialect.day(event.day),
            entry.rule_revision,
            dialect.steps(entry.arithmetic),
            dialect.json(event.metadata),
            entry.reverses,
            dialect.user(entry.actor_id),
            entry.description,
        )

    def write_many(
        self,
        entries: Sequence[tuple[int, Entry]],
        totals: Sequence[tuple[Any, str, date, DayTotal]],
        xp: Sequence[XP],
        standings: Sequence[tuple[Any, Standing]],
    ) -> None:
        dialect = self._dialect
        with self._connection.cursor() as cursor:
            cursor.executemany(SQL["insert_entry"], [self._row(*one) for one in entries])
            cursor.executemany(
                SQL["write_total"],
                [
                    (
                        dialect.user(user_id),
                        activity_type,
                        dialect.day(day),
                        total.awards,
                        total.points,
                        total.capped,
                        dialect.instant(total.last_awarded_at),
                    )
                    for user_id, activity_type, day, total in totals
                ],
            )
        self.xp.add_many(xp, standings)

    def standing_of(self, row: Sequence[Any]) -> tuple[Any, Standing]:
        """Return a user and standing of a profile's row."""
        user, total_xp, week, week_xp, streaks = row
        return self._dialect.user_out(user), Standing(
            total_xp=total_xp,
            week=self._dialect.day_out(week),
            week_xp=week_xp,
            streaks=streaks_from_json(self._dialect.json_out(streaks)),
        )

    def total_of(self, row: Sequence[Any]) -> tuple[Any, str, date, DayTotal]:
        """Return a user, activity type, day and total of a daily total's row."""
        user, activity_type, day, awards, points, capped, last_awarded_at = row
        on = self._dialect.day_out(day)
        assert on is not None
        return (
            self._dialect.user_out(user),
            activity_type,
            on,
            DayTotal(
                awards=awards,
                points=points,
                capped=capped,
                last_awarded_at=self._dialect.instant_out(last_awarded_at),
            ),
        )

    def _read(
        self, name: str, one: str, rows: Sequence[tuple[Any, ...]], between: str = ", "
    ) -> Iterator[tuple[Any, ...]]:
        """Yield what a statement finds for rows of parameters, a limited number at a time."""
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            part = rows[start : start + ROWS_A_STATEMENT]
            statement = SQL[name].replace("{rows}", between.join([one] * len(part)))
            with self._connection.cursor() as cursor:
                cursor.execute(statement, [value for row in part for value in row])
                yield from cursor.fetchall()
