"""What other features can hear about members."""

from django.dispatch import Signal

member_joined = Signal()
"""Sent inside the transaction of a sign-up, with `user` and `referral_code` ("" when none)."""
