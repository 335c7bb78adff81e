"""The reference host's settings, on a throw-away database.

THRIVE_TEST_DATABASE chooses it: sqlite (the default), postgresql, or partitioned, which is
PostgreSQL with the member's tables as tests/support/partitions.py makes them. PostgreSQL is the
server that DATABASE_URL names, or one started for this run.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.support.postgres import database_url

TEST_DATABASE = os.environ.get("THRIVE_TEST_DATABASE", "sqlite")


def _scratch_folder() -> Path:
    """Return this run's own folder, made by the first process and shared with its children."""
    if "THRIVE_TEST_FOLDER" not in os.environ:
        folder = tempfile.mkdtemp(prefix="thrive-tests-")
        os.environ["THRIVE_TEST_FOLDER"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(os.environ["THRIVE_TEST_FOLDER"])


SCRATCH_FOLDER = _scratch_folder()

# Set before the host's settings are read, so that its own database options apply; and set in the
# environment, so that a command started by a test cannot reach the developer's database.
if TEST_DATABASE == "sqlite":
    os.environ["DATABASE_URL"] = f"sqlite:///{SCRATCH_FOLDER / 'unused.sqlite3'}"
elif TEST_DATABASE in ("postgresql", "partitioned"):
    database_url()
else:
    raise ValueError(
        f"THRIVE_TEST_DATABASE is {TEST_DATABASE!r}; use sqlite, postgresql or partitioned."
    )

# The test client and the live server speak plain HTTP; tests/host/test_security.py looks at HTTPS.
os.environ["ALLTHRIVE_PLAIN_HTTP"] = "1"

from allthrive.settings import *  # noqa: E402, F403
from allthrive.settings import DATABASES, REST_FRAMEWORK, STORAGES  # noqa: E402

# A connection kept by a live server's thread would hold the test database open when it is dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if TEST_DATABASE == "sqlite":
    # A file, not memory: live server threads and child processes then have connections of their
    # own, as they have in production.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH_FOLDER / "test.sqlite3")}

SECRET_KEY = "for-tests-only"
# The manifest that production's storage wants is made by collectstatic, which no test needs.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = SCRATCH_FOLDER / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# The real hashers are slow on purpose, and no test is about them.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
# Tests click faster than people do; tests/host/test_security.py sets limits of its own.
RATE_LIMITS_ON = False
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"anon": None, "user": None}
