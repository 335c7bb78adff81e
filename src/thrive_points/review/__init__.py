"""Review: is the economy honest? Inflation, concentration, caps, suspicion, audit."""
