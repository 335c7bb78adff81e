"""The reference host's settings, on a throw-away database.

THRIVE_TEST_DATABASE chooses it: sqlite (the default) or postgresql. PostgreSQL is the server that
DATABASE_URL names, or one started for this run.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import dj_database_url

from allthrive.settings import *  # noqa: F403
from allthrive.settings import DATABASES, STORAGES
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

if TEST_DATABASE == "sqlite":
    # A file, not memory: live_server threads and child processes then have connections of
    # their own, as they have in production.
    DATABASES["default"] = {
        **DATABASES["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(SCRATCH_FOLDER / "unused.sqlite3"),
        "TEST": {"NAME": str(SCRATCH_FOLDER / "test.sqlite3")},
    }
elif TEST_DATABASE == "postgresql":
    DATABASES["default"] = dj_database_url.parse(database_url())  # type: ignore[assignment]
else:
    raise ValueError(f"THRIVE_TEST_DATABASE is {TEST_DATABASE!r}; use sqlite or postgresql.")

SECRET_KEY = "for-tests-only"
# The manifest that production's storage wants is made by collectstatic, which no test needs.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# The real hashers are slow on purpose, and no test is about them.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
