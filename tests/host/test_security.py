"""What a visitor or a script can send, how often, and what goes out with the answer."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from rest_framework.throttling import UserRateThrottle

from allthrive import throttling
from allthrive.accounts.models import User
from allthrive.throttling import address_of, limiter
from tests.host.conftest import MakeMember
from tests.host.people import signed_in
from tests.support.paths import ROOT
from tests.support.sites import plain_environment

pytestmark = pytest.mark.django_db

PASSWORD = "blue-heron-42"


@pytest.fixture
def limits(settings: LazySettings) -> Iterator[None]:
    """Turn the limits on, as they are outside of tests, and count from nothing."""
    settings.RATE_LIMITS_ON = True
    limiter().storage.reset()
    yield
    limiter().storage.reset()


def sign_in(password: str, address: str = "/account/sign-in/") -> int:
    sheet = {"username": "ada", "password": password}
    return Client().post(address, sheet).status_code


@pytest.mark.parametrize("address", ["/account/sign-in/", "/admin/login/"])
def test_passwords_are_not_found_by_trying(staff: User, member: User, address: str, caplog):
    answers = [sign_in(f"wrong-{number}", address) for number in range(6)]
    assert answers[:4] == [200] * 4
    assert answers[-1] == 429
    # Not even the right one, for a while, from here.
    assert sign_in(PASSWORD, address) == 429
    assert "login failure" in caplog.text.lower() or "failed" in caplog.text.lower()


def test_a_lockout_ends_and_concerns_one_name(member: User, other: User):
    for number in range(6):
        sign_in(f"wrong-{number}")
    sheet = {"username": "ben", "password": PASSWORD}
    assert Client().post("/account/sign-in/", sheet).status_code == 302


def test_accounts_are_not_made_by_the_dozen(limits: None, caplog):
    answers = []
    for number in range(8):
        sheet = {
            "username": f"puppet{number}",
            "password1": "a long enough secret",
            "timezone": "UTC",
        }
        sent = {**sheet, "password2": "a long enough secret"}
        answers.append(Client().post("/account/join/", sent))
    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 3
    assert answers[-1].headers["Retry-After"] == "60"
    assert "Please wait 1 minute" in answers[-1].content.decode()
    assert "Too many requests by address:127.0.0.1" in caplog.text


def test_a_member_sends_no_more_than_a_person(limits: None, member: User, other: User):
    clicks = signed_in(member)
    answers = [clicks.post("/circle/check-in/").status_code for _ in range(21)]
    assert answers == [302] * 20 + [429]
    assert clicks.get("/").status_code == 200
    assert signed_in(other).post("/circle/check-in/").status_code == 302


def test_invitation_codes_are_not_found_by_trying(limits: None):
    visitor = Client()
    answers = [visitor.get(f"/invite/code{number}/").status_code for number in range(21)]
    assert answers == [404] * 20 + [429]


def test_the_api_has_its_limit(as_member: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min"})
    answers = [as_member.get("/api/v1/me/points/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429]
    assert "Retry-After" in answers[-1].headers


def test_no_limit_names_a_view_that_is_gone():
    from django.urls import get_resolver

    names = {
        f"{resolver.namespace}:{getattr(pattern, 'name', None)}"
        for resolver in get_resolver().url_patterns
        for pattern in getattr(resolver, "url_patterns", [])
    }
    assert set(throttling.BY_VIEW) <= names
    assert set(throttling.BY_VIEW) >= throttling.LOOKED_UP


def test_an_address_is_what_our_own_proxy_saw(rf: RequestFactory, settings: LazySettings):
    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"})
    assert address_of(request) == "127.0.0.1"
    settings.PROXIES = 1
    assert address_of(request) == "203.0.113.7"
    settings.PROXIES = 5
    assert address_of(request) == "127.0.0.1"


def test_a_large_body_is_refused_before_it_is_read():
    # Announced alone: had it been read, there would be nothing to read.
    answer = Client().generic("POST", "/account/sign-in/", b"", CONTENT_LENGTH="104857600")
    assert answer.status_code == 413
    assert "too large to send" in answer.content.decode()
    big = SimpleUploadedFile("big.bin", b"x" * 300_000)
    assert Client().post("/account/sign-in/", {"file": big}).status_code == 413


def test_nothing_sent_reaches_the_disk(settings: LazySettings):
    assert settings.FILE_UPLOAD_HANDLERS == [
        "django.core.files.uploadhandler.MemoryFileUploadHandler"
    ]
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE >= settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.mark.parametrize("address", ["/", "/explore/", "/account/", "/projects/", "/invite/"])
def test_personal_pages_stay_out_of_caches(as_member: Client, address: str):
    assert as_member.get(address).headers["Cache-Control"] == "private, no-store"


def test_the_api_keeps_its_own_caching(as_member: Client):
    kept = as_member.get("/api/v1/me/points/").headers["Cache-Control"]
    assert "no-cache" in kept
    assert "private" in kept


def test_staff_make_nobody_a_superuser(make_member: MakeMember, staff: User):
    from django.contrib.auth.models import Permission

    helper = make_member("helper", is_staff=True)
    codes = ["change_user", "view_user"]
    helper.user_permissions.set(Permission.objects.filter(codename__in=codes))
    clicks = signed_in(helper)
    mine = f"/admin/accounts/user/{helper.pk}/change/"
    fields = {"username": "helper", "timezone": "UTC", "is_active": "on", "is_superuser": "on"}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    assert clicks.get(mine).status_code == 200
    clicks.post(mine, {**fields, **joined, "is_staff": "on"})
    helper.refresh_from_db()
    assert not helper.is_superuser
    above = f"/admin/accounts/user/{staff.pk}"
    assert clicks.post(f"{above}/change/", {**fields, **joined}).status_code == 403
    sent = {
        "password1": "another-heron-9",
        "password2": "another-heron-9",
        "usable_password": "true",
    }
    assert clicks.post(f"{above}/password/", sent).status_code == 403
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def test_what_was_written_without_a_session_is_kept_and_sent_after_signing_in(
    member: User, other: User
):
    from allthrive.projects.models import Feedback, Project

    project = Project.objects.create(
        owner=other, title="An almanac", summary="s", status=Project.Status.PUBLISHED
    )
    address = f"/projects/{project.pk}/feedback/"
    text = "The opening works well; I would try a shorter second part."
    client = Client()
    to_sign_in = client.post(address, {"text": text})
    assert to_sign_in.headers["Location"].endswith(f"?next={address}")
    client.post(to_sign_in.headers["Location"], {"username": "ada", "password": PASSWORD})
    page = client.get(address)
    assert page.status_code == 200
    assert text in page.content.decode()
    client.post(address, {"text": text})
    assert Feedback.objects.get().text == text
    # It is offered once; afterwards the address is what it is.
    gone = client.get(address)
    assert gone.status_code == 405
    assert "Go back and use it there" in gone.content.decode()


def test_a_password_is_never_kept(member: User):
    client = Client()
    client.post("/circle/check-in/", {"password": "hunter2", "kind": "cheer"})
    assert "hunter2" not in json.dumps(dict(client.session.items()))


def test_the_page_for_a_broken_site_needs_nothing_of_it(settings: LazySettings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    assert "Something broke on our side" in render_to_string("500.html")


def test_production_as_documented_passes_djangos_deployment_checks(tmp_path):
    environment = plain_environment(
        DJANGO_SETTINGS_MODULE="allthrive.settings",
        ALLTHRIVE_SECRET_KEY="k9-" + "an-unlikely-and-rather-long-secret-of-many-letters-0451",
        ALLTHRIVE_HOSTS="thrive.example",
        DATABASE_URL=f"sqlite:///{tmp_path / 'site.sqlite3'}",
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
