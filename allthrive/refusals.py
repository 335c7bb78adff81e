"""How pages and features say no: a service raises `ValidationError`, the page shows its words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Turn a refusal inside the block into a message for the person, and go on after it."""
    try:
        yield
    except ValidationError as refusal:
        for text in refusal.messages:
            messages.error(request, text)
