"""Django settings of a measured process; BENCH_DATABASE is the URL of its database."""

import os

import dj_database_url

DATABASES = {"default": dict(dj_database_url.parse(os.environ["BENCH_DATABASE"], conn_max_age=600))}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # As the reference host configures it: every contender gets the same good settings.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        ),
    }
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "thrive_circles",
    "thrive_points",
    "benchmarks.typical",
]
if os.environ.get("BENCH_CONNECT"):
    INSTALLED_APPS.append("thrive_connect")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
SECRET_KEY = "for-benchmarks-only"
THRIVE_POINTS = {"RULES": "benchmarks.rules.RULES"}
