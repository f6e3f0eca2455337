"""Refs in a bundle for rows that may have none that a person would read."""

import re
from collections.abc import Hashable, Iterable
from typing import NamedTuple

from articles.refs import free_ref

REF = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DRAWN = re.compile(r"[0-9a-f]{32}")


class Named(NamedTuple):
    """Something that needs a ref: what it is known by here, where its ref is from, and its title."""

    pk: Hashable
    bundle: str
    ref: str
    title: str


def refs(rows: Iterable[Named], *, bundle: str, noun: str) -> dict[Hashable, str]:
    """A ref for each row, in the rows' order, all different.

    Whatever came from `bundle` keeps its own; another row keeps one that can be read and is free, else it is
    named after its title, or after `noun`.
    """
    ordered = list(dict.fromkeys(rows))
    own = {row.pk: row.ref for row in ordered if row.bundle == bundle and _is_good(row.ref)}
    given: dict[Hashable, str] = {}
    for pk, ref in own.items():
        if ref not in given.values():
            given[pk] = ref
    taken = set(given.values())
    for row in ordered:
        if row.pk not in given:
            base = row.ref if _is_good(row.ref) else row.title
            given[row.pk] = free_ref(base, taken, noun)
            taken.add(given[row.pk])
    return given


def _is_good(ref: str) -> bool:
    return bool(REF.fullmatch(ref)) and not _DRAWN.fullmatch(ref)
