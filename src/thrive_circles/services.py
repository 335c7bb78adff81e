"""XPService by the name the strategy gives it; it lives with the ledger, which it is a part of."""

from thrive_points.ledger.profile import XPService

__all__ = ["XPService"]
