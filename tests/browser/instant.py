"""The instant at which browser tests run, whatever day it is."""

from datetime import UTC, datetime

from tests.support.clock import chosen_instant

# A Wednesday afternoon: the circles of the week have formed, and nobody's day ends during a test.
INSTANT = chosen_instant() or datetime(2026, 5, 20, 15, 0, tzinfo=UTC)
