"""The page about what is public and `thrive_points.__all__` name the same."""

import re
from importlib import import_module

import thrive_points
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "reference" / "public.md").read_text()


def test_the_page_names_what_can_be_imported_and_nothing_else() -> None:
    of_package = PAGE.split("## From `thrive_points`")[1].split("## Besides")[0]
    cells = [line.split("|")[1] for line in of_package.splitlines() if line.startswith("| `")]
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(thrive_points.__all__)


def test_each_public_name_is_there_and_listed() -> None:
    for name in thrive_points.__all__:
        assert getattr(thrive_points, name) is not None
    assert set(thrive_points.__all__) <= set(dir(thrive_points))
    assert not hasattr(thrive_points, "Nothing")


def test_every_error_is_public() -> None:
    from thrive_points import exceptions

    errors = {
        name
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, exceptions.PointsError)
    }
    assert errors <= set(thrive_points.__all__)


def test_modules_the_page_names_can_be_imported() -> None:
    for module in re.findall(r"`(thrive_(?:points|circles)\.\w+(?:\.\w+)*)`", PAGE):
        import_module(module)
