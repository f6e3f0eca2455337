"""The migration that gives assignments to classes that took a course before there were any."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from courses.models import CohortCourseItem
from quizzes.models import Assignment
from tests.factories.accounts import CohortFactory, CohortMemberFactory
from tests.factories.courses import CohortCourseFactory, LessonFactory
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, QuizFactory

pytestmark = pytest.mark.django_db
MIGRATION = import_module("courses.migrations.0005_courses_given_before_make_assignments")


def test_courses_given_before_get_assignments_and_their_tries():
    quiz, known, practice = QuizFactory(), QuizFactory(), QuizFactory(mode="practice")
    steps = [
        {"key": f"step-{number}", "kind": kind, "title": "Quiz", "quiz": one}
        for number, (kind, one) in enumerate((("quiz", quiz), ("quiz", known), ("practice", practice)))
    ]
    course = LessonFactory(revision__steps=steps).course
    cohort = CohortFactory()
    given = CohortCourseFactory(cohort=cohort, course=course)
    CohortCourseFactory(cohort=CohortFactory(archived_at=timezone.now()), course=course)
    CohortCourseFactory(course=course, archived_at=timezone.now())
    before = AssignmentFactory(cohort=cohort, quiz=known)
    taken = AttemptFactory(learner=CohortMemberFactory(cohort=cohort).user, quiz=quiz, cohort=cohort)
    alone = AttemptFactory(quiz=quiz)
    for _time in range(2):
        MIGRATION.assign(apps, None)
    made = Assignment.objects.exclude(pk=before.pk).get()
    item = CohortCourseItem.objects.get()
    assert (made.cohort, made.quiz, made.everyone) == (cohort, quiz, True)
    assert (item.cohort_course, item.assignment, item.step_key) == (given, made, "step-0")
    for attempt in (taken, alone):
        attempt.refresh_from_db()
    assert (taken.assignment, alone.assignment) == (made, None)
