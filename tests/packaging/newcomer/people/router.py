"""Keeps people and points in one database, and what knows nobody in the other."""

from typing import Any

ELSEWHERE = {"sessions"}


class Router:
    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "default" if model._meta.app_label in ELSEWHERE else "members"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label in ELSEWHERE) == (db == "default")
