"""Settings of the reference host. Every secret and every address comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _listed(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


DEBUG = _flag("ALLTHRIVE_DEBUG")
# The demo looks like production, but for this machine alone: plain HTTP, files as they lie, and
# logins that everybody knows.
DEMO = _flag("ALLTHRIVE_DEMO")
_LOCAL = DEBUG or DEMO
# Elsewhere an absent key stays empty: Django then refuses to sign or serve anything.
SECRET_KEY = os.environ.get("ALLTHRIVE_SECRET_KEY", "for-development-only" if _LOCAL else "")
ALLOWED_HOSTS = _listed("ALLTHRIVE_HOSTS") or (["127.0.0.1", "localhost"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = _listed("ALLTHRIVE_ORIGINS")

FEATURES = [
    "accounts",
    "home",
    "quizzes",
    "tutorials",
    "projects",
    "circles",
    "side_quests",
    "battles",
    "challenges",
    "hunts",
    "events",
    "mentoring",
    "referrals",
    "notices",
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "thrive_circles",
    "thrive_connect",
    "thrive_points",
    "allthrive.writing",
    *(f"allthrive.{feature}" for feature in FEATURES),
    "allthrive.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "allthrive.security.ContentSecurityPolicyMiddleware",
    "allthrive.security.BodyLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allthrive.security.PersonalPagesMiddleware",
    "allthrive.throttling.RateLimitMiddleware",
    "allthrive.unsent.UnsentMiddleware",
    "allthrive.accounts.middleware.MemberDayMiddleware",
    # Last, as it asks: it answers whoever a sign-in has locked out.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "allthrive.urls"
WSGI_APPLICATION = "allthrive.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "allthrive" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "allthrive.doorways.navigation",
                "allthrive.notices.views.bell",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    (BASE_DIR / "var").mkdir(exist_ok=True)
    database: dict[str, Any] = dict(
        dj_database_url.config(
            default=f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}",
            conn_max_age=60,
            conn_health_checks=True,
        )
    )
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE takes the write lock when a transaction opens: two awards of one member then
        # queue instead of one failing when it upgrades its read lock.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        }
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Counted for a name from one address: nobody locks a member out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_CLIENT_IP_CALLABLE = "allthrive.throttling.address_of"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home:index"
LOGOUT_REDIRECT_URL = "home:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "allthrive" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

WHITENOISE_USE_FINDERS = _LOCAL

THRIVE_POINTS = {
    "USER_ZONE": "allthrive.accounts.zones.zones_of",
    "ACTIVITY_URL": "allthrive.doorways.url_of",
    "OPEN_ACTIVITIES": "allthrive.home.openings.open_activities",
}
# How many proxies of one's own stand before the site; each adds to what it was told of visitors.
PROXIES: int = int(os.environ.get("ALLTHRIVE_PROXIES", "0"))
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "30/min", "user": "120/min"},
    "NUM_PROXIES": PROXIES,
}
# Where requests are counted. Several processes share what a server of theirs keeps, for example
# redis://localhost:6379/1; in memory each counts for itself.
RATE_LIMIT_STORAGE = os.environ.get("ALLTHRIVE_RATE_LIMIT_STORAGE", "memory://")

# A form is a few fields of bounded text: anything larger is refused before it is read, files
# included, and none of it ever reaches the disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
# Outside this machine everything goes by HTTPS, unless somebody asks for plain HTTP.
_HTTPS = not (_LOCAL or _flag("ALLTHRIVE_PLAIN_HTTP"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
# Only a proxy of one's own sets this header; without one it would be the visitor's word.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS and PROXIES else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Failures are warnings; that everybody else signed in is no news.
    "loggers": {"axes": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ALLTHRIVE_LOG_LEVEL", "INFO")},
}
