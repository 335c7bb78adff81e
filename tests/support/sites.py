"""Run commands and a development server the way a site's owner would, in a process of its own."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.support.clock import along_in_time

_ANSWER_SECONDS = 60


def plain_environment(**changes: str) -> dict[str, str]:
    """Return the environment without what this test run put into it, and with `changes`."""
    own = ("DJANGO_", "THRIVE_", "ALLTHRIVE_", "PYTEST_", "DATABASE_URL", "PYTHONPATH", "VIRTUAL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return along_in_time({**kept, **changes})


def run(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Run a command and return what it printed; fail the test with its words if it fails."""
    outcome = subprocess.run(
        command,
        cwd=cwd,
        env=dict(env) if env is not None else plain_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert outcome.returncode == 0, f"{command}\n{outcome.stdout}"
    return outcome.stdout


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(
    python: Path, *, cwd: Path, log: Path, env: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Yield the address of `manage.py runserver` in the folder `cwd`."""
    address = f"127.0.0.1:{free_port()}"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [python, "manage.py", "runserver", "--noreload", address],
            cwd=cwd,
            env=dict(env) if env is not None else plain_environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for_answer(address, server, log)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait()


def _wait_for_answer(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://{address}/", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The server did not answer.\n{log.read_text()}")
