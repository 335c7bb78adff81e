"""Make a database for the contenders of the project's own environment.

python -m benchmarks.prepare MEMBERS, with the settings and BENCH_DATABASE in the environment.
"""

import sys

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from django.contrib.auth.models import User  # noqa: E402

from thrive_points.named_sql import load  # noqa: E402


def main() -> None:
    """Create the tables, the floor's functions and the members."""
    call_command("migrate", verbosity=0)
    # The hand-written tables have no migrations, and point at tables that have.
    call_command("migrate", run_syncdb=True, verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in load("benchmarks", "floor.sql").values():
                cursor.execute(statement)
    User.objects.bulk_create(
        [User(username=f"member-{number}") for number in range(int(sys.argv[1]))]
    )


if __name__ == "__main__":
    main()
