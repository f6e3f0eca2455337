"""What differs between two revisions, in plain words: each room says how its revisions read as lines."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal, NamedTuple

#: Above this many comparisons of words a text is told as gone and new, not word by word.
MOST_COMPARISONS = 4_000_000
#: Of words that stay, so many are shown on either side of a change.
AROUND = 8


class Line(NamedTuple):
    """One thing that a revision says: `label` names it, `text` is what it says.

    Lines of one `group` ("" for none) stand in an order. `key` tells which line of another revision is
    the same thing; where it is "", lines of the group are told apart by their text alone. `is_key`: it says
    what is right, and is not for everybody who may read the rest. `detail` is what there is to say of it
    besides, told where the text is the same.
    """

    label: str
    text: str
    key: str = ""
    group: str = ""
    is_key: bool = False
    detail: str = ""


class Piece(NamedTuple):
    """A stretch of a changed text; "skip" stands for words that stay and are not shown."""

    kind: Literal["same", "gone", "new", "skip"]
    text: str


@dataclass(frozen=True)
class Change:
    """One difference. `pieces` tell the words of what is new, gone or changed; places count from 1."""

    kind: Literal["new", "gone", "changed", "moved"]
    label: str
    pieces: tuple[Piece, ...] = field(default=())
    old_place: int = 0
    new_place: int = 0


Reader = Callable[[Any], Sequence[Line]]
_READERS: dict[type, Reader] = {}


def register(model: type, reader: Reader) -> None:
    """Read revisions of `model` by `reader` from now on."""
    _READERS[model] = reader


def between(old: Any, new: Any, *, with_key: bool = True) -> list[Change]:
    """What changed from one revision to another of the same thing; without what is right unless `with_key`."""
    read = _READERS[type(new)]
    before, after = ([line for line in read(one) if with_key or not line.is_key] for one in (old, new))
    return compare(before, after)


def compare(old: Sequence[Line], new: Sequence[Line]) -> list[Change]:
    """The differences in the order of the new lines, those without a group first."""
    groups = dict.fromkeys(line.group for line in [*new, *old])
    found: list[Change] = []
    for group in sorted(groups, key=bool):
        mine = [[line for line in lines if line.group == group] for lines in (old, new)]
        keyed = any(line.key for line in [*mine[0], *mine[1]])
        found += _by_key(*mine) if keyed else _by_text(*mine)
    return found


def _by_key(old: list[Line], new: list[Line]) -> Iterator[Change]:
    before, after = ({line.key: line for line in lines} for lines in (old, new))
    places = [{line.key: place for place, line in enumerate(lines, start=1)} for lines in (old, new)]
    yield from (_gone(line) for line in old if line.key not in after and line.text)
    stay = _staying([line.key for line in old], [line.key for line in new])
    for key, line in after.items():
        if key not in before:
            if line.text:
                yield _new(line)
            continue
        if line.group and key not in stay:
            yield Change("moved", line.label, (), places[0][key], places[1][key])
        yield from _changed(before[key], line)


def _staying(old: list[str], new: list[str]) -> set[str]:
    """The keys that need not be told to have moved: as many as can be."""
    common = set(old) & set(new)
    first, second = ([key for key in keys if key in common] for keys in (old, new))
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in first[block.a : block.a + block.size]}


def _by_text(old: list[Line], new: list[Line]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, [line.text for line in old], [line.text for line in new], autojunk=False)
    for _tag, a, b, c, d in matcher.get_opcodes():
        for before, after in zip_longest(old[a:b], new[c:d]):
            if before and after:
                yield from _changed(before, after)
            elif after:
                yield _new(after)
            else:
                yield _gone(before)


def _changed(before: Line, after: Line) -> Iterator[Change]:
    if before.text != after.text:
        yield Change("changed", after.label, tuple(words(before.text, after.text)))
    elif before.detail != after.detail:
        yield Change("changed", after.label, tuple(words(before.detail, after.detail)))


def _new(line: Line) -> Change:
    return Change("new", line.label, (Piece("new", line.text),))


def _gone(line: Line) -> Change:
    return Change("gone", line.label, (Piece("gone", line.text),))


def words(old: str, new: str) -> Iterator[Piece]:
    """The change of a text word by word, with a few of the words around that stay."""
    before, after = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    told_whole = not {*before} & {token for token in after if not token.isspace()}
    if told_whole or len(before) * len(after) > MOST_COMPARISONS:
        yield from (Piece(kind, text) for kind, text in (("gone", old), ("new", new)) if text)  # type: ignore[arg-type]
        return
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for index, (tag, a, b, c, d) in enumerate(opcodes):
        if tag == "equal":
            yield from _kept(before[a:b], index == 0, index == len(opcodes) - 1)
            continue
        if a < b:
            yield Piece("gone", "".join(before[a:b]))
        if c < d:
            yield Piece("new", "".join(after[c:d]))


def _kept(tokens: list[str], is_first: bool, is_last: bool) -> Iterator[Piece]:
    ahead = 0 if is_first else 2 * AROUND
    behind = 0 if is_last else 2 * AROUND
    if len(tokens) <= ahead + behind + 2 * AROUND:
        yield Piece("same", "".join(tokens))
        return
    if ahead:
        yield Piece("same", "".join(tokens[:ahead]))
    yield Piece("skip", "…")
    if behind:
        yield Piece("same", "".join(tokens[-behind:]))
