"""What every test shares: the run's seed, a ledger that tests may flush, and the browser."""

import os
import random

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.support.browser",
    "tests.support.clock",
    "tests.support.partitions",
    "tests.support.platform",
]

settings.register_profile(
    "thrive",
    max_examples=int(os.environ.get("THRIVE_TEST_EXAMPLES", "50")),
    deadline=None,
    derandomize=False,
    print_blob=True,
    # Fixtures are set up once for all examples of a test, so a test that needs a fresh user
    # makes one in each example.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("thrive")


def _seed() -> int:
    # Kept in the environment, where xdist's workers and child processes find the same one.
    return int(
        os.environ.setdefault("THRIVE_TEST_SEED", str(random.SystemRandom().getrandbits(32)))
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give Hypothesis the run's seed, unless the command line names one."""
    if config.getoption("hypothesis_seed") is None:
        config.option.hypothesis_seed = str(_seed())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is about PostgreSQL itself out of a run on another database.

    There is nothing such a test could find there, so it is no part of the run rather than
    skipped by it: a skip would say that something is missing.
    """
    if os.environ.get("THRIVE_TEST_DATABASE") == "postgresql":
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("postgresql")]


def pytest_report_header() -> str:
    """Name the database and the seed, and say how to repeat the run."""
    database = os.environ.get("THRIVE_TEST_DATABASE", "sqlite")
    return f"thrive: {database}; random seed {_seed()}, to repeat: THRIVE_TEST_SEED={_seed()}"


@pytest.fixture(scope="session", autouse=True)
def _ledger_can_be_flushed() -> None:
    # Imported here because conftest.py is read before Django is set up.
    from thrive_points.testing import allow_flush

    allow_flush()


@pytest.fixture
def rng() -> random.Random:
    """Return a generator that starts from the run's seed."""
    return random.Random(_seed())
