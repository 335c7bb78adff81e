"""The tenants, as django-tenants asks a site to declare them."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Client(TenantMixin):
    """A tenant; its schema is made when it is saved."""

    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A tenant's address, which no test calls."""

    def __str__(self) -> str:
        return str(self.domain)
