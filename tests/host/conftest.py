"""Members, and clients that are signed in as one of them."""

from collections.abc import Callable

import pytest
from django.test import Client

from allthrive.accounts.models import User
from tests.host.people import signed_in

MakeMember = Callable[..., User]


@pytest.fixture
def make_member(db: None) -> MakeMember:
    """Return a function that creates members: `make_member("ada", timezone="Asia/Tokyo")`."""

    def make(username: str, **fields: object) -> User:
        return User.objects.create_user(username, password="blue-heron-42", **fields)

    return make


@pytest.fixture
def member(make_member: MakeMember) -> User:
    return make_member("ada")


@pytest.fixture
def other(make_member: MakeMember) -> User:
    return make_member("ben")


@pytest.fixture
def staff(make_member: MakeMember) -> User:
    return make_member("sam", is_staff=True, is_superuser=True)


@pytest.fixture
def as_member(member: User) -> Client:
    return signed_in(member)


@pytest.fixture
def as_other(other: User) -> Client:
    return signed_in(other)


@pytest.fixture
def as_staff(staff: User) -> Client:
    return signed_in(staff)
