"""Time import, audit and checkpoints over a large ledger: python -m benchmarks.proof [--rows N].

A file of old points is imported by `points_import`; then the ledger is proved, signed, signed
again after some awards, and proved against that.
"""

import csv
import os
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.commands import cost_of
from benchmarks.databases import own_database
from benchmarks.report import measuring, options_of

MILLION = 1_000_000
DAYS = 365
ACTIVITIES = ("quiz_completed", "feedback_given", "daily_login", "battle_participated")
# Seconds for a million rows; none for the rest.
LIMITS = {"points_import": 120, "points_checkpoint": 60}
MOST_MEGABYTES = 300


def main() -> None:
    """Write a file, import it, and report what each command cost."""
    parser = options_of(__doc__)
    parser.add_argument("--rows", type=int, default=MILLION)
    parser.add_argument("--members", type=int, default=10_000)
    options = parser.parse_args()
    with measuring("proof", save=options.save) as (server, report):
        environment = own_database(server.url, members=options.members)
        environment["THRIVE_POINTS_PROOF_KEY"] = "a key for the measurement alone, no secret"
        os.environ |= environment
        with tempfile.TemporaryDirectory() as folder:
            rows, first, second = (f"{folder}/{name}" for name in ("old.csv", "first", "second"))
            _write(Path(rows), options.rows, options.members)
            commands = (
                ("points_import", rows),
                ("points_import", rows, "--dry-run"),
                ("points_audit",),
                ("points_checkpoint", first),
                ("points_checkpoint", second, "--after", first),
                ("points_audit", "--against", second),
            )
            costs = [(command, cost_of(environment, *command)) for command in commands]
        report.table(
            f"{options.rows:,} rows of {options.members:,} members",
            ("", "seconds", "of them computing", "peak MB"),
            (
                (
                    " ".join(part for part in command if not part.startswith(folder)),
                    f"{cost.seconds:.1f}",
                    f"{cost.computing:.1f}",
                    f"{cost.peak:.0f}",
                )
                for command, cost in costs
            ),
        )
        seen = set()
        for (name, *_), cost in costs:
            if name in LIMITS and name not in seen:
                seen.add(name)
                most = LIMITS[name] * max(options.rows, MILLION) / MILLION
                kept = cost.seconds <= most and cost.peak <= MOST_MEGABYTES
                report.promise(
                    kept,
                    f"{name}: {cost.seconds:.1f} s and {cost.peak:.0f} MB, at most {most:.0f} s "
                    f"and {MOST_MEGABYTES} MB",
                )


def _write(path: Path, rows: int, members: int) -> None:
    """Write a file of old points in the order of their instants, as a site's log would be."""
    rng = random.Random(1)
    begin = datetime.now(UTC) - timedelta(days=DAYS + 1)
    step = timedelta(days=DAYS) / rows
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["user", "activity_type", "points", "occurred_at", "event_key", "note", "metadata"]
        )
        for number in range(rows):
            activity = rng.choice(ACTIVITIES)
            writer.writerow(
                [
                    1 + rng.randrange(members),
                    activity,
                    rng.randrange(1, 50),
                    (begin + number * step).isoformat(),
                    f"log:{number}",
                    "from the old site",
                    '{"score": 7}' if number % 2 else "",
                ]
            )


if __name__ == "__main__":
    main()
