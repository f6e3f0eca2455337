"""A teacher's word on a mark from several windows at once, on either database."""

from collections.abc import Callable
from typing import Any

import pytest

from quizzes import grades
from quizzes.models import GradeEntry
from tests.factories.accounts import CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import AssignmentFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def test_the_same_entry_from_four_windows_is_one(crew: Any, rounds: range) -> None:
    assignment = AssignmentFactory()
    learner = CohortMemberFactory(cohort=assignment.cohort).user
    teacher = TeacherFactory(cohort=assignment.cohort)

    def enters(reason: str) -> Callable[[], GradeEntry]:
        return lambda: grades.enter(
            assignment=assignment, learner=learner, kind="excused", reason=reason, by=teacher
        )

    few = rounds[::5]
    for number in few:
        made = crew.meet(*[enters(f"Round {number}.")] * 4)
        assert len({entry.pk for entry in made}) == 1
    assert GradeEntry.objects.count() == len(few)
