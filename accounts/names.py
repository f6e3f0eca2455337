"""How names are compared: two that a person would read as one are one."""

import unicodedata


def name_key(name: str) -> str:
    """NFKC and casefolded, blanks at the ends off: what two equal names have in common.

    Done in Python because SQLite folds ASCII only, and would register "Анна" and "анна" as two.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).strip()
