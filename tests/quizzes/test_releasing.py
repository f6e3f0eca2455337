"""Each attempt is told of once, whatever its marks waited for."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import erasing
from accounts.models import Cohort, User
from quizzes import accommodating, assigning, attempts, releasing, telling
from quizzes.models import Assignment, Attempt
from quizzes.signals import grades_released
from tests.factories.accounts import CohortFactory, CohortMemberFactory, LearnerFactory, TeacherFactory
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, ItemResponseFactory, QuizFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


@pytest.fixture
def teacher(cohort: Cohort) -> User:
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def told() -> Iterator[list[int]]:
    """The attempts (primary keys) that were told of, in order, as often as they were."""
    heard: list[int] = []

    def hear(attempts: list[Attempt], **_signal: Any) -> None:
        heard.extend(attempt.pk for attempt in attempts)

    grades_released.connect(hear)
    yield heard
    grades_released.disconnect(hear)


def given(cohort: Cohort, **terms: Any) -> Assignment:
    terms.setdefault("closes_at", timezone.now() + DAY)
    return AssignmentFactory(cohort=cohort, quiz=QuizFactory(), **terms)


def begun(given_as: Assignment, /, **fields: Any) -> Attempt:
    learner = CohortMemberFactory(cohort=given_as.cohort).user
    attempt = AttemptFactory(learner=learner, quiz=given_as.quiz, cohort=given_as.cohort)
    ItemResponseFactory(item=attempt.items.get())
    Attempt.objects.filter(pk=attempt.pk).update(**fields)
    return Attempt.objects.get(pk=attempt.pk)


def handed_in(assignment: Assignment) -> Attempt:
    return attempts.submit(attempt=begun(assignment))


def graded(
    assignment: Assignment, *, bare: bool = False, learner: User | None = None, number: int = 1
) -> Attempt:
    at = timezone.now() - 2 * MINUTE
    return Attempt.objects.create(
        learner=learner or LearnerFactory(),
        quiz=assignment.quiz,
        quiz_revision=assignment.quiz.published,
        cohort=assignment.cohort,
        assignment=None if bare else assignment,
        number=number,
        seed=1,
        started_at=at,
        submitted_at=at,
        submit_cause="learner",
        fraction=1.0,
        graded_at=at,
    )


def passed(assignment: Assignment, ago: timedelta = MINUTE) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(closes_at=timezone.now() - ago)


def look() -> None:
    for _twice in range(2):
        releasing.tell_all()


def test_what_nobody_waits_for_is_told_in_the_moment_of_handing_in(cohort: Cohort, told: list[int]) -> None:
    plain = handed_in(given(cohort))
    alone = attempts.submit(attempt=begun(given(cohort), assignment=None, cohort=None))
    look()
    assert [one.told_at == one.submitted_at for one in (plain, alone)] == [True, True]
    assert told == []


def test_marks_that_are_held_are_told_by_their_release(
    cohort: Cohort, teacher: User, told: list[int]
) -> None:
    assignment = given(cohort, release="held")
    attempt = handed_in(assignment)
    look()
    assert (attempt.told_at, told) == (None, [])
    assigning.release(assignment=assignment, by=teacher)
    assert told == [attempt.pk]
    look()
    assert told == [attempt.pk]


def test_a_closing_tells_everybody_also_with_somebody_at_it_whom_the_clock_hands_in(
    cohort: Cohort, told: list[int]
) -> None:
    assignment = given(cohort, feedback="after_close")
    done, late = handed_in(assignment), begun(assignment, deadline_at=timezone.now() + MINUTE)
    passed(assignment)
    look()
    assert told == []
    Attempt.objects.filter(pk=late.pk).update(
        started_at=timezone.now() - DAY, deadline_at=timezone.now() - timedelta(minutes=5)
    )
    attempts.submit_overdue()
    look()
    assert sorted(told) == [done.pk]
    assert Attempt.objects.get(pk=late.pk).told_at is not None


def test_the_last_who_hands_in_early_lets_all_others_go(cohort: Cohort, told: list[int]) -> None:
    assignment = given(cohort, feedback="after_close")
    done, last = handed_in(assignment), begun(assignment, deadline_at=timezone.now() + DAY)
    passed(assignment)
    look()
    assert told == []
    attempts.submit(attempt=last)
    look()
    assert told == [done.pk, last.pk]


def test_days_that_were_granted_hold_all_and_let_them_go_when_they_are_taken_back(
    cohort: Cohort, teacher: User, told: list[int]
) -> None:
    assignment = given(cohort, feedback="after_close")
    done, other = handed_in(assignment), CohortMemberFactory(cohort=cohort).user
    accommodating.grant(learner=other, cohort=cohort, by=teacher, extra_days=3)
    passed(assignment)
    look()
    assert told == []
    accommodating.grant(learner=other, cohort=cohort, by=teacher)
    assert told == [done.pk]


def test_other_terms_let_go_what_they_do_not_hold_and_hold_again_what_they_hold(
    cohort: Cohort, teacher: User, told: list[int]
) -> None:
    assignment = given(cohort, release="held")
    attempt = handed_in(assignment)
    assigning.change(assignment=assignment, by=teacher, release="auto")
    assert told == [attempt.pk]
    assigning.change(assignment=assignment, by=teacher, release="held")
    look()
    assert told == [attempt.pk]
    assigning.release(assignment=assignment, by=teacher)
    assert told == [attempt.pk] * 2


def test_work_from_before_an_assignment_waits_with_it_and_is_told_with_it(
    cohort: Cohort, teacher: User, told: list[int]
) -> None:
    released, taken_back = given(cohort, release="held"), given(cohort, release="held")
    bare = [attempts.submit(attempt=begun(one, assignment=None)) for one in (released, taken_back)]
    look()
    assert told == []
    assigning.release(assignment=released, by=teacher)
    assigning.archive(assignment=taken_back, by=teacher)
    assert told == [one.pk for one in bare]


def test_work_that_waits_is_not_shown_by_archiving_its_class(
    cohort: Cohort, teacher: User, told: list[int]
) -> None:
    bare = attempts.submit(attempt=begun(given(cohort, release="held"), assignment=None))
    Cohort.objects.filter(pk=cohort.pk).update(archived_at=timezone.now())
    look()
    assert telling.waits(Attempt.objects.get(pk=bare.pk)) is not None
    assert telling.withheld(bare.learner) == {bare.pk}
    assert told == []


def test_nobody_is_told_of_somebody_who_was_erased(cohort: Cohort, teacher: User, told: list[int]) -> None:
    assignment = given(cohort, release="held")
    attempt = handed_in(assignment)
    erasing.erase(person=attempt.learner)
    assigning.release(assignment=assignment, by=teacher)
    look()
    assert told == []


def test_days_that_make_everybody_wait_again_tell_anew_when_they_are_taken_back(
    cohort: Cohort, teacher: User, told: list[int]
) -> None:
    assignment = given(cohort, feedback="after_close")
    done, other = handed_in(assignment), CohortMemberFactory(cohort=cohort).user
    passed(assignment)
    look()
    accommodating.grant(learner=other, cohort=cohort, by=teacher, extra_days=3)
    look()
    assert (told, Attempt.objects.get(pk=done.pk).told_at) == ([done.pk], None)
    accommodating.grant(learner=other, cohort=cohort, by=teacher)
    assert told == [done.pk] * 2


def test_what_is_given_anew_and_holds_nothing_tells_what_was_held(
    cohort: Cohort, teacher: User, told: list[int]
) -> None:
    before = given(cohort, release="held")
    attempt = handed_in(before)
    assigning.archive(assignment=before, by=teacher)
    look()
    assert told == []
    assigning.assign(quiz=before.quiz, cohort=cohort, by=teacher)
    assert told == [attempt.pk]


PAST, FUTURE = -MINUTE, DAY
FEEDBACK = ["", "after_submit", "after_close"]
DATES = [PAST, FUTURE, None]


@pytest.mark.parametrize("bare", [False, True])
def test_the_clock_finds_exactly_what_nobody_waits_for(bare: bool, told: list[int]) -> None:
    """Under all terms that there can be: what is looked at first leaves out nothing that can be seen."""
    made: list[Attempt] = []
    now, learner = timezone.now(), LearnerFactory()
    quizzes = {says: QuizFactory(revision__feedback=says) for says in ("after_submit", "after_close")}
    for quiz_says, says, release, policy, due, closes in product(
        ["after_submit", "after_close"],
        ["", "after_submit", "after_close"],
        ["auto", "held"],
        ["none", "accept"],
        DATES,
        DATES,
    ):
        if due is not None and closes is not None and closes < due:
            continue
        dates = {"due_at": due and now + due, "closes_at": closes and now + closes}
        terms = {"feedback": says, "release": release, "late_policy": policy, **dates}
        assignment = AssignmentFactory(quiz=quizzes[quiz_says], **terms)
        made.append(graded(assignment, bare=bare, learner=learner, number=len(made) + 1))
    open_to_see = {one.pk for one in made if telling.waits(Attempt.objects.get(pk=one.pk)) is None}
    look()
    assert len(told) == len(set(told))
    assert set(told) == open_to_see
    assert 0 < len(told) < len(made)


def test_telling_takes_as_many_statements_for_many_as_for_one(cohort: Cohort, teacher: User) -> None:
    asked = []
    for number in (1, 20):
        assignment = given(cohort, release="held")
        for _attempt in range(number):
            graded(assignment)
        Assignment.objects.filter(pk=assignment.pk).update(release="auto")
        asked.append(len(asked_by(_tell, assignment=assignment)))
    assert asked[0] == asked[1] <= 6
    assert len(asked_by(_tell, assignment=assignment)) == 1


def _tell(assignment: Assignment) -> None:
    with transaction.atomic():
        releasing.tell(releasing.of_class(assignment))


def test_more_than_one_batch_is_told(
    cohort: Cohort, told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "BATCH", 2)
    assignment = given(cohort)
    made = [graded(assignment) for _attempt in range(5)]
    look()
    assert told == [one.pk for one in made]
