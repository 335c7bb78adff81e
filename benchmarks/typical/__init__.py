"""Points as a feature team would write them by hand: sound, and one ORM call for each thought."""
