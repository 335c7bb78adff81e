"""Many accounts at once by plain statements: the portable store's part in a batch."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from thrive_circles.standing import Standing, streaks_from_json
from thrive_points.store.contract import DayTotal, Entry, Existing
from thrive_points.store.portable import SQL, PortableStore

ROWS_A_STATEMENT = 300
"""Rows named in one statement: three parameters each stay under SQLite's oldest limit of 999."""


class PortableBulkStore(PortableStore):
    """Reads by lists of rows, writes by executemany."""

    def lock_many(self, user_ids: Sequence[Any]) -> Iterator[tuple[Any, Standing]]:
        dialect = self._dialect
        users = [dialect.user(user_id) for user_id in user_ids]
        with self._connection.cursor() as cursor:
            cursor.executemany(SQL["insert_profile"], [(user,) for user in users])
        for row in self._read("read_profiles", "%s", [(user,) for user in users]):
            user, total_xp, week, week_xp, streaks = row
            yield (
                dialect.user_out(user),
                Standing(
                    total_xp=total_xp,
                    week=dialect.day_out(week),
                    week_xp=week_xp,
                    streaks=streaks_from_json(dialect.json_out(streaks)),
                ),
            )

    def read_weeks(
        self, weeks: Sequence[tuple[Any, date]]
    ) -> Iterator[tuple[Any, str, date, DayTotal]]:
        dialect = self._dialect
        spans = [
            (
                dialect.user(user_id),
                dialect.day(monday - timedelta(days=1)),
                dialect.day(monday + timedelta(days=6)),
            )
            for user_id, monday in weeks
        ]
        one = "(total.user_id = %s AND total.day BETWEEN %s AND %s)"
        for row in self._read("read_weeks", one, spans, " OR "):
            user, activity_type, day, awards, points, capped, last_awarded_at = row
            total = DayTotal(
                awards=awards,
                points=points,
                capped=capped,
                last_awarded_at=dialect.instant_out(last_awarded_at),
            )
            on = dialect.day_out(day)
            assert on is not None
            yield dialect.user_out(user), activity_type, on, total

    def find_many(self, keys: Sequence[tuple[Any, str]]) -> Iterator[tuple[Any, str, Existing]]:
        rows = [(self._dialect.user(user_id), key) for user_id, key in keys]
        for user, key, *entry in self._read("find_entries", "(%s, %s)", rows):
            yield self._dialect.user_out(user), key, self.existing(entry)

    def reserve_ids(self, count: int, after: int) -> Sequence[int]:
        return self._dialect.reserve_ids("thrive_points_pointshistory", count, after)

    def append_many(self, entries: Sequence[tuple[int, Entry]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(
                SQL["insert_entry"],
                [{**self.entry_params(entry), "id": entry_id} for entry_id, entry in entries],
            )

    def write_totals(self, totals: Sequence[tuple[Any, str, date, DayTotal]]) -> None:
        dialect = self._dialect
        with self._connection.cursor() as cursor:
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
