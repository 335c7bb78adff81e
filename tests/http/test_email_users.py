"""The admin of a site whose user model has no username, in a process of its own."""

import os
import sys

from tests.support.paths import ROOT
from tests.support.sites import plain_environment, run


def test_every_page_works_where_an_address_is_the_name() -> None:
    env = plain_environment(
        DJANGO_SETTINGS_MODULE="tests.http.email_site.settings",
        PYTHONPATH=os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    )
    run([sys.executable, "-m", "tests.http.email_site"], cwd=ROOT, env=env)
