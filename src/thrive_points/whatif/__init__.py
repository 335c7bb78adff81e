"""What-if: the ledger's real events, decided again under draft rules. Writes nothing."""

from thrive_points.whatif.comparison import Comparison
from thrive_points.whatif.ledger import EmptySpan
from thrive_points.whatif.run import count_entries, simulate

__all__ = ["Comparison", "EmptySpan", "count_entries", "simulate"]
