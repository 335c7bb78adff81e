"""A receiver of webhooks that runs: it verifies each message, and answers what it is told to."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(ThreadingHTTPServer):
    """Keeps what it took, in order."""

    daemon_threads = True
    secrets: tuple[str, ...] = ()
    drip = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.refused = 0
        self.answer: Callable[[], int] = lambda: 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks?site=1"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            found = [self._verified(secret, body) for secret in self.server.secrets]
        except WebhookVerificationError:
            self.server.refused += 1
            self._say(400)
            return
        status = self.server.answer()
        if 200 <= status < 300:
            self.server.got += found[:1]
            self.server.ids.append(self.headers["webhook-id"])
        self._say(status)

    def _verified(self, secret: str, body: bytes) -> Any:
        return Webhook(secret).verify(body, dict(self.headers.items()))

    def _say(self, status: int) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "http://169.254.169.254/")
        length = 1_000_000 if self.server.drip else 0
        self.send_header("Content-Length", str(length))
        self.end_headers()
        for _ in range(length):
            try:
                self.wfile.write(b".")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(self.server.drip)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver for a block."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
