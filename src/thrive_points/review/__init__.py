"""Review: is the economy honest? Inflation, concentration, caps, finding, audit."""
