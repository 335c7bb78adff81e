"""README.md as the package index shows it: a hook of Hatch's, used when the wheel is built.

The index knows no other file of the repository, so a relative link would lead nowhere. Links become
addresses below `[project.urls]`'s "Source" in pyproject.toml. Without that entry they become plain
text, and pictures go.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(
    r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?P<target>(?!https?:|mailto:|#)[^)\s]+)\)"
)
# What stands after the language of an example is for the tests.
_OPTIONS = re.compile(r"^(```\w+) .+$", re.MULTILINE)


def for_index(readme: str, source: str | None) -> str:
    """Return the text with links that work where it is alone.

    Args:
        readme: README.md.
        source: where the repository can be read, such as a forge's address of its main branch.
    """

    def rewritten(link: re.Match[str]) -> str:
        if source is None:
            return "" if link["picture"] else link["text"]
        base = source.replace("/blob/", "/raw/") if link["picture"] else source
        return f"{link['picture']}[{link['text']}]({base.rstrip('/')}/{link['target']})"

    return _OPTIONS.sub(r"\1", _LINK.sub(rewritten, readme))


class IndexReadme(MetadataHookInterface):
    """Sets the project's readme."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set `readme`, which pyproject.toml names as dynamic."""
        source = metadata.get("urls", {}).get("Source")
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": for_index(text, source),
        }
