"""Walk through every page of the admin that shows points, in the small site."""

import django
from django.core.management import call_command
from django.test.utils import setup_test_environment

django.setup()
setup_test_environment()
call_command("migrate", run_syncdb=True, verbosity=0)

from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from tests.http.email_site.models import Person  # noqa: E402
from thrive_points.services import PointsService  # noqa: E402

ECONOMY = "/admin/thrive_points/pointseconomy/"
PROFILES = "/admin/thrive_points/userthriveprofile/"

boss = Person.objects.create(email="boss@example.org", is_staff=True, is_superuser=True)
ada = Person.objects.create(email="ada@example.org")
for n in range(3):
    PointsService.award_points(ada, "quiz_completed", {"event_key": f"quiz:{n}"})
PointsService.award_points(boss, "daily_login")

client = Client()
client.force_login(boss)
for address in (ECONOMY, f"{ECONOMY}findings/", f"{ECONOMY}members/", PROFILES):
    assert client.get(address).status_code == 200, address

search = client.get(f"{ECONOMY}members/").content.decode()
assert "Member, by e-mail address or primary key, in full" in search
ledger = reverse("admin:thrive_points_pointseconomy_ledger", args=[ada.pk])
for name in ("ada@example.org", str(ada.pk), ada.pk.hex):
    assert client.get(f"{ECONOMY}members/", {"member": name})["Location"] == ledger, name
for name in ("ada", "17", "00000000-0000-0000-0000-000000000000"):
    assert "Nobody is known by that" in (
        client.get(f"{ECONOMY}members/", {"member": name}).content.decode()
    ), name
assert client.get(f"{ECONOMY}members/17/").status_code == 404

page = client.get(PROFILES, {"q": "ada@example.org"})
assert [profile.user for profile in page.context["cl"].result_list] == [ada]
assert "The e-mail address, in full." in page.content.decode()
assert list(client.get(PROFILES, {"q": "ada"}).context["cl"].result_list) == []

given = {"entry": [1, 3], "confirmed": "yes", "reason": "a script"}
answer = client.post(ledger, given, follow=True).content.decode()
assert "Took back 2 entries and 40 points. ada@example.org now has 20 points" in answer

chosen = {"action": "adjust_points", "_selected_action": [str(ada.pk)]}
assert f'value="{ada.pk}"' in client.post(PROFILES, chosen).content.decode()
given = {**chosen, "confirmed": "yes", "points": "30", "reason": "a prize"}
assert "1 member is adjusted." in client.post(PROFILES, given, follow=True).content.decode()
assert Person.objects.get(pk=ada.pk).total_points == 50
