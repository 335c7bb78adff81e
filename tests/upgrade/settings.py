"""A site with the platform's two apps alone, so that the reference host's models do not matter.

DATABASE_URL names its database, UPGRADE_USER_MODEL its user model.
"""

import os

import dj_database_url

SECRET_KEY = "for-tests-only"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
AUTH_USER_MODEL = os.environ.get("UPGRADE_USER_MODEL", "auth.User")
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "thrive_points",
    "thrive_circles",
]
if AUTH_USER_MODEL != "auth.User":
    INSTALLED_APPS.append("tests.upgrade.people")
DATABASES = {"default": dj_database_url.config()}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 60}
