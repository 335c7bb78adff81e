"""What happened while somebody was away: what others did, and what points came by themselves."""
