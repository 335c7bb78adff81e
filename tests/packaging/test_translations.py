"""The catalogues are whole, and no sentence of the package goes past them."""

import ast
import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import catalogues
from tests.support.paths import ROOT

TEMPLATES = sorted((ROOT / "src").rglob("templates/**/*.html"))
# Where the words of the staff pages are.
PYTHON = sorted((ROOT / "src" / "thrive_points" / "admin").glob("*.py"))

_MARKED = re.compile(r"\{% blocktranslate.*?endblocktranslate %\}", re.DOTALL)
_UNSHOWN = re.compile(
    r"<(script|style)\b.*?</\1>|<!--.*?-->|\{#.*?#\}|\{% block bodyclass %\}.*?\{% endblock %\}"
    r"|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r'\b(?:aria-label|title|alt|placeholder)="([^"]*)"|type="submit"[^>]*value="([^"]*)"'
)
_WORD = re.compile(r"[A-Za-z]{2,}")
_ENTITY = re.compile(r"&\w+;")
_GETTEXT = {"gettext", "gettext_lazy", "ngettext", "_"}
# What a person reads begins like a sentence or a heading, and is no code.
_SENTENCE = re.compile(r"[A-Z][a-z]+(?: |\.?$)")


def unmarked_in_template(text: str) -> list[str]:
    """Return the words of a template that stand outside of translate and blocktranslate."""
    text = _UNSHOWN.sub(" ", _MARKED.sub(" ", text))
    shown = [re.sub(r"<[^>]*>", "\n", text)]
    shown += ["".join(match) for match in _ATTRIBUTE.findall(text)]
    lines = (line.strip() for part in shown for line in part.splitlines())
    return [line for line in lines if _WORD.search(_ENTITY.sub(" ", line))]


def unmarked_in_python(source: str) -> list[str]:
    """Return the sentences of a module that no gettext function is given."""
    tree = ast.parse(source)
    known: set[ast.AST] = set()
    for node in ast.walk(tree):
        first = getattr(node, "body", None)
        if isinstance(first, list) and first and isinstance(first[0], ast.Expr):
            known.add(first[0].value)
        if isinstance(node, ast.Expr):
            known.add(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in _GETTEXT:
            known.update(inner for argument in node.args for inner in ast.walk(argument))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in known
        and _SENTENCE.match(node.value)
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_every_word_of_a_template_is_marked(path: Path) -> None:
    assert unmarked_in_template(path.read_text()) == []


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.name)
def test_every_sentence_of_the_staff_pages_is_marked(path: Path) -> None:
    assert unmarked_in_python(path.read_text()) == []


@pytest.mark.parametrize("package", catalogues.PACKAGES, ids=lambda path: path.name)
def test_no_sentence_hides_in_an_f_string(package: Path) -> None:
    # Babel finds none there before Python 3.12, which reads f-strings in parts.
    hidden = [
        f"{path.name}, line {node.lineno}"
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call)
        and getattr(inner.func, "attr", getattr(inner.func, "id", "")) in _GETTEXT
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{% translate 'One' %}</p> <p>Two words</p>", ["Two words"]),
        ("{% blocktranslate %}One{% endblocktranslate %}{% if a %}Three{% endif %}", ["Three"]),
        ('<nav aria-label="Pages">&rsaquo; {{ name }}</nav>', ["Pages"]),
        ('<input type="submit" value="Send"><script>var one = 1;</script>', ["Send"]),
    ],
)
def test_an_unmarked_word_of_a_template_is_found(template: str, found: list[str]) -> None:
    assert unmarked_in_template(template) == found


def test_an_unmarked_sentence_of_a_module_is_found() -> None:
    source = '"""Says."""\na = gettext("Said well.")\nb = f("Send it", _("Good"), x="Points")\n'
    assert unmarked_in_python(source) == ["Send it", "Points"]


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_catalogue_is_whole_and_current(language: str) -> None:
    catalogue = catalogues.current(language)
    path = catalogues.po_file(language)
    assert catalogues.untranslated(catalogue) == []
    assert path.read_bytes() == catalogues.as_po(catalogue), (
        "run python -m tests.support.catalogues"
    )
    assert path.with_suffix(".mo").read_bytes() == catalogues.as_mo(catalogue, language)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_translation_keeps_the_places_of_its_sentence(language: str) -> None:
    for message, translation in _pairs(language):
        assert _places(translation) == _places(message), message


def _places(text: str) -> list[str]:
    return sorted(set(re.findall(r"%\(\w+\)[+\d]*[sd]|\{\w+\}|%d", text)))


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    for message in catalogues.current(language):
        if isinstance(message.id, tuple):
            yield from zip(message.id, message.string, strict=True)
        elif message.id:
            yield message.id, message.string


def test_the_machines_file_answers() -> None:
    path = catalogues.po_file("de").with_suffix(".mo")
    german = gettext.GNUTranslations(io.BytesIO(path.read_bytes()))
    assert german.gettext("again tomorrow") == "wieder morgen"
    assert german.ngettext("day", "days", 1) == "Tag"
    assert german.ngettext("day", "days", 2) == "Tage"
