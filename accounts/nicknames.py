"""What a pupil is called in class, and the user name that is made of it."""

import re
import secrets
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.names import name_key

#: The longest nickname, in code points after `tidied`.
LONGEST = 40
#: The longest user name, without the number that may follow it: the forms of some letters are many.
LONGEST_BASE = 40
#: What a user name is made of when the nickname has no letter and no figure.
NAMELESS = "reader"

#: Join letters and the parts of one emoji: they are part of names, though they cannot be seen.
JOINERS = "\u200c\u200d"
#: Unicode categories that cannot be seen or have no fixed look: they would make two names look like one.
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_EMAIL = re.compile(r"\S@\S+\.\S")


def tidied(typed: str) -> str:
    """NFC, one blank between words, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def nickname_key(nickname: str) -> str:
    """What two nicknames have in common that a class would read as one."""
    return name_key(tidied(nickname).translate({ord(joiner): None for joiner in JOINERS}))


def fault(nickname: str) -> str:
    """What is wrong with a tidied nickname and how to mend it; '' if nothing is."""
    if not nickname.strip(JOINERS):
        return _("Choose a nickname. Your class sees it; it need not be your name.")
    if has_unseen(nickname):
        return _("There is a character in it that cannot be seen. Type the nickname again.")
    if len(nickname) > LONGEST:
        return ngettext(
            "A nickname has at most %(most)d character. Choose a shorter one.",
            "A nickname has at most %(most)d characters. Choose a shorter one.",
            LONGEST,
        ) % {"most": LONGEST}
    if _EMAIL.search(nickname):
        return _("This looks like an e-mail address, and your class would see it. Choose a nickname.")
    return ""


def has_unseen(name: str) -> bool:
    """Whether a character in it cannot be seen, other than those that join letters."""
    return any(unicodedata.category(letter) in UNSEEN and letter not in JOINERS for letter in name)


def usernames(nickname: str) -> Iterator[str]:
    """User names to try, the plainest first; then with a number, which grows longer and longer."""
    base = plain_username(nickname)
    yield base
    for figures in range(2, 10):
        for _try in range(4):
            least = 10 ** (figures - 1)
            yield f"{base}-{least + secrets.randbelow(9 * least)}"


def plain_username(nickname: str) -> str:
    """The nickname in small letters and hyphens; in ASCII if no letter or figure is lost by that."""
    letters = name_key(nickname)
    parts = unicodedata.normalize("NFKD", letters)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    if all(part.isascii() for part in plain if part.isalnum()):
        letters = plain
    return re.sub(r"[\W_]+", "-", letters)[:LONGEST_BASE].strip("-") or NAMELESS
