"""Read a document's examples and run them, in order, in a folder and a site of its own.

CONTRIBUTING.md says how examples are marked, under "Examples in documents".
"""

import contextlib
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route
from playwright.sync_api import Error as BrowserError

from tests.support.paths import ROOT
from tests.support.sites import plain_environment, run, serving

_FENCE = re.compile(
    r"^(?P<indent> *)(?:```(?P<info>[^`\n]*)|<!-- run(?P<unseen>[^\n]*))\n"
    r"(?P<body>.*?)"
    r"^(?P=indent)(?:```|-->) *$",
    re.MULTILINE | re.DOTALL,
)

# One Python per site keeps the names of earlier examples, as a reader's shell would. A line that
# ends in `# -> value` is compared with what its expression gives.
_SESSION = """
import ast, json, re, sys, traceback
import django
django.setup()
names = {"__name__": "__main__"}
protocol, sys.stdout = sys.stdout, sys.stderr

def run(source, line):
    lines = source.splitlines()
    for node in ast.parse(source).body:
        ast.increment_lineno(node, line - 1)
        promise = re.search(r"#\\s*->\\s*(.+?)\\s*$", lines[node.end_lineno - line])
        if isinstance(node, ast.Expr):
            code = compile(ast.Expression(node.value), sys.argv[1], "eval")
            value = eval(code, names)
            if promise and repr(value) != promise[1] and str(value) != promise[1]:
                raise AssertionError(
                    f"line {node.end_lineno}: promised {promise[1]}, got {value!r}")
        else:
            exec(compile(ast.Module([node], []), sys.argv[1], "exec"), names)

def render(source, line):
    from django.template import engines
    return engines["django"].from_string(source).render(names)

def cookies():
    client = names.get("client")
    return {} if client is None else {name: cookie.value for name, cookie in client.cookies.items()}

for request in sys.stdin:
    trouble = answer = None
    try:
        wish = json.loads(request)
        answer = globals()[wish.pop("do")](**wish)
    except BaseException:
        trouble = traceback.format_exc()
    print(json.dumps([trouble, answer]), file=protocol, flush=True)
"""

# In JavaScript too a line may end in `// -> value`.
_PROMISE = re.compile(r"^(\s*)(.+?);?\s*// -> (.+?)\s*$", re.MULTILINE)
_SCRIPT = """async () => {
  const promise = async (value, promised) => {
    const given = await value;
    if (String(given) !== promised && JSON.stringify(given) !== promised)
      throw new Error(`promised ${promised}, got ${JSON.stringify(given)}`);
  };
%s
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One fenced block: its language, options, text and the number of its first line."""

    language: str
    options: dict[str, str]
    text: str
    line: int


def documents() -> list[Path]:
    """Return every document whose examples are run."""
    return [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]


def examples(document: Path) -> Iterator[Example]:
    """Yield the fenced blocks of a document in order."""
    text = document.read_text()
    for match in _FENCE.finditer(text):
        info = (match["unseen"].strip() or "python") if match["info"] is None else match["info"]
        language, *words = shlex.split(info) or [""]
        indent = len(match["indent"])
        yield Example(
            language=language,
            options={name: value for name, _, value in (word.partition("=") for word in words)},
            text="".join(line[indent:] for line in match["body"].splitlines(keepends=True)),
            line=text.count("\n", 0, match.start("body")) + 1,
        )


