"""Signals, sent after the transaction has committed."""

from django.dispatch import Signal

points_recorded = Signal()
"""Sent once for every entry appended to the ledger, refusals included.

Receivers get `user`, the user object, and `result`, the AwardResult. A receiver that
raises is logged and stops neither the others nor the request. This is the place to hang a
webhook or a notification on.
"""
