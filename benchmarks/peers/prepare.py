"""Make the peers' database: python -m benchmarks.peers.prepare MEMBERS."""

import sys

import django
from django.core.management import call_command

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django_gamification.models import GamificationInterface  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    members = range(int(sys.argv[1]))
    User.objects.bulk_create([User(username=f"member-{number}") for number in members])
    GamificationInterface.objects.bulk_create([GamificationInterface() for _ in members])
