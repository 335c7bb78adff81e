"""Tutorials: short courses of steps a member works through."""
