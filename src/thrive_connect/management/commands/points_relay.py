"""Deliver what listeners are to hear of."""

import signal
import time
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from thrive_connect.relay import Counts, forget_old_deliveries, lag, relay
from thrive_points.management.examples import ExampleCommand


class Command(ExampleCommand):
    """Run the relay until it is told to stop, or for one pass."""

    help = (
        "Deliver queued news to webhooks and handlers, for each member in order and at least once. "
        "Several may run at a time. SIGTERM ends it after the delivery under way."
    )
    examples = ("manage.py points_relay", "manage.py points_relay --once")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Deliver what is due, and end.")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="Seconds between two passes; 1 by default."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._stopped = False
        if options["once"]:
            self._say(relay())
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        swept = None
        while not self._stopped:
            counts = relay(stop=lambda: self._stopped)
            if counts != Counts():
                self._say(counts)
            today = timezone.now().date()
            if swept != today:
                forget_old_deliveries(timezone.now())
                swept = today
            if not self._stopped:
                time.sleep(options["interval"])

    def _stop(self, *_: Any) -> None:
        self._stopped = True

    def _say(self, counts: Counts) -> None:
        self.stdout.write(
            f"{counts.delivered:,} delivered, {counts.failed:,} failed, {counts.dead:,} given up; "
            f"the oldest waits for {lag().total_seconds():.0f} s."
        )
