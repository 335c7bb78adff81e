"""Whether a text says something: words of any script, read as sentences, not the same again."""

import re
import unicodedata
from hashlib import sha256

from django.core.exceptions import ValidationError

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
# Scripts that put no spaces between words: two characters make about a word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_LATIN = re.compile(r"[a-z\u00df-\u024f]")
SHORT_WORDS = frozenset(
    # English, German, Dutch, French, Spanish, Portuguese, Italian, Scandinavian, Polish: what
    # sentences are held together by. Words drawn from a dictionary hardly ever contain them.
    """
    a an the i me my you your he him his she her it its we us our they them their this that these
    those who what which when where why how and or but if so as at by for from in into of off on
    out over to up with about after before than then there here is are was were be been am do does
    did done has have had not no can could will would should may might just only more most very
    all some any one two too also still even much many first last next before
    der die das ein eine einen und oder aber ist sind war nicht ich du er sie es wir ihr mit von zu
    auf aus bei als wie dass den dem des im am um noch nur auch sehr mehr
    de het een en of maar is zijn niet ik jij hij wij met van te op uit bij als dat ook nog
    le la les un une des et ou mais est sont pas je tu il elle nous vous avec dans sur pour par que
    qui ce cette du au aux plus
    el los las una unos y o pero es son no yo nosotros con en sobre para por que como lo del al muy
    os um uma e mas não eu ele ela nós com em no na sobre por mais muito do da
    gli il lo uno ma sono non io lui lei noi con in su per che come del della molto
    och men är inte jag du han hon vi med på av till som det den og ikke jeg har
    i ale jest nie ja ty on ona my z na do od jak to że się
    """.split()
)
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
