from datetime import UTC, date, datetime

import pytest

from articles import choosing
from articles.models import HiddenArticle
from courses import assigning, class_copying
from courses.class_copying import CopyRefused
from courses.models import CohortCourse, Enrolment
from quizzes import assigning as quiz_assigning
from quizzes.models import Assignment
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.articles import ArticleFactory
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import QuizFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(
        timezone="Europe/London", starts_on=date(2026, 1, 5), ends_on=date(2026, 4, 3), name="9b"
    )


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_copy_takes_staff_courses_and_assignments_along_and_no_learners(cohort, teacher):
    CohortMemberFactory(cohort=cohort, assistant=True)
    learner = CohortMemberFactory(cohort=cohort).user
    graded, direct = QuizFactory(), QuizFactory(mode="practice")
    step = {"key": "quiz", "kind": "quiz", "title": "Quiz", "quiz": graded}
    lesson = LessonFactory(revision__steps=[step])
    article = ArticleFactory()
    choosing.hide(cohort=cohort, article=article, by=teacher)
    due = utc(2026, 3, 20, 12)
    assigning.give(cohort=cohort, course=lesson.course, lesson=lesson, by=teacher, due_at=due)
    quiz_assigning.change(
        assignment=Assignment.objects.get(), by=teacher, release="held", late_policy="percent", late_percent=5
    )
    quiz_assigning.assign(quiz=direct, cohort=cohort, by=teacher, opens_at=utc(2026, 10, 20, 8))
    quiz_assigning.assign(quiz=QuizFactory(), cohort=cohort, by=teacher, learners=[learner])
    quiz_assigning.archive(
        assignment=quiz_assigning.assign(quiz=QuizFactory(), cohort=cohort, by=teacher), by=teacher
    )

    copy = class_copying.copy_class(
        cohort=cohort, name="  9b,  spring ", by=teacher, starts_on=date(2026, 1, 15), shift_days=10
    )
    assert (copy.name, copy.timezone, copy.organisation) == (
        "9b, spring",
        "Europe/London",
        cohort.organisation,
    )
    assert (copy.starts_on, copy.ends_on) == (date(2026, 1, 15), date(2026, 4, 13))
    assert sorted(copy.members.values_list("role", flat=True)) == ["assistant", "teacher"]
    assert not Enrolment.objects.filter(cohort=copy).exists()
    assert CohortCourse.objects.get(cohort=copy).lesson == lesson
    assert HiddenArticle.objects.get(cohort=copy).article == article
    made = {one.quiz_id: one for one in Assignment.objects.live().filter(cohort=copy)}
    assert set(made) == {graded.pk, direct.pk}
    first = made[graded.pk]
    assert first.due_at == utc(2026, 3, 30, 11)  # noon on the wall, in summer time
    assert (first.release, first.late_percent, first.everyone) == ("held", 5, True)
    assert made[direct.pk].opens_at == utc(2026, 10, 30, 9)  # nine on the wall, in winter time


def test_preview_says_the_dates_that_the_copy_gets(cohort, teacher):
    quiz_assigning.assign(
        quiz=QuizFactory(),
        cohort=cohort,
        by=teacher,
        due_at=utc(2026, 3, 20, 12),
        closes_at=utc(2026, 3, 27, 12),
    )
    [moved] = class_copying.preview(cohort=cohort, shift_days=7)
    class_copying.copy_class(cohort=cohort, name="Next", by=teacher, shift_days=7)
    made = Assignment.objects.exclude(cohort=cohort).get()
    assert (made.opens_at, made.due_at, made.closes_at) == (moved.opens_at, moved.due_at, moved.closes_at)
    assert (moved.due_at, moved.closes_at) == (utc(2026, 3, 27, 12), utc(2026, 4, 3, 11))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "N", "shift_days": 3_661}, "shift_days"),
    ],
)
def test_copy_refuses_what_makes_no_class(cohort, teacher, fields, field):
    with pytest.raises(CopyRefused) as refused:
        class_copying.copy_class(cohort=cohort, by=teacher, **fields)
    assert refused.value.field == field
    assert type(cohort).objects.count() == 1
