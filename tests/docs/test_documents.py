"""The examples in README, CONTRIBUTING and docs/ work, as typed."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.documents import Example, Reader, documents, examples
from tests.support.paths import ROOT
from tests.support.sites import plain_environment, run

# Other names for the languages that are run would let an example escape.
_ALIASES = {
    **dict.fromkeys(("bash", "sh", "shell", "zsh", "shell-session"), "write console"),
    **dict.fromkeys(("py", "python3", "pycon"), "write python"),
    **dict.fromkeys(("jinja", "htmldjango", "html+django"), "write django"),
    "js": "write javascript",
}

ReaderOf = Callable[[Path], Reader]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("documents") / "migrated.sqlite3"
    run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=plain_environment(DATABASE_URL=f"sqlite:///{path}", ALLTHRIVE_DEBUG="1"),
    )
    return path


@pytest.fixture
def reader_of(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> ReaderOf:
    def sit_down(document: Path) -> Reader:
        database = tmp_path / "host.sqlite3"
        shutil.copy(migrated, database)
        folder = tmp_path / "reader"
        folder.mkdir()
        return Reader(
            document=document,
            folder=folder,
            database=database,
            browser=lambda: request.getfixturevalue("browser"),
        )

    return sit_down


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_work(document: Path, reader_of: ReaderOf) -> None:
    reader = reader_of(document)
    try:
        for example in examples(document):
            where = f"{document.name}, line {example.line}"
            assert example.language not in _ALIASES, f"{where}: {_ALIASES[example.language]}"
            reader.follow(example)
    finally:
        reader.close()


_AWARD = """
from django.contrib.auth import get_user_model
from thrive_points.services import PointsService

user = get_user_model().objects.create_user("ada")
result = PointsService.award_points(
    user=user, activity_type="quiz_completed", metadata={"event_key": "a"}
)
"""


def _example(language: str, text: str, **options: str) -> Example:
    return Example(language=language, text=text, options=options, line=7)


@pytest.mark.parametrize(
    ("language", "text", "complaint"),
    [
        ("python", "1 + 1  # -> 3\n", "line 7: promised 3, got 2"),
        ("python", "1 / 0\n", "ZeroDivisionError"),
        ("console", "$ false\n", "false"),
        ("console", "$ echo one\ntwo\n", "did not print 'two'"),
        ("console", "echo one\n", "no line begins with"),
    ],
)
def test_a_false_example_is_caught(
    reader_of: ReaderOf, language: str, text: str, complaint: str
) -> None:
    reader = reader_of(ROOT / "README.md")
    with pytest.raises(AssertionError, match=complaint):
        reader.follow(_example(language, text))
    reader.close()


_TOTAL = "{% load l10n %}<p id=total>{{ points|unlocalize }}</p>"


@pytest.mark.parametrize(
    ("language", "text", "complaint"),
    [
        ("django", "{% url 'nowhere' %}", "NoReverseMatch"),
        ("django", '<script src="/static/nothing.js"></script>', "nothing.js answers 404"),
        ("html", "<script>nothing()</script>", "nothing is not defined"),
        ("javascript", "nothing();\n", "nothing is not defined"),
        ("javascript", "1 + 1;  // -> 3\n", "promised 3, got 2"),
    ],
)
def test_a_false_page_is_caught(
    reader_of: ReaderOf, language: str, text: str, complaint: str
) -> None:
    reader = reader_of(ROOT / "README.md")
    try:
        reader.follow(_example("html", "<p>A page</p>"))
        with pytest.raises(AssertionError, match=complaint):
            reader.follow(_example(language, text))
    finally:
        reader.close()


def test_true_pages_pass(reader_of: ReaderOf) -> None:
    reader = reader_of(ROOT / "README.md")
    try:
        reader.follow(_example("python", "points = 1234\n"))
        reader.follow(_example("django", _TOTAL))
        script = "const total = document.querySelector('#total');\n"
        reader.follow(_example("javascript", f"{script}total.textContent;  // -> 1234\n"))
        reader.follow(_example("html", "<h1>One</h1>"))
        reader.follow(_example("javascript", "document.querySelector('#total')  // -> null\n"))
        reader.follow(_example("javascript", "location.pathname  // -> /", page="/"))
    finally:
        reader.close()


def test_true_examples_pass(reader_of: ReaderOf) -> None:
    reader = reader_of(ROOT / "README.md")
    reader.follow(_example("python", _AWARD))
    reader.follow(_example("python", "result.points_awarded  # -> 20\n"))
    reader.follow(_example("console", "$ mkdir shop\n$ cd shop\n"))
    reader.follow(_example("toml", "a = 1\n", file="rules.toml"))
    reader.follow(_example("console", "$ cat rules.toml && \\\n  pwd\na = 1\n...shop\n"))
    reader.close()


def test_blocks_are_found_as_written(tmp_path: Path) -> None:
    document = tmp_path / "sample.md"
    document.write_text(
        "# T\n\n<!-- run\na = 1\n-->\n\n1. Step\n\n   ```console no-run='it serves'\n"
        "   $ make demo\n   ```\n\n```python append=x/settings.py\nB = 2\n```\n"
    )
    assert [(e.language, e.options, e.text, e.line) for e in examples(document)] == [
        ("python", {}, "a = 1\n", 4),
        ("console", {"no-run": "it serves"}, "$ make demo\n", 10),
        ("python", {"append": "x/settings.py"}, "B = 2\n", 14),
    ]
