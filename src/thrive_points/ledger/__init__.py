"""How an entry, its daily total and the member's XP are written and read back."""
