"""Libraries of the `review` extra, asked for when they are needed."""

from importlib import import_module
from typing import Any

from thrive_points.exceptions import PointsError


class MissingExtra(PointsError):
    """A library of an optional extra is not installed; the message says how to get it."""


def review_library(name: str) -> Any:
    """Return a module of a library that the `review` extra installs.

    Args:
        name: dotted name of the module.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        library = name.partition(".")[0]
        raise MissingExtra(
            f"{library} is not installed. Install it with: pip install 'thrive-points[review]'"
        ) from error
