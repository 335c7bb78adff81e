"""Projects: what members make, show, share, and tell each other about."""
