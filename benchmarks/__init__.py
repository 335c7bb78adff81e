"""Measure the award path against the floor of its databases and against its peers."""
