"""The peers: other points packages, in an environment and a database of their own."""
