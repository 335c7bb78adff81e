"""The documents' site builds without a warning: no dead link, no page that nothing leads to."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT


def build(source: Path, output: Path) -> tuple[int, str]:
    """Return how Sphinx ended, and what it said."""
    outcome = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-c",
            ROOT / "docs",
            source,
            output,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return outcome.returncode, outcome.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("site")
    assert build(ROOT, output) == (0, "")
    return output


def test_every_document_is_a_page(site: Path) -> None:
    documents = [
        *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "benchmarks" / "results").glob("*.md"),
    ]
    pages = {str(page.relative_to(site)) for page in site.rglob("*.html")}
    assert {str(path.relative_to(ROOT).with_suffix(".html")) for path in documents} <= pages


def test_the_front_page_leads_everywhere(site: Path) -> None:
    front = (site / "index.html").read_text()
    for page in ("docs/tutorial/first-points", "docs/how-to/upgrade", "docs/decisions/README"):
        assert f'href="{page}.html"' in front


def test_pages_ask_nobody_else_for_anything(site: Path) -> None:
    loaded = re.compile(
        r"<(?:script|img|iframe)[^>]+src=.(?:https?:)?//|<link[^>]+stylesheet[^>]+//"
    )
    assert [page.name for page in site.rglob("*.html") if loaded.search(page.read_text())] == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("[gone](docs/gone.md)", "docs/gone.md"),
        ("[heading](SECURITY.md#gone)", "gone"),
        ("![picture](docs/gone.png)", "docs/gone.png"),
    ],
)
def test_a_dead_link_is_found(tmp_path: Path, body: str, complaint: str) -> None:
    source = tmp_path / "source"
    for folder in ("docs/tutorial", "docs/how-to", "docs/reference", "docs/explanation"):
        (source / folder).mkdir(parents=True)
        (source / folder / "page.md").write_text("# Page\n")
    for folder in ("docs/decisions", "benchmarks/results"):
        (source / folder).mkdir(parents=True)
        (source / folder / "README.md").write_text("# Page\n")
        (source / folder / f"{'0' if 'docs' in folder else '2'}1.md").write_text("# Page\n")
    for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY"):
        (source / f"{name}.md").write_text("# Page\n")
    (source / "README.md").write_text("# Page\n")
    assert build(source, tmp_path / "sound") == (0, "")
    (source / "README.md").write_text(f"# Page\n\n{body}\n")
    code, said = build(source, tmp_path / "broken")
    assert code
    assert complaint in said
