"""The ledger's store: one contract, a portable implementation and a PostgreSQL one."""

from threading import local

from thrive_points.conf import points_settings
from thrive_points.ledger.bulk import PortableBulkStore
from thrive_points.ledger.contract import Account, BulkStore, Entry, Existing, Store
from thrive_points.ledger.postgresql import PostgreSQLStore
from thrive_points.models import PointsHistory
from thrive_points.sql.dialect import speaks_postgresql, writing_connection

__all__ = ["Account", "BulkStore", "Entry", "Existing", "Store", "store_for_writing"]


_kept = local()


def store_for_writing() -> BulkStore:
    """Return the store of the connection that the ledger is written by.

    It is kept with what it has learned of its connection, which a thread has for itself.
    """
    connection = writing_connection(PointsHistory)
    made_for = (connection, connection.timezone, points_settings())
    if getattr(_kept, "made_for", None) != made_for:
        kind = PostgreSQLStore if speaks_postgresql(connection) else PortableBulkStore
        _kept.store, _kept.made_for = kind(connection), made_for
    return _kept.store  # type: ignore[no-any-return]
