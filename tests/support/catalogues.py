"""Keep the package's catalogues: python -m tests.support.catalogues [--check]

Collects every sentence of the package that passes gettext, and the words it keeps as data: labels,
categories, levels. Each catalogue's .po gets what is new and loses what is gone; the .mo beside it
is written from that. With --check nothing is written, and what would change is printed.

Babel does both, so the machine needs no gettext tools and the same sources give the same bytes.
"""

import argparse
import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.support.paths import ROOT

PACKAGES = tuple(ROOT / "src" / f"thrive_{name}" for name in ("points", "circles", "connect"))
LOCALE = PACKAGES[0] / "locale"
LANGUAGES = ("de",)

_KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}

_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)

Message = str | tuple[str, str]


def marked() -> Iterator[tuple[Message, str | None, str]]:
    """Yield each message of the sources with its context and its file."""
    for package in PACKAGES:
        for path in sorted(package.rglob("*")):
            if "migrations" in path.parts:
                continue
            name = str(path.relative_to(ROOT))
            if path.suffix == ".py":
                source = path.read_bytes()
            elif path.suffix == ".html":
                source = _as_calls(path.read_text(), name).encode()
            else:
                continue
            for _, message, _, context in extract("python", io.BytesIO(source), _KEYWORDS):
                yield message, context, name


def kept_as_data() -> Iterator[str]:
    """Yield the words that are data, and are translated where they are shown."""
    from thrive_circles.levels import CIRCLE_LEVELS
    from thrive_points.core.activities import Category
    from thrive_points.core.event import Outcome
    from thrive_points.core.modifiers import MODIFIERS
    from thrive_points.core.rubric import Effort, Frequency, Impact
    from thrive_points.rules.registry import POINT_RULES

    yield from (rule.label for rule in POINT_RULES.values())
    yield from (category.label for category in Category)
    yield from (level.name for level in CIRCLE_LEVELS)
    yield from MODIFIERS
    yield from (
        member.value.capitalize() for kind in (Effort, Impact, Frequency) for member in kind
    )
    # How a form names them.
    yield from (outcome.value.replace("_", " ") for outcome in Outcome)


def current(language: str) -> Catalog:
    """Return what a catalogue should be: today's messages with the translations there are."""
    path = po_file(language)
    known = _read(path, language) if path.exists() else Catalog(locale=language)
    catalog = Catalog(
        locale=language,
        project="thrive-points",
        version="",
        copyright_holder="The Thrive Points team",
        header_comment="# German for Thrive Points." if language == "de" else "",
        charset="utf-8",
        fuzzy=False,
    )
    for message, context, name in marked():
        catalog.add(message, locations=[(name, 0)], context=context, flags=_flags(message))
    for words in kept_as_data():
        catalog.add(words)
    for entry in catalog:
        before = known.get(entry.id, context=entry.context) if entry.id else None
        if before is not None:
            entry.string = before.string
    return catalog


def po_file(language: str) -> Path:
    """Return where a language's catalogue is."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def as_po(catalog: Catalog) -> bytes:
    """Return a catalogue as text; the same messages are the same bytes."""
    output = io.BytesIO()
    write_po(output, catalog, width=100, sort_output=True, omit_header=False, include_lineno=False)
    dated = (
        *("POT-Creation-Date", "PO-Revision-Date", "Generated-By"),
        *("Last-Translator", "Language-Team", "Report-Msgid-Bugs-To", "Project-Id-Version"),
    )
    lines = output.getvalue().decode().splitlines(keepends=True)
    return "".join(
        line for line in lines if not line.startswith(tuple(f'"{d}' for d in dated))
    ).encode()


def as_mo(catalog: Catalog, language: str) -> bytes:
    """Return a catalogue as the machine reads it."""
    output, kept = io.BytesIO(), _parsed(as_po(catalog), language)
    # What has no date gets the one of today, and another one tomorrow.
    kept.creation_date = kept.revision_date = _NO_DATE
    write_mo(output, kept)
    return output.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Return the messages without a translation of every form."""
    return [
        str(message.id)
        for message in catalog
        if message.id
        and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def _flags(message: Message) -> list[str]:
    text = message if isinstance(message, str) else message[0]
    return ["python-format"] if "%(" in text else []


def _as_calls(template: str, name: str) -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    from django.utils.translation.template import templatize

    return templatize(template, origin=name)


def _read(path: Path, language: str) -> Catalog:
    return _parsed(path.read_bytes(), language)


def _parsed(text: bytes, language: str) -> Catalog:
    return read_po(io.BytesIO(text), locale=language, abort_invalid=True)


def main() -> int:
    """Write or check every catalogue."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it differs")
    options = parser.parse_args()
    stale = 0
    for language in LANGUAGES:
        catalog = current(language)
        path = po_file(language)
        for file, content in (
            (path, as_po(catalog)),
            (path.with_suffix(".mo"), as_mo(catalog, language)),
        ):
            if file.exists() and file.read_bytes() == content:
                continue
            stale += 1
            print(f"{file.relative_to(ROOT)} {'is stale' if options.check else 'is written'}")
            if not options.check:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        missing = untranslated(catalog)
        print(
            f"{language}: {len(list(catalog)) - 1} messages, {len(missing)} without a translation"
        )
        stale += len(missing)
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
