"""By what a person grades: the criteria of a question, their levels, and the outcome that comes of them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes import wording
from quizzes.models import QuestionRevision
from quizzes.scoring.rewriting import share_of_points
from quizzes.types.base import Finding, Outcome, whole_item
from quizzes.types.rewrite import Criterion, Level

#: Where a question has no criteria of its own.
WHOLE = (
    (
        "whole",
        gettext_lazy("The answer"),
        (gettext_lazy("Not yet"), gettext_lazy("In part"), gettext_lazy("Right")),
    ),
)


def criteria_of(revision: QuestionRevision) -> tuple[Criterion, ...]:
    """The criteria in order; their levels count from 0 and rise."""
    own: tuple[Criterion, ...] = getattr(revision.asked, "criteria", ())
    return own or tuple(
        Criterion(
            ref=ref,
            text=str(text),
            levels=tuple(Level(points=points, text=str(level)) for points, level in enumerate(levels)),
        )
        for ref, text, levels in WHOLE
    )


def faults(criteria: tuple[Criterion, ...], levels: Mapping[str, int]) -> list[str]:
    """What is wrong with levels that were chosen, in sentences; a criterion without one is no fault."""
    known = {criterion.ref: criterion for criterion in criteria}
    return [
        _("“%(name)s” has no level %(level)s.") % {"name": ref, "level": level}
        for ref, level in levels.items()
        if ref not in known or not 0 <= level < len(known[ref].levels)
    ]


def missing(criteria: tuple[Criterion, ...], levels: Mapping[str, int]) -> list[str]:
    """The criteria that have no level yet, in words."""
    return [criterion.text for criterion in criteria if criterion.ref not in levels]


def outcome(
    criteria: tuple[Criterion, ...], levels: Mapping[str, int], comment: str, hints: tuple[Finding, ...]
) -> Outcome:
    """What levels of all criteria come to; `hints` are what the rules found before, and stay.

    A text of at least three quarters of the points is right evidence.
    """
    fraction = share_of_points(
        (criterion.levels[levels[criterion.ref]].points for criterion in criteria),
        (criterion.levels[-1].points for criterion in criteria),
    )
    said = [Finding(code=wording.LEVEL, ref=one.ref, response=str(levels[one.ref])) for one in criteria]
    if comment:
        said.append(Finding(code=wording.COMMENT, response=comment))
    kept = [one for one in hints if one.code not in {wording.LEVEL, wording.COMMENT}]
    return Outcome(fraction=fraction, answered=True, units=whole_item(fraction), findings=(*kept, *said))
