"""Start a throw-away PgBouncer in transaction mode, and provide the program where it is missing.

python -m tests.support.pgbouncer --ensure
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.packages import debian_installers, ensure

_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/local/bin")
_PORT = 6432
_START_SECONDS = 30

# Ends the pooler and removes its folder as soon as the process that started it is gone, however
# that ended: its standard input then closes.
_SUPERVISE = 'home=$1; shift; "$@" & read -r _; kill -KILL $!; wait $!; rm -rf "$home"'

_CONFIGURATION = """
[databases]
* = {server}
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {home}
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 100
"""


class PgBouncerUnavailable(RuntimeError):
    """PgBouncer was not found or did not start; the message says what to do, or its own words."""


def find_pgbouncer() -> str | None:
    """Return the path of the system's PgBouncer, else None."""
    # Debian keeps it where only root's PATH looks.
    return shutil.which("pgbouncer", path=os.pathsep.join([os.environ["PATH"], *_FOLDERS]))


def ensure_pgbouncer() -> str:
    """Return the path of PgBouncer, installing it where it is missing.

    Raise `PgBouncerUnavailable` when that fails too.
    """
    found = find_pgbouncer()
    if found:
        return found
    found, troubles = ensure("PgBouncer", find_pgbouncer, debian_installers("pgbouncer"))
    if found:
        return found
    raise PgBouncerUnavailable(
        "The pooler tests need PgBouncer, and none was found or could be installed. Install it "
        "(Debian: apt-get install pgbouncer; macOS: brew install pgbouncer) and run this again.\n"
        + "\n".join(troubles)
    )


@contextlib.contextmanager
def running_pgbouncer(url: str, *, size: int = 2) -> Iterator[str]:
    """Yield the address of a database by way of a pooler that lives as long as the block.

    Args:
        url: the database's own address.
        size: connections to the server, which all clients share transaction by transaction.

    Raise `PgBouncerUnavailable` when it is missing or does not start.
    """
    from psycopg.conninfo import conninfo_to_dict

    program = find_pgbouncer()
    if program is None:
        raise PgBouncerUnavailable("PgBouncer is missing; `make test` installs it.")
    server = conninfo_to_dict(url)
    owner = _unprivileged_owner(str(server.get("host", "")))
    # The path of a unix socket has room for about 100 bytes.
    home = Path(tempfile.mkdtemp(prefix="thrive-pooler-", dir="/tmp"))
    (home / "pgbouncer.ini").write_text(_configuration(program, server, home, size))
    if owner:
        os.chown(home, owner["user"], owner["group"])
        os.chown(home / "pgbouncer.ini", owner["user"], owner["group"])
    with (home / "log").open("wb") as log:
        supervisor = subprocess.Popen(
            ["sh", "-c", _SUPERVISE, "sh", home, program, home / "pgbouncer.ini"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=home,
            # Ctrl-C reaches this process only; the pipe then closes.
            start_new_session=True,
            **owner,
        )
    assert supervisor.stdin is not None
    user, host, name = (
        quote(str(part), safe="") for part in (server.get("user", ""), home, server["dbname"])
    )
    address = f"postgresql://{user}@{host}:{_PORT}/{name}"
    try:
        _wait_for_answer(address, home / "log")
        yield address
    finally:
        supervisor.stdin.close()
        supervisor.wait()


def _configuration(program: str, server: dict[str, Any], home: Path, size: int) -> str:
    said = " ".join(
        f"{name}='{str(server[name]).replace(chr(39), 2 * chr(39))}'"
        for name in ("host", "port", "user", "password")
        if name in server
    )
    text = _CONFIGURATION.format(server=said, port=_PORT, home=home, size=size)
    told = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    version = re.search(r"(\d+)\.(\d+)", told)
    if version and tuple(map(int, version.groups())) >= (1, 21):
        # From here on it can pass prepared statements on. What holds without that holds with it.
        text += "max_prepared_statements = 0\n"
    return text


def _unprivileged_owner(host: str) -> dict[str, Any]:
    """Return Popen's arguments for a user that PgBouncer agrees to run as.

    It is the one who may reach the server's socket, if that is not root.
    """
    if os.geteuid() != 0:
        return {}
    import pwd

    if host.startswith("/") and os.stat(host).st_uid != 0:
        user = pwd.getpwuid(os.stat(host).st_uid)
    else:
        user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait_for_answer(address: str, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + _START_SECONDS
    trouble = ""
    while time.monotonic() < deadline:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError as error:
            trouble = str(error)
            time.sleep(0.05)
        else:
            return
    raise PgBouncerUnavailable(f"{trouble}\n{log.read_text(errors='replace')}")


def main() -> int:
    """Print where PgBouncer is."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--ensure", action="store_true", help="install it where it is missing")
    options = parser.parse_args()
    try:
        found = ensure_pgbouncer() if options.ensure else find_pgbouncer()
    except PgBouncerUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    print(found or "none found")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
