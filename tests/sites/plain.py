"""The least a site needs for the platform; the rest is what a test gives it."""

from tests.support.small_site import given_settings

SECRET_KEY = "for-tests-only"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "thrive_circles",
    "thrive_points",
]

globals().update(given_settings())
