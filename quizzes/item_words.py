"""Item statistics in plain words: what a flag means and what to do next, and how figures are written."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.item_figures import NOT_GRADED
from quizzes.scoring import items

#: For each flag its words and what to do next; the key is the flag as `quizzes.scoring.items` says it.
FLAGS: dict[str, tuple[Promise, Promise]] = {
    items.FEW: (
        gettext_lazy("Too few attempts"),
        gettext_lazy("Below 20 the figures would say more about who was there than about the question."),
    ),
    items.EASY: (
        gettext_lazy("Too easy"),
        gettext_lazy(
            "Nearly everybody gets it right. Keep it to begin with, or ask for something less plain."
        ),
    ),
    items.HARD: (
        gettext_lazy("Too hard"),
        gettext_lazy(
            "Hardly anybody gets it right. Look at the commonest answer: was it taught? Is it really wrong?"
        ),
    ),
    items.CHECK_KEY: (
        gettext_lazy("Better learners get it wrong"),
        gettext_lazy("Read the key again beside the commonest answers. A wrong key can be mended."),
    ),
}
REASONS: dict[str, Promise] = {
    items.DIFFERENT_ITEMS: gettext_lazy("Learners were given different questions, so there is no total."),
    items.ONE_ITEM: gettext_lazy("It takes two questions at least."),
    items.ONE_LEARNER: gettext_lazy("It takes two learners at least."),
    items.ALL_ALIKE: gettext_lazy("All learners have the same total."),
    NOT_GRADED: gettext_lazy("Some answers wait for a person to grade them."),
}


class Flag(NamedTuple):
    code: str
    words: str
    advice: str
    asks_for_the_key: bool


def flag(code: str, texts: Mapping[str, str]) -> Flag:
    """A flag in words; `texts` are those of the options, by name."""
    if code.startswith(items.NOBODY):
        option = code.removeprefix(items.NOBODY)
        nobody = _("Nobody takes “%(option)s”") % {"option": texts.get(option, option)}
        return Flag(code, nobody, _("Make it more tempting, or leave it out."), False)
    words, advice = FLAGS[code]
    return Flag(code, str(words), str(advice), code in {items.CHECK_KEY, items.HARD})


def flags(codes: Iterable[str], texts: Mapping[str, str]) -> list[Flag]:
    return [flag(code, texts) for code in codes]


def percent(share: float | None) -> str:
    """ "68 %", never broken; a dash for no figure."""
    return "–" if share is None else _("%(number)s\u00a0%%") % {"number": round(100 * share)}


def decimal(value: float | None) -> str:
    """Two places, with a real minus sign; a dash for no figure."""
    if value is None:
        return "–"
    rounded = round(value, 2) + 0.0  # no minus before 0
    return number_format(rounded, decimal_pos=2).replace("-", "−")


def duration(seconds: float | None) -> str:
    """ "1 min 20 s"; a dash for no figure."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(seconds)s s") % {"seconds": rest}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}


def interval(ci90: Any) -> str:
    """ "0.10 to 0.55"; "" for none."""
    return _("%(low)s to %(high)s") % {"low": decimal(ci90[0]), "high": decimal(ci90[1])} if ci90 else ""
