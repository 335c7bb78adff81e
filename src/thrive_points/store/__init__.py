"""The ledger's store: one contract, a portable implementation and a PostgreSQL one."""

from thrive_points.dialect import speaks_postgresql, writing_connection
from thrive_points.models import PointsHistory
from thrive_points.store.bulk import PortableBulkStore
from thrive_points.store.contract import Account, BulkStore, Entry, Existing, Store
from thrive_points.store.postgresql import PostgreSQLStore

__all__ = ["Account", "BulkStore", "Entry", "Existing", "Store", "store_for_writing"]


def store_for_writing() -> BulkStore:
    """Return the store of the connection that the ledger is written by."""
    connection = writing_connection(PointsHistory)
    return (PostgreSQLStore if speaks_postgresql(connection) else PortableBulkStore)(connection)
