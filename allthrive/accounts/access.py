"""Who is asking."""

from django.http import HttpRequest

from allthrive.accounts.models import User


def member(request: HttpRequest) -> User:
    """Return the signed-in member of a view that requires one."""
    assert isinstance(request.user, User)
    return request.user
