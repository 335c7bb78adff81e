"""Every operation under generated requests, with every check that Schemathesis has.

Requests are wrong and right ones by the description alone; what is right must be accepted and
what is wrong refused.
"""

import datetime as dt

import pytest
import schemathesis
from django.contrib.auth.models import Permission
from django.test import Client
from hypothesis import settings

from allthrive.accounts.models import User
from tests.support.paths import ROOT
from thrive_points.http.base import STAFF_PERMISSION
from thrive_points.selectors import MOST_BUCKETS, Bucket
from thrive_points.services import PointsService


def make_right(query):
    """Make right parameters right with each other too, which OpenAPI has no words for."""
    if "since" not in query:
        query.pop("until", None)
        return
    query.pop("window", None)
    first, last = sorted([query["since"], query.get("until", query["since"])])
    query |= {"since": first, "until": last}
    since, until = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    if Bucket(query.get("bucket", "none")).buckets_in(since, until) > MOST_BUCKETS:
        query["bucket"] = "none"


schema = schemathesis.openapi.from_path(ROOT / "docs" / "reference" / "openapi.yaml")
# The session is the fixture's: with generated ones most requests would get no further than 401.
schema.config.generation.update(with_security_parameters=False)


@schema.auth()
class SignedIn:
    """Signs requests in as the member of the fixture."""

    session = ""

    def get(self, case, context):
        return self.session

    def set(self, case, data, context):
        case.cookies = {**(case.cookies or {}), "sessionid": data}


@schema.hook
def map_case(context, case):
    if case.meta is not None and case.meta.generation.mode.is_positive:
        make_right(case.query)
    return case


@pytest.fixture
def reader(transactional_db, monkeypatch):
    """Sign in a member who has points and may read others'."""
    user = User.objects.create_user("reader")
    codename = STAFF_PERMISSION.split(".")[1]
    user.user_permissions.add(Permission.objects.get(codename=codename))
    for number in range(12):
        PointsService.award_points(user, "quiz_completed", {"event_key": f"quiz:{number}"})
    PointsService.reverse(user, "quiz:3", "Counted by mistake.")
    PointsService.adjust(user, 30, "A gift.")
    client = Client()
    client.force_login(user)
    monkeypatch.setattr(SignedIn, "session", client.cookies["sessionid"].value)
    return user


@schema.parametrize()
@settings(max_examples=25)
def test_keeps_its_word(case, reader, live_server):
    if "member" in case.path_parameters and not case.meta.is_negative_at("path"):
        case.path_parameters["member"] = str(reader.pk)
    case.call_and_validate(base_url=live_server.url)
