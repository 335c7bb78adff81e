"""A backend that says of itself what MySQL's says, and needs no server for it."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite under another name."""

    vendor = "mysql"
    display_name = "MySQL"
