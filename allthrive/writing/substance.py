"""Whether a text says something: words of any script, read as sentences, not the same again."""

import re
import unicodedata
from hashlib import sha256
from pathlib import Path

from django.core.exceptions import ValidationError

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
# Scripts that put no spaces between words: two characters make about a word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_LATIN = re.compile(r"[a-z\u00df-\u024f]")
SHORT_WORDS = frozenset(
    Path(__file__).with_name("short_words.txt").read_text(encoding="utf-8").split()
)
"""What sentences are held together by in English, German, Dutch, French, Spanish, Portuguese,
Italian, Swedish, Danish, Norwegian and Polish: words drawn from a dictionary have hardly any."""
LEAST_SHARE = 0.15
"""Of the words of a Latin script, so many are such short ones. English has about a half."""


def words_of(text: str) -> list[str]:
    """Return the words of a text in order, in one form and without case."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def digest_of(text: str) -> str:
    """Return what tells a text from others: its words alone, whatever stands between them."""
    return sha256(" ".join(words_of(text)).encode()).hexdigest()


def check_substance(text: str, least: int) -> None:
    """Refuse a text that says too little, or nothing.

    Args:
        text: what a member wrote.
        least: how many different words it needs.

    Raises:
        ValidationError: it has too few different words, or they do not make sentences.
    """
    words = words_of(text)
    unspaced = set(_UNSPACED.findall(text))
    different = len({word for word in words if not _UNSPACED.search(word)}) + len(unspaced) // 2
    if different < least:
        raise ValidationError(
            f"Say a little more: at least {least} different words. This has {different}."
        )
    latin = [word for word in words if _LATIN.match(word)]
    short = sum(word in SHORT_WORDS for word in latin)
    if len(latin) > len(words) / 2 and short < LEAST_SHARE * len(latin):
        raise ValidationError("Write it in whole sentences, as you would say it to somebody.")
