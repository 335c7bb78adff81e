"""The API's description: valid OpenAPI 3.1, complete, and the one that is committed."""

import yaml
from django.test import Client

from tests.http.test_access import MINE
from tests.support.paths import ROOT
from thrive_points.management.commands.points_openapi import yaml as current

COMMITTED = ROOT / "docs" / "reference" / "openapi.yaml"


def test_the_committed_description_is_current():
    assert COMMITTED.read_text().strip() == current().strip(), (
        "Run: manage.py points_openapi > docs/reference/openapi.yaml"
    )


def test_is_served_to_anyone(db):
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    served = response.json()
    assert served == yaml.safe_load(COMMITTED.read_text())
    assert served["openapi"].startswith("3.1")


def test_describes_every_address_and_only_reading():
    paths = yaml.safe_load(COMMITTED.read_text())["paths"]
    expected = {f"/api/v1/me/{where}" for where in MINE}
    expected |= {f"/api/v1/members/{{member}}/{where}" for where in MINE}
    assert set(paths) == expected
    for operations in paths.values():
        assert set(operations) == {"get"}
        assert operations["get"]["security"] == [{"cookieAuth": []}]
