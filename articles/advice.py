"""Advice on a key while it is written: what would make it fairer, and what to do. It refuses nothing.

Pure functions over plain rows: no queries. The rules behind it are in docs/measuring.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.skills import title
from articles.text.positions import Span, touched

WORDING = "loaded-language"
SHORT_WORDS = 2  # a key of so few words needs a margin round it
READINGS_NEEDED = 2  # of a judging word that must be found
MOST_AGAINST_ONE = 0.6
SOUND_SHARE = (0.4, 0.6)


@dataclass(frozen=True)
class Row:
    """An annotation as far as advice looks at it. `skill` is a slug; positions as in the text."""

    ref: str
    skill: str
    kind: str
    start: int
    end: int
    rationale: str = ""
    minority: str = ""
    readings: int = 1
    party: str = ""

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True)
class Advice:
    """One thing to think about: a code, a sentence that says what to do, and the rows that it is about."""

    code: str
    text: str
    refs: tuple[str, ...] = ()


def advise(rows: Sequence[Row], words: Sequence[Span], *, swap_tested: bool = False) -> list[Advice]:
    """Everything that could be said about the rows of one key; `words` are those of the text."""
    return [
        *_two_kinds_of_one_word(rows),
        *_overlapping(rows),
        *_one_reading(rows),
        *_no_reason(rows),
        *_no_minority(rows),
        *_no_foils(rows),
        *_no_margin(rows, words),
        *_one_sided(rows),
        *_foils_that_hit(rows),
        *_share_of_sound(rows),
        *_swap_test(rows, swap_tested),
    ]


def _of(rows: Sequence[Row], *kinds: str) -> list[Row]:
    return [row for row in rows if row.kind in kinds]


def _meet(one: Row, other: Row) -> bool:
    return one.skill == other.skill and one.start < other.end and other.start < one.end


def _about(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.ref for row in rows))


def _two_kinds_of_one_word(rows: Sequence[Row]) -> Iterator[Advice]:
    clashing = [
        pair
        for pair in combinations(rows, 2)
        if _meet(*pair) and (pair[0].kind == "foil") != (pair[1].kind == "foil")
    ]
    if clashing:
        yield Advice(
            "foil-taken",
            _(
                "The same words are “fine as written” and not. Questions refuse this: shorten or remove one of the two."
            ),
            _about([row for pair in clashing for row in pair]),
        )


def _overlapping(rows: Sequence[Row]) -> Iterator[Advice]:
    required = _of(rows, "required")
    shared = [pair for pair in combinations(required, 2) if _meet(*pair)]
    if shared:
        yield Advice(
            "overlap",
            _("These share a word, so a question counts them as one find. Part them, or keep one."),
            _about([row for pair in shared for row in pair]),
        )


def _one_reading(rows: Sequence[Row]) -> Iterator[Advice]:
    few = [r for r in _of(rows, "required") if r.skill == WORDING and r.readings < READINGS_NEEDED]
    if few:
        yield Advice(
            "one-reading",
            _(
                "Readers often part over words that judge. With one reading they are refused as “to find” in a "
                "question: get a second reading, or make them “readers differ”."
            ),
            _about(few),
        )


def _no_reason(rows: Sequence[Row]) -> Iterator[Advice]:
    silent = [row for row in _of(rows, "required", "foil") if not row.rationale.strip()]
    if silent:
        yield Advice(
            "no-reason",
            _("Say why, in a sentence or two: learners read it after they answer."),
            _about(silent),
        )


def _no_minority(rows: Sequence[Row]) -> Iterator[Advice]:
    silent = [row for row in _of(rows, "acceptable") if not (row.minority.strip() or row.rationale.strip())]
    if silent:
        yield Advice("no-minority", _("Readers differ here: say what some of them say."), _about(silent))


def _no_foils(rows: Sequence[Row]) -> Iterator[Advice]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        kinds[row.skill].add(row.kind)
    bare = [skill for skill, has in kinds.items() if "required" in has and "foil" not in has]
    for skill in bare:
        yield Advice(
            "no-foils",
            _(
                "“%(skill)s” has finds, and nothing that only looks like one. Add words that are fine as written: "
                "else the text teaches suspicion, not judgement."
            )
            % {"skill": title(skill)},
        )


def _no_margin(rows: Sequence[Row], words: Sequence[Span]) -> Iterator[Advice]:
    margins = [row for row in _of(rows, "acceptable") if row.skill == WORDING]
    bare = [
        row
        for row in _of(rows, "required")
        if row.skill == WORDING
        and len(touched(row.span, words)) <= SHORT_WORDS
        and not any(m.start <= row.start and row.end <= m.end and m.span != row.span for m in margins)
    ]
    if bare:
        yield Advice(
            "no-margin",
            _(
                "Some readers mark a few words more. Mark the longer piece round these as “readers differ”, so that "
                "a taste for longer marks costs nothing."
            ),
            _about(bare),
        )


def _one_sided(rows: Sequence[Row]) -> Iterator[Advice]:
    faults = [row for row in _of(rows, "required") if row.party]
    for party, hits in Counter(row.party for row in faults).most_common(1):
        if hits / len(faults) > MOST_AGAINST_ONE:
            yield Advice(
                "one-sided",
                _(
                    "%(hits)d of %(all)d faults hit “%(party)s”. At most 60 %% should hit one party: find faults on "
                    "another side, take a second text from there, or take some out."
                )
                % {"hits": hits, "all": len(faults), "party": party},
                _about([row for row in faults if row.party == party]),
            )


def _foils_that_hit(rows: Sequence[Row]) -> Iterator[Advice]:
    hitting = [row for row in _of(rows, "foil") if row.party]
    if hitting:
        yield Advice(
            "foil-hits", _("What is fine as written hits nobody: take the party out."), _about(hitting)
        )


def _share_of_sound(rows: Sequence[Row]) -> Iterator[Advice]:
    finds, sound = len(_of(rows, "required")), len(_of(rows, "foil"))
    if not finds:
        return
    share = sound / (finds + sound)
    if SOUND_SHARE[0] <= share <= SOUND_SHARE[1]:
        return
    yield Advice(
        "share",
        ngettext(
            "%(finds)d find, %(sound)d fine as written.", "%(finds)d finds, %(sound)d fine as written.", finds
        )
        % {"finds": finds, "sound": sound}
        + " "
        + _(
            "Where a question offers what to judge, let about half be fine (40 to 60 %). In a whole text it may differ."
        ),
    )


def _swap_test(rows: Sequence[Row], swap_tested: bool) -> Iterator[Advice]:
    if any(row.party for row in rows) and not swap_tested:
        yield Advice(
            "swap-test",
            _(
                "A party is named and the swap test is not signed. Do it before you publish: exchange the parties in "
                "your mind; if an annotation would change, mend it."
            ),
        )
