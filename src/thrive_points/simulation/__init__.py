"""What-if: the ledger's real events, decided again under draft rules. Writes nothing."""

from thrive_points.simulation.comparison import Comparison
from thrive_points.simulation.ledger import EmptySpan
from thrive_points.simulation.run import count_entries, simulate

__all__ = ["Comparison", "EmptySpan", "count_entries", "simulate"]
