"""A database backend that tells the server who acts, as hosts write it for row-level security.

It follows django-tenants and its kin: `_cursor()` is where every statement of Django's passes,
so that is where such backends set a schema, a role or a variable.
"""

from contextvars import ContextVar
from typing import Any

from django.db.backends.postgresql import base

actor: ContextVar[str] = ContextVar("actor", default="nobody")
"""Who acts, by name; a middleware would set it for the length of a request."""


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, told before every statement who acts."""

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super()._cursor(name)
        with self.connection.cursor() as raw:
            raw.execute("SELECT set_config('app.user', %s, false)", [actor.get()])
        return cursor
