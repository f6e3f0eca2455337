"""Refs for what is made here: readable, and free where they must be unique."""

from collections.abc import Collection
from itertools import count

from django.utils.text import slugify

LONGEST = 64


def free_ref(title: str, taken: Collection[str], noun: str) -> str:
    """A ref like the title, or like `noun` where the title has no Latin letter; none of `taken`."""
    base = slugify(title)[:LONGEST].strip("-_").replace("_", "-") or noun
    if base not in taken:
        return base
    for number in count(2):
        ref = f"{base[: LONGEST - len(str(number)) - 1]}-{number}"
        if ref not in taken:
            return ref
    raise AssertionError("numbers do not end")
