"""All Thrive, the reference host of the points platform: one small Django app per feature."""
