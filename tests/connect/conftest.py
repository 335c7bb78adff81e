"""A listener that runs."""

import pytest

from tests.connect.receiver import receiving
from thrive_connect.kinds import Kind
from thrive_connect.models import Listener
from thrive_connect.webhooks import new_secret


@pytest.fixture
def receiver(settings):
    """Return a receiver on this machine, which the site allows."""
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "WEBHOOK_NETWORKS": ["127.0.0.0/8"]}
    with receiving() as server:
        yield server


@pytest.fixture
def listen(receiver):
    """Return a function that makes a listener for some kinds at the receiver."""

    def make(*kinds, **fields):
        secret = new_secret()
        receiver.secrets = (*receiver.secrets, secret)
        return Listener.objects.create(
            name=f"receiver {len(receiver.secrets)}",
            url=receiver.url,
            kinds=[Kind(kind).value for kind in kinds],
            secret=secret,
            **fields,
        )

    return make
