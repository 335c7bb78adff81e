"""A site of django-tenants: each tenant has a schema with members and points of its own."""

from tests.sites.plain import *  # noqa: F403
from tests.sites.plain import INSTALLED_APPS as PLAIN_APPS

SHARED_APPS = ["django_tenants", "tests.sites.tenants", "django.contrib.contenttypes"]
TENANT_APPS = PLAIN_APPS
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]
TENANT_MODEL = "tenants.Client"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
