"""How a mark came to be, in sentences."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from quizzes.grade_steps import figure, percent, steps
from quizzes.grades import Said, Try, for_learner, mark_of
from quizzes.models import Assignment
from quizzes.terms import Terms

pytestmark = pytest.mark.pure
DUE = datetime(2026, 3, 6, 20, tzinfo=UTC)
TERMS = Terms(None, None, "after_submit", due_at=DUE)
A_DAY_OFF = replace(TERMS, late_percent=20)


def tried(number: int, fraction: float | None, days: float = -1) -> Try:
    return Try(number, DUE + timedelta(days=days), fraction)


def told(
    *tries: Try,
    terms: Terms = TERMS,
    said: Said | None = None,
    days: float = 9,
    own: bool = False,
    **fields: Any,
) -> list[str]:
    assignment = Assignment(**fields)
    now = DUE + timedelta(days=days)
    mark = mark_of(assignment=assignment, terms=terms, tries=tries, said=said, now=now)
    return [
        step.replace("\u00a0", " ") for step in steps(for_learner(mark) if own else mark, assignment, terms)
    ]


TWO = (tried(1, 0.5), tried(2, 0.75))


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        pytest.param({"tries": [tried(1, 0.8)]}, ["One try: 80 %."], id="one try"),
        pytest.param(
            {"tries": [tried(1, 0.8, 1.5)]},
            ["One try: 80 %.", "Handed in 2 days late: nothing is taken off."],
            id="late work in full",
        ),
        pytest.param(
            {"tries": [*TWO[:1], tried(2, 0.8, 1.5)], "terms": A_DAY_OFF, "attempt_rule": "last"},
            [
                "The last of 2 tries counts: 80 %.",
                "Handed in 2 days late: 40 % off, which leaves 48 %.",
            ],
            id="late work",
        ),
        pytest.param(
            {"tries": [tried(1, 0.8, 8)], "terms": A_DAY_OFF},
            ["One try: 80 %.", "Handed in 8 days late: 100 % off, which leaves 0 %."],
            id="so late that nothing is left",
        ),
        pytest.param({"tries": TWO}, ["The best of 2 tries counts, try 2: 75 %."], id="best"),
        pytest.param(
            {"tries": TWO, "attempt_rule": "first"}, ["The first of 2 tries counts: 50 %."], id="first"
        ),
        pytest.param(
            {"tries": TWO, "attempt_rule": "mean"},
            ["Try 1: 50 %.", "Try 2: 75 %.", "The mean of 2 tries counts: 62.5 %."],
            id="mean",
        ),
        pytest.param(
            {"tries": [TWO[0], tried(2, None), tried(3, None)], "attempt_rule": "mean"},
            ["Try 1 of 3 is graded so far: 50 %.", "Tries 2, 3 wait to be graded by a person."],
            id="a mean that waits",
        ),
        pytest.param({"tries": [tried(1, None)]}, ["Try 1 waits to be graded by a person."], id="waiting"),
        pytest.param(
            {"tries": []}, ["Nothing was handed in. It was due on 6 March 2026, 20:00."], id="missing"
        ),
        pytest.param(
            {"tries": [], "days": -1},
            ["Nothing is handed in yet. It is due on 6 March 2026, 20:00."],
            id="not due",
        ),
        pytest.param(
            {"tries": [], "terms": replace(TERMS, due_at=None)},
            ["Nothing is handed in yet. There is no date by which it is due."],
            id="never due",
        ),
        pytest.param(
            {"tries": [], "terms": replace(TERMS, due_at=None, closes_at=DUE)},
            ["Nothing was handed in before it closed."],
            id="closed",
        ),
        pytest.param({"tries": [Try(1, None)]}, ["A try is begun and not handed in yet."], id="begun"),
        pytest.param(
            {"tries": [], "said": Said("excused")},
            ["Excused by the teacher: it does not count in the total."],
            id="excused",
        ),
        pytest.param(
            {"tries": [tried(1, 0.8)], "said": Said("override", 0.9)},
            ["One try: 80 %.", "Set by the teacher: 90 %."],
            id="set by hand",
        ),
        pytest.param(
            {"tries": [tried(1, 0.8)], "release": "held"},
            ["One try: 80 %.", "Pupils do not see it before it is released."],
            id="held, for the teacher",
        ),
        pytest.param(
            {"tries": [tried(1, 0.8)], "release": "held", "own": True},
            ["Your teacher has not shown the marks yet."],
            id="held, for the learner",
        ),
    ],
)
def test_steps_say_how_the_mark_came_to_be(given: dict[str, Any], sentences: list[str]) -> None:
    assert told(*given.pop("tries"), **given) == sentences


@pytest.mark.parametrize(
    ("fraction", "said"), [(0, "0"), (1, "100"), (2 / 3, "66.7"), (0.6, "60"), (0.9996, "100")]
)
def test_figures_have_a_tenth_at_most(fraction: float, said: str) -> None:
    assert figure(fraction) == said
    assert percent(fraction) == f"{said}\u00a0%"


def test_figures_are_written_as_the_reader_writes_them() -> None:
    with translation.override("de"):
        assert figure(2 / 3) == "66,7"
    assert figure(2 / 3) == "66.7"
