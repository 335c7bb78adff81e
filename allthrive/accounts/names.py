"""Names that members go by: text that can be seen, and that nobody takes for somebody else's."""

# ruff: noqa: RUF001 - letters that look like others are the subject here

import re
import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

if TYPE_CHECKING:
    from allthrive.accounts.models import User

# Plain letters alone: addresses and mentions are typed, and twins from other alphabets are not.
check_username = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._-]{1,29}\Z",
    "Enter a valid username: 2 to 30 letters from A to Z, digits, dots, hyphens and underscores.",
)
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Joiners belong to the writing of many languages.
_JOINERS = frozenset("\u200c\u200d")
# Letters of other alphabets, and digits, that pass for Latin ones; l, 1 and I for one another.
_PAIRS = (
    "аa вb еe кk мm нh оo рp сc тt уy хx іi јj ѕs ԁd ԛq ԝw һh ɡg "
    "αa βb εe ιi κk νv οo ρp τt υu χx ωw 0o 1i li"
)
_TWINS = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_OFFICIAL = ("admin", "administrator", "moderator", "staff", "team", "allthrive")


def skeleton(name: str) -> str:
    """Return what a name looks like: the same for names that are easily taken for each other."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", "", letters.translate(_TWINS))


def check_display_name(name: str) -> None:
    """Refuse a name with characters that hide or turn text, or that sounds official.

    Raises:
        ValidationError: what is wrong with it.
    """
    if any(unicodedata.category(char) in _UNSEEN and char not in _JOINERS for char in name):
        raise ValidationError("Use letters, marks and spaces that can be seen.")
    words = {skeleton(word) for word in name.split()}
    if words & {skeleton(word) for word in _OFFICIAL} or skeleton("allthrive") in skeleton(name):
        raise ValidationError("Names that sound like the team's are the team's.")


def check_not_taken(name: str, user: "User") -> None:
    """Refuse a name that passes for what a member of staff goes by.

    Raises:
        ValidationError: it looks like theirs.
    """
    from allthrive.accounts.models import User

    staff = User.objects.exclude(pk=user.pk).filter(is_staff=True)
    taken = {skeleton(shown) for one in staff for shown in (one.username, one.get_full_name())}
    if skeleton(name) in taken - {""}:
        raise ValidationError("This looks like the name of somebody of the team. Choose another.")
