"""Django settings for the peers; BENCH_PEERS_* name their PostgreSQL database."""

import os

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["BENCH_PEERS_NAME"],
        "HOST": os.environ["BENCH_PEERS_HOST"],
        "USER": os.environ["BENCH_PEERS_USER"],
        "CONN_MAX_AGE": 600,
    }
}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "pinax.points",
    "django_gamification",
]
# Their tables as their models describe them; some of their migrations predate this Django.
MIGRATION_MODULES = {"points": None, "django_gamification": None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = False
SECRET_KEY = "for-benchmarks-only"
