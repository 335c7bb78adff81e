from datetime import timedelta
from pathlib import Path

from django.test import Client
from django.utils import timezone
from people.models import Person

from thrive_points import PointsService

ada = Person.objects.create(email="ada@example.org")
boss = Person.objects.create(email="boss@example.org", is_staff=True, is_superuser=True)
for number in range(4):
    result = PointsService.award_points(
        ada,
        "quiz_completed",
        {"event_key": f"quiz:{number}"},
        occurred_at=timezone.now() - timedelta(days=3 + number),
    )
assert result.total_points == 80
PointsService.award_points(boss, "quiz_completed", {"event_key": "quiz:1"})
client = Client()
client.force_login(boss)
Path("session").write_text(client.cookies["sessionid"].value)