@dataclass(slots=True)
class Reader:
    """Somebody who types a document's examples, with the reference host at hand.

    `folder` is scratch; `database` is the reference host's, migrated; `browser` is asked for one
    where a document shows pages; `python` runs the sites.
    """

    document: Path
    folder: Path
    database: Path
    browser: Callable[[], Browser]
    python: Path = Path(sys.executable)
    _at: Path = field(init=False)
    _session: subprocess.Popen[str] | None = field(init=False, default=None)
    _page: Page | None = field(init=False, default=None)
    _server: contextlib.ExitStack = field(init=False, default_factory=contextlib.ExitStack)

    def __post_init__(self) -> None:
        self._at = self.folder
        (self.folder / "manage.py").symlink_to(ROOT / "manage.py")

    def follow(self, example: Example) -> None:
        """Do what one example says; raise AssertionError where it does not hold."""
        if "no-run" in example.options:
            assert example.options["no-run"], self._where(example, "no-run needs a reason")
        elif example.language == "python":
            self._follow_python(example)
        elif example.language == "console":
            self._follow_console(example)
        elif "file" in example.options or "append" in example.options:
            self._write(example)
        elif example.language == "django":
            self._open(example, self._ask(example, "render", source=example.text, line=0))
        elif example.language == "html":
            self._open(example, example.text)
        elif example.language == "javascript":
            self._follow_javascript(example)

    def close(self) -> None:
        """End the Python session and the site's server, if they were begun."""
        self._page = None
        self._server.close()
        if self._session is not None:
            self._session.communicate()
            self._session = None

    def _follow_python(self, example: Example) -> None:
        if example.options:
            self._write(example)
        else:
            self._ask(example, "run", source=example.text, line=example.line)

    def _ask(self, example: Example, do: str, **arguments: Any) -> Any:
        """Have the Python session do something; return what it answers."""
        session = self._session = self._session or self._begin_session()
        assert session.stdin is not None
        assert session.stdout is not None
        session.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        session.stdin.flush()
        answer = session.stdout.readline()
        trouble, value = json.loads(answer) if answer else ("Python ended", None)
        assert trouble is None, self._where(example, str(trouble))
        return value

    def _follow_javascript(self, example: Example) -> None:
        if "page" in example.options:
            self._open(example, None, example.options["page"])
        assert self._page is not None, self._where(example, "no page is open")
        script = _PROMISE.sub(
            lambda found: f"{found[1]}await promise({found[2]}, {json.dumps(found[3])});",
            example.text,
        )
        try:
            self._page.evaluate(_SCRIPT % script)
        except BrowserError as error:
            raise AssertionError(self._where(example, error.message)) from error

    def _open(self, example: Example, body: str | None, address: str = "/a-document/") -> None:
        """Open a page of the site in Chromium, signed in as the document's `client`.

        With a `body`, the page is that. Nothing on it may fail.
        """
        troubles: list[str] = []
        page = self._page = self._page or self._new_page(example)

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error":
                troubles.append(message.text)

        def answered(response: Response) -> None:
            if response.status >= 400:
                troubles.append(f"{response.url} answers {response.status}")

        def failed(error: BrowserError) -> None:
            troubles.append(error.message)

        def fulfil(route: Route) -> None:
            route.fulfill(body=f"<!doctype html>{body}", content_type="text/html; charset=utf-8")

        page.on("console", heard)
        page.on("response", answered)
        page.on("pageerror", failed)
        if body is not None:
            page.unroute(f"**{address}")
            page.route(f"**{address}", fulfil)
        page.goto(address, wait_until="networkidle")
        for event, listener in (("console", heard), ("response", answered), ("pageerror", failed)):
            page.remove_listener(event, listener)
        assert not troubles, self._where(example, "\n".join(troubles))

    def _new_page(self, example: Example) -> Page:
        address = self._server.enter_context(
            serving(
                self.python,
                cwd=self._at,
                log=self.folder / "server.log",
                env=self._environment(PYTHONPATH=self._import_path),
            )
        )
        context = self.browser().new_context(base_url=address)
        self._server.callback(context.close)
        cookies = self._ask(example, "cookies")
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
        )
        # A browser asks for it unasked, and a new site has none.
        context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        return context.new_page()

    def _follow_console(self, example: Example) -> None:
        # A command may change the site's code, which a running session would not see.
        self.close()
        commands = re.findall(r"^\$ (.*(?:(?<=\\)\n.*)*)((?:\n(?!\$ ).*)*)", example.text, re.M)
        assert commands, self._where(example, "no line begins with '$ '")
        for command, promise in commands:
            printed = run(
                ["sh", "-c", f"set -e\n{command}\npwd > {shlex.quote(str(self.folder / '.at'))}"],
                cwd=self._at,
                env=self._environment(),
            )
            self._at = Path((self.folder / ".at").read_text().strip())
            for line in filter(None, map(str.strip, promise.splitlines())):
                pattern = ".*".join(map(re.escape, line.split("...")))
                assert re.search(pattern, printed), self._where(
                    example, f"`{command}` did not print {line!r} but:\n{printed}"
                )

    def _write(self, example: Example) -> None:
        ((action, name),) = example.options.items()
        assert action in {"file", "append"}, self._where(example, f"unknown option {action!r}")
        path = self._at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if action == "append" else ""
        path.write_text(before + example.text)

    def _begin_session(self) -> subprocess.Popen[str]:
        settings = re.search(
            r"DJANGO_SETTINGS_MODULE.,\s*.([\w.]+)", (self._at / "manage.py").read_text()
        )
        assert settings, f"{self._at / 'manage.py'} names no settings"
        return subprocess.Popen(
            [self.python, "-c", _SESSION, str(self.document.relative_to(ROOT))],
            cwd=self._at,
            env=self._environment(DJANGO_SETTINGS_MODULE=settings[1], PYTHONPATH=self._import_path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def _import_path(self) -> str:
        return str((self._at / "manage.py").resolve().parent)

    def _environment(self, **more: str) -> dict[str, str]:
        environment = plain_environment(
            DATABASE_URL=f"sqlite:///{self.database}", ALLTHRIVE_DEBUG="1", **more
        )
        environment["PATH"] = f"{self.python.parent}:{environment['PATH']}"
        return environment

    def _where(self, example: Example, trouble: str) -> str:
        return f"{self.document.relative_to(ROOT)}, line {example.line}: {trouble}"
