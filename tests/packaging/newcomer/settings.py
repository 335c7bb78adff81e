# Everything a new site has not. Appended to the settings that startproject writes.
INSTALLED_APPS = ["unfold", *INSTALLED_APPS, "people", "thrive_circles", "thrive_points"]  # noqa: F821
AUTH_USER_MODEL = "people.Person"
DATABASE_ROUTERS = ["people.router.Router"]
DATABASES["members"] = {  # noqa: F821
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": BASE_DIR / "members.sqlite3",  # noqa: F821
    "OPTIONS": {"transaction_mode": "IMMEDIATE"},
}
