"""One learner's mark for one assignment: by the rule on tries, after lateness, and by a teacher's word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grades import (
    Counted,
    EntryRefused,
    Mark,
    Said,
    State,
    Try,
    enter,
    for_learner,
    mark_of,
    total_of,
)
from quizzes.models import Assignment, GradeEntry
from quizzes.terms import Terms
from tests.factories.accounts import CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import AssignmentFactory

DUE = datetime(2026, 3, 6, 20, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = Terms(None, None, "after_submit", due_at=DUE)
EXCUSED, TAKEN_BACK = Said("excused"), Said("none")


def tried(number: int, fraction: float | None, days: float = -1, **more: Any) -> Try:
    """Handed in `days` after it was due."""
    return Try(number, DUE + days * DAY, fraction, **more)


def mark(
    *tries: Try,
    rule: str = "best",
    terms: Terms = TERMS,
    said: Said | None = None,
    days: float = 1,
    **fields: Any,
) -> Mark:
    """The mark as it stands `days` after the due date."""
    assignment = Assignment(attempt_rule=rule, **fields)
    return mark_of(assignment=assignment, terms=terms, tries=tries, said=said, now=DUE + days * DAY)


OPEN = Try(1, None)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("tries", "days", "terms", "state"),
    [
        pytest.param([], -1, TERMS, State.NOT_DUE, id="nothing before it is due"),
        pytest.param([], 1, TERMS, State.MISSING, id="nothing after it"),
        pytest.param([], 1, replace(TERMS, due_at=None), State.NOT_DUE, id="never due"),
        pytest.param(
            [], 1, replace(TERMS, due_at=None, closes_at=DUE), State.MISSING, id="closed, never due"
        ),
        pytest.param([OPEN], 1, TERMS, State.OPEN, id="begun"),
        pytest.param([tried(1, None)], 1, TERMS, State.WAITING, id="handed in, not graded"),
        pytest.param([tried(1, None, dropped=True)], 1, TERMS, State.DROPPED, id="all of it dropped"),
        pytest.param(
            [tried(1, None, dropped=True), tried(2, None)], 1, TERMS, State.WAITING, id="one of two dropped"
        ),
        pytest.param([tried(1, None), Try(2, None)], 1, TERMS, State.WAITING, id="and begun again"),
    ],
)
def test_state_without_a_score(tries: list[Try], days: float, terms: Terms, state: State) -> None:
    found = mark(*tries, days=days, terms=terms)
    assert (found.state, found.fraction) == (state, None)


@pytest.mark.pure
def test_nothing_handed_in_is_not_a_mark_of_0() -> None:
    zero = mark(tried(1, 0.0))
    assert (zero.state, zero.fraction) == (State.GRADED, 0.0)
    assert mark().fraction is None


THREE = (tried(1, 0.5), tried(2, 0.9), tried(3, 0.7))


@pytest.mark.pure
@pytest.mark.parametrize(
    ("rule", "fraction", "numbers"),
    [("best", 0.9, [2]), ("last", 0.7, [3]), ("first", 0.5, [1]), ("mean", 0.7, [1, 2, 3])],
)
def test_the_rule_says_which_try_counts(rule: str, fraction: float, numbers: list[int]) -> None:
    found = mark(*THREE, Try(4, None), rule=rule)
    assert (found.state, found.tries) == (State.GRADED, 3)
    assert found.fraction == pytest.approx(fraction)
    assert [one.number for one in found.counted] == numbers


@pytest.mark.pure
@pytest.mark.parametrize(
    ("rule", "state", "fraction", "waiting"),
    [
        ("best", State.GRADED, 0.9, (3,)),
        ("mean", State.GRADED, 0.7, (3,)),
        ("first", State.GRADED, 0.5, ()),
        ("last", State.WAITING, None, (3,)),
    ],
)
def test_a_try_that_a_person_has_to_grade(
    rule: str, state: State, fraction: float | None, waiting: tuple[int, ...]
) -> None:
    found = mark(*THREE[:2], tried(3, None), rule=rule)
    assert (found.state, found.waiting) == (state, waiting)
    assert found.fraction == (None if fraction is None else pytest.approx(fraction))


@pytest.mark.pure
def test_a_dropped_try_is_as_if_it_had_not_been_made() -> None:
    found = mark(tried(1, None, dropped=True), tried(2, 0.5), rule="first")
    assert (found.state, found.fraction, found.tries, found.waiting) == (State.GRADED, 0.5, 1, ())


@pytest.mark.pure
def test_the_best_is_looked_for_after_lateness() -> None:
    late = replace(TERMS, late_percent=20)
    found = mark(tried(1, 0.7), tried(2, 0.8, days=1.5), terms=late)
    assert found.counted == (Counted(1, 0.7, 0, 0.7),)
    alone = mark(tried(2, 0.8, days=1.5), terms=late, days=9)
    assert (alone.days_late, alone.fraction) == (2, pytest.approx(0.48))


@pytest.mark.pure
def test_what_the_site_handed_in_after_the_deadline_is_not_late_for_that() -> None:
    """The sweeper comes by when it comes by; nobody could work after the deadline."""
    swept = tried(1, 0.8, days=2, deadline_at=DUE)
    assert mark(swept, terms=replace(TERMS, late_percent=10), days=3).fraction == 0.8


@pytest.mark.pure
@pytest.mark.parametrize(
    ("said", "state", "fraction"),
    [
        (EXCUSED, State.EXCUSED, None),
        (Said("override", 0.25), State.OVERRIDE, 0.25),
        (TAKEN_BACK, State.GRADED, 0.4),
    ],
)
def test_a_teachers_word_stands_in_place_of_the_score(
    said: Said, state: State, fraction: float | None
) -> None:
    found = mark(tried(1, 0.8, days=0.5), terms=replace(TERMS, late_percent=50), said=said)
    assert (found.state, found.fraction, found.scored) == (state, fraction, 0.4)


@pytest.mark.pure
def test_a_mark_is_held_until_it_is_released() -> None:
    found = mark(tried(1, 0.8), release="held")
    assert (found.state, found.fraction) == (State.HELD, 0.8)
    assert mark(tried(1, 0.8), release="held", released_at=DUE).state is State.GRADED
    assert mark(release="held", said=Said("override", 1.0)).state is State.HELD
    assert for_learner(found) == Mark(State.HELD, tries=1)
    assert for_learner(mark(tried(1, 0.8))) == mark(tried(1, 0.8))


@pytest.mark.pure
@pytest.mark.parametrize("released_at", [None, DUE])
def test_who_is_excused_is_told_that_and_nothing_of_the_tries(released_at: datetime | None) -> None:
    found = mark(tried(1, 0.8), tried(2, None), said=EXCUSED, release="held", released_at=released_at)
    assert (found.scored, found.waiting) == (0.8, (2,))
    assert for_learner(found) == Mark(State.EXCUSED, tries=2)


@pytest.mark.pure
def test_what_the_quiz_said_when_a_try_was_begun_holds_for_its_feedback() -> None:
    closes = replace(TERMS, closes_at=DUE + DAY)
    assert mark(tried(1, 0.8, feedback="after_close"), terms=closes, days=0.5).state is State.HELD
    later = replace(closes, feedback="after_close")
    assert mark(tried(1, 0.8, feedback="after_submit"), terms=later, days=0.5).state is State.GRADED


@pytest.mark.pure
def test_a_mark_waits_for_the_closing_where_feedback_does() -> None:
    terms = replace(TERMS, feedback="after_close", closes_at=DUE + DAY)
    assert mark(tried(1, 0.8), terms=terms, days=0.5).state is State.HELD
    assert mark(tried(1, 0.8), terms=terms, days=1.5).state is State.GRADED


# Totals ----------------------------------------------------------------------------------------
def graded(fraction: float) -> Mark:
    return Mark(State.GRADED, fraction)


NO_MARK = [
    Mark(State.EXCUSED),
    Mark(State.DROPPED),
    Mark(State.WAITING),
    Mark(State.OPEN),
    Mark(State.NOT_DUE),
]
fractions = st.floats(0, 1, allow_nan=False)
marks = st.lists(
    fractions.map(graded) | st.sampled_from([*NO_MARK, Mark(State.MISSING), Mark(State.HELD, 0.5)]),
    max_size=12,
)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("drop", "missing", "fraction", "counted", "dropped"),
    [(0, True, 0.5, 3, 0), (0, False, 0.75, 2, 0), (1, True, 0.75, 2, 1), (9, True, 0.9, 1, 2)],
)
def test_total_is_the_mean_of_what_counts(
    drop: int, missing: bool, fraction: float, counted: int, dropped: int
) -> None:
    of = [graded(0.6), graded(0.9), Mark(State.MISSING), *NO_MARK]
    total = total_of(of, drop_lowest=drop, missing_counts=missing)
    assert total.fraction == pytest.approx(fraction)
    assert (total.counted, total.dropped) == (counted, dropped)


@pytest.mark.pure
def test_total_of_nothing_is_no_mark() -> None:
    assert total_of(NO_MARK).fraction is None
    assert total_of([Mark(State.MISSING)], missing_counts=False).fraction is None


@pytest.mark.pure
@given(marks, st.integers(0, 5))
def test_dropping_the_lowest_never_lowers_a_total(of: list[Mark], drop: int) -> None:
    plain, dropped = total_of(of), total_of(of, drop_lowest=drop)
    assert (plain.fraction is None) == (dropped.fraction is None)
    if plain.fraction is not None and dropped.fraction is not None:
        assert dropped.fraction >= plain.fraction - 1e-9
        assert dropped.counted >= 1


@pytest.mark.pure
@given(marks, st.permutations(NO_MARK), st.booleans())
def test_what_has_no_mark_changes_no_total(of: list[Mark], more: list[Mark], missing: bool) -> None:
    assert total_of([*more, *of], missing_counts=missing) == total_of(of, missing_counts=missing)


@pytest.mark.pure
@given(
    st.lists(st.tuples(fractions, st.floats(-5, 5)), min_size=1, max_size=6),
    st.sampled_from(["best", "last", "first", "mean"]),
    st.integers(0, 100),
)
def test_a_mark_lies_between_0_and_the_best_score(
    made: list[tuple[float, float]], rule: str, late_percent: int
) -> None:
    tries = [tried(number, fraction, days) for number, (fraction, days) in enumerate(made, start=1)]
    found = mark(*tries, rule=rule, terms=replace(TERMS, late_percent=late_percent))
    assert found.fraction is not None
    assert 0 <= found.fraction <= max(fraction for fraction, _days in made) + 1e-9
    best = mark(*tries, rule="best", terms=replace(TERMS, late_percent=late_percent)).fraction
    assert best is not None
    assert best >= found.fraction - 1e-9


# A teacher's word ------------------------------------------------------------------------------
@pytest.fixture
def assignment() -> Assignment:
    return AssignmentFactory()


@pytest.fixture
def teacher(assignment: Assignment) -> Any:
    return TeacherFactory(cohort=assignment.cohort)


@pytest.fixture
def learner(assignment: Assignment) -> Any:
    return CohortMemberFactory(cohort=assignment.cohort).user


@pytest.mark.django_db
def test_entries_are_appended_and_twice_is_once(assignment: Assignment, teacher: Any, learner: Any) -> None:
    said = {"assignment": assignment, "learner": learner, "by": teacher}
    first = enter(**said, kind="override", fraction=0.5, reason=" Spoke to me. ")
    assert enter(**said, kind="override", fraction=0.5, reason="Spoke to me.") == first
    enter(**said, kind="none", reason="A slip.")
    rows = GradeEntry.objects.order_by("pk").values_list("kind", "fraction", "reason", "by")
    assert list(rows) == [
        ("override", 0.5, "Spoke to me.", teacher.pk),
        ("none", None, "A slip.", teacher.pk),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "override", "fraction": 0.5, "reason": "  "}, "reason"),
        ({"kind": "override", "reason": "Why."}, "fraction"),
        ({"kind": "override", "fraction": 1.01, "reason": "Why."}, "fraction"),
        ({"kind": "excused", "fraction": 0.5, "reason": "Why."}, "fraction"),
        ({"kind": "none", "reason": "Why."}, "kind"),
        ({"kind": "raised", "reason": "Why."}, "kind"),
        ({"kind": "excused", "reason": "Wh\x00y."}, "reason"),
        ({"kind": "excused", "reason": "Wh\ud800y."}, "reason"),
    ],
)
def test_entry_is_refused(
    assignment: Assignment, teacher: Any, learner: Any, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(EntryRefused) as refused:
        enter(assignment=assignment, learner=learner, by=teacher, **given)
    assert refused.value.field == field
    assert not GradeEntry.objects.exists()


@pytest.mark.django_db
def test_entry_is_about_a_pupil_of_the_class(assignment: Assignment, teacher: Any) -> None:
    with pytest.raises(EntryRefused) as refused:
        enter(assignment=assignment, learner=teacher, kind="excused", reason="Why.", by=teacher)
    assert refused.value.field == "learner"


@pytest.mark.django_db
def test_only_teachers_of_the_class_enter(assignment: Assignment, learner: Any) -> None:
    others = [
        learner,
        CohortMemberFactory(cohort=assignment.cohort, assistant=True).user,
        TeacherFactory(cohort=AssignmentFactory().cohort),
    ]
    for by in others:
        with pytest.raises(PermissionDenied):
            enter(assignment=assignment, learner=learner, kind="excused", reason="Why.", by=by)
    assert not GradeEntry.objects.exists()
