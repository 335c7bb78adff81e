"""Measure what is promised of speed and memory: each module with a `main` is a measurement."""
