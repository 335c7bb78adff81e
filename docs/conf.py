"""How Sphinx builds the documents' site: `make docs`.

The source is the repository itself, so a link between documents is the same link here and where
the repository is read. README.md is the front page.
"""

import shutil
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

_ROOT = Path(__file__).parent.parent
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]

project = "Thrive Points"
author = _PROJECT["authors"][0]["name"]
version = release = _PROJECT["version"]
language = "en"

extensions = ["myst_parser"]
include_patterns = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/**.md",
    "benchmarks/results/*.md",
]
exclude_patterns = ["**/.*", "docs/_*"]
root_doc = "README"
nitpicky = True

# Links such as `rules.md#the-rubric` lead to the headings that a repository's pages number too.
myst_heading_anchors = 4
myst_links_external_new_tab = False
# Examples are set as they are run; a part of a file need not make sense alone.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = f"Thrive Points {release}"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"sidebar_hide_name": False}
# A build of the same sources is the same site.
html_last_updated_fmt = None


def _table_of_contents(*names: str, caption: str = "", hidden: bool = True) -> str:
    options = [
        ":glob:",
        *([":hidden:"] if hidden else []),
        *([f":caption: {caption}"] * bool(caption)),
    ]
    return "\n".join(["", "", "```{toctree}", *options, "", *names, "```", ""])


# These pages are also read where nobody knows a table of contents, so theirs stand here.
_CONTENTS = {
    "README": _table_of_contents("docs/tutorial/*", caption="Learn")
    + _table_of_contents("docs/how-to/*", caption="Do")
    + _table_of_contents("docs/reference/*", caption="Look up")
    + _table_of_contents(
        "docs/explanation/*",
        "docs/decisions/README",
        "benchmarks/results/README",
        caption="Understand",
    )
    + _table_of_contents("CHANGELOG", "CONTRIBUTING", "SECURITY", caption="The project"),
    "docs/decisions/README": _table_of_contents("0*", hidden=False),
    "benchmarks/results/README": _table_of_contents("2*", hidden=False),
}


def _add_contents(app: Sphinx, docname: str, source: list[str]) -> None:
    source[0] += _CONTENTS.get(docname, "")


def _copy_front_page(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        shutil.copy(app.outdir / "README.html", app.outdir / "index.html")


def setup(app: Sphinx) -> None:
    """Give the front page its contents, and the site a page to begin with."""
    app.connect("source-read", _add_contents)
    app.connect("build-finished", _copy_front_page)
