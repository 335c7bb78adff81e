"""A small site of a test's own, in a process of its own that the test asks for things.

A database's backend and the driver's options are read when Django starts, and what they change
must not reach the tests that run beside. So a test hands functions of its module to such a
site, which calls them there and hands back what they returned. One process answers again and
again: starting Django takes longer than most of what is asked.
"""

import contextlib
import importlib
import json
import os
import select
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import dj_database_url

from tests.support.paths import ROOT
from tests.support.sites import plain_environment

_SECONDS = 120


@dataclass(frozen=True, slots=True)
class SmallSite:
    """A running site; `started` makes one."""

    process: "subprocess.Popen[str]"

    def ask(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        settings: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call a module's function in the site, with some of its settings changed for the call.

        Raises:
            AssertionError: the function raised; the message is the site's traceback.
        """
        assert self.process.stdin is not None
        name = [function.__module__, function.__qualname__]
        self.process.stdin.write(json.dumps([*name, arguments, settings or {}]) + "\n")
        self.process.stdin.flush()
        output = self.process.stdout
        assert output is not None
        # An answer is one line, and nothing comes unasked: there is never one in the buffer.
        ready, _, _ = select.select([output], [], [], _SECONDS)
        if not ready:
            # An answer that comes later must not be taken for that to the next question.
            self.process.kill()
        line = output.readline() if ready else ""
        assert line, f"the site {'has ended' if ready else f'said nothing for {_SECONDS} s'}"
        answer, trouble = json.loads(line)
        assert not trouble, trouble
        return answer


@contextlib.contextmanager
def started(
    database: Mapping[str, Any],
    *,
    module: str = "tests.sites.plain",
    settings: Mapping[str, Any] | None = None,
) -> Iterator[SmallSite]:
    """Yield a site that runs as long as the block.

    Args:
        database: `DATABASES["default"]`.
        module: its settings module.
        settings: others that it has; of both, what JSON can tell.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        env=plain_environment(
            DJANGO_SETTINGS_MODULE=module,
            PYTHONPATH=os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            SITE_SETTINGS=json.dumps({"DATABASES": {"default": database}, **(settings or {})}),
        ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield SmallSite(process)
    finally:
        # It ends when there is nothing more to read; also when this process is gone.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=10)
        process.kill()
        process.wait()


def database_at(url: str, **settings: Any) -> dict[str, Any]:
    """Return Django's settings of the database at an address, with others added."""
    return {**dj_database_url.parse(url), **settings}


def given_settings() -> dict[str, Any]:
    """Return what the site that this process belongs to has of its own; for `tests.sites`."""
    given: dict[str, Any] = json.loads(os.environ["SITE_SETTINGS"])
    return given


def main() -> None:
    """Set Django up and answer until nobody asks any more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    # What a function prints is no answer.
    sys.stdout = sys.stderr
    import django
    from django.test.utils import override_settings

    django.setup()
    for line in sys.stdin:
        module, name, arguments, changed = json.loads(line)
        answer, trouble = None, ""
        try:
            with override_settings(**changed):
                answer = getattr(importlib.import_module(module), name)(*arguments)
        except Exception:
            trouble = traceback.format_exc()
        answers.write(json.dumps([answer, trouble]) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
