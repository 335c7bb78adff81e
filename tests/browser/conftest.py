"""Browser tests run at one instant, and so does the live server, which is a thread of theirs."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.browser.instant import INSTANT


@pytest.fixture(autouse=True)
def _at_one_instant() -> Iterator[None]:
    with time_machine.travel(INSTANT):
        yield


@pytest.fixture(scope="session")
def review_libraries() -> None:
    """Read what review needs before a page does: on a busy machine that outlasts its patience."""
    import networkx  # noqa: F401
    import scipy.stats  # noqa: F401
