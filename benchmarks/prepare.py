"""Make a database for the contenders of the project's own environment.

python -m benchmarks.prepare MEMBERS [--fill ENTRIES] [--today ENTRIES], with the settings and
BENCH_DATABASE in the environment. --today gives the first member so many entries of this day.
"""

import argparse

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from django.contrib.auth.models import User  # noqa: E402

from benchmarks.filling import fill  # noqa: E402
from thrive_points.sql.named import load  # noqa: E402


def main() -> None:
    """Create the tables, the floor's functions, the members and what the ledger starts with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("members", type=int)
    parser.add_argument("--fill", type=int, default=0)
    parser.add_argument("--today", type=int, default=0)
    parser.add_argument("--listen", action="store_true")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    # The hand-written tables have no migrations, and point at tables that have.
    call_command("migrate", run_syncdb=True, verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in load("floor.sql", "benchmarks").values():
                cursor.execute(statement)
    User.objects.bulk_create(
        (User(username=f"member-{number}") for number in range(options.members)),
        batch_size=10_000,
    )
    if options.listen:
        from thrive_connect.models import Listener

        Listener.objects.create(name="listener", handler="builtins.print", kinds=["entry.recorded"])
    if options.fill:
        fill(options.fill)
    if options.today:
        fill(options.today, User.objects.order_by("pk")[0].pk, today=True)


if __name__ == "__main__":
    main()
