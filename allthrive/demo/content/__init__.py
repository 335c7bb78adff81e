"""The words of the demonstration: what its quizzes ask and its members say, a file a feature."""

import tomllib
from pathlib import Path
from typing import Any


def read(name: str) -> dict[str, Any]:
    """Return what `<name>.toml` of this folder holds."""
    source = Path(__file__).with_name(f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
