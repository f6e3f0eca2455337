"""No change of a score is missed by who asks for what has changed since, while real writers write."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.api.changes import high_water
from accounts.models import User
from quizzes import assigning, grades
from quizzes.models import Assignment, AssignmentScore
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import QuizFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
WRITERS, WRITES = 2, 4


def write(given: Assignment, learners: list[User], by: User, at: int) -> None:
    """Marks set by hand, each in a transaction that goes on for a while after it was stamped."""
    try:
        for number in range(WRITES):
            with transaction.atomic():
                grades.enter(
                    assignment=given,
                    learner=learners[(number + at) % len(learners)],
                    kind="override",
                    fraction=number / WRITES,
                    reason=f"Seen by {at}.",
                    by=by,
                )
                time.sleep(0.005)
    finally:
        connection.close()


def known_of(rows: "list[AssignmentScore]") -> dict[int, tuple[float, str]]:
    """What each row's mark was set to last, as whoever reads now sees it."""
    found = {}
    for row in rows:
        newest = row.learner.grade_entries.order_by("-at", "-pk").first()
        if newest is not None:
            found[row.pk] = (newest.fraction, newest.reason)
    return found


def test_a_copy_that_is_kept_by_asking_ends_up_true() -> None:
    cohort = CohortFactory()
    teacher = TeacherFactory(cohort=cohort)
    learners = [place.user for place in CohortMemberFactory.create_batch(2, cohort=cohort)]
    given = assigning.assign(quiz=QuizFactory(), cohort=cohort, by=teacher)
    copy: dict[int, tuple[float, str]] = {}
    mark = high_water()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, given, learners, teacher, at) for at in range(WRITERS)]
        over = False
        while not over:
            over = all(writer.done() for writer in writers)
            next_mark = high_water()
            copy |= known_of(list(AssignmentScore.objects.filter(updated_at__gte=mark)))
            mark = next_mark
            time.sleep(0.02)
        for writer in writers:
            writer.result()
    assert copy == known_of(list(AssignmentScore.objects.all()))
    assert len(copy) == 2
