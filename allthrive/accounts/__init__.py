"""Members: signing up, signing in, and the first visit of each day."""
