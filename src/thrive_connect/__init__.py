"""Thrive Connect: other services report events, and hear of what was earned.

Events in: an API with keys for services (`keys`, `http`). Events out: a queue that is written in
the award's own transaction (`sql`), a relay that delivers it (`relay`), and webhooks (`webhooks`).
"""
