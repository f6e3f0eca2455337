from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

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


@pytest.mark.parametrize(
    ("opens", "due", "closes", "moved"),
    [
        pytest.param(
            utc(2027, 3, 27, 1, 30), utc(2027, 3, 27, 2), None,
            (utc(2027, 3, 28, 1, 30), utc(2027, 3, 28, 1, 30), None), id="due in the gap's wake",
        ),
        pytest.param(
            utc(2027, 3, 27, 1, 30), None, utc(2027, 3, 27, 2),
            (utc(2027, 3, 28, 1, 30), None, utc(2027, 3, 28, 1, 31)), id="closes",
        ),
    ],
)  # fmt: skip
def test_copy_keeps_dates_in_order_where_the_clocks_go_forward(cohort, teacher, opens, due, closes, moved):
    quiz_assigning.assign(
        quiz=QuizFactory(), cohort=cohort, by=teacher, opens_at=opens, due_at=due, closes_at=closes
    )
    copy = class_copying.copy_class(cohort=cohort, name="Next", by=teacher, shift_days=1)
    made = Assignment.objects.get(cohort=copy)
    assert (made.opens_at, made.due_at, made.closes_at) == moved


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "a\0b"}, "name"),
    ],
)
def test_copy_page_refuses_what_no_calendar_has(client, cohort, teacher, typed, field):
    client.force_login(teacher)
    asked = {"name": "Next", "shift_days": "1", "do": "copy", **typed}
    answer = client.post(reverse("courses:class_copy", args=[cohort.uuid]), asked)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert type(cohort).objects.count() == 1


def test_copy_page_says_so_where_a_date_would_be_past_the_end_of_time(client, cohort, teacher):
    quiz_assigning.assign(quiz=QuizFactory(), cohort=cohort, by=teacher, due_at=utc(9999, 12, 30))
    client.force_login(teacher)
    address = reverse("courses:class_copy", args=[cohort.uuid])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"name": "Next", "shift_days": "9", "do": "copy"})
    assert list(answer.context["form"].errors) == ["shift_days"]
    assert type(cohort).objects.count() == 1


def test_copy_pressed_twice_makes_one_class_with_a_code(client, cohort, teacher):
    client.force_login(teacher)
    address = reverse("courses:class_copy", args=[cohort.uuid])
    answers = [client.post(address, {"name": "Next", "shift_days": "1", "do": "copy"}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 200]
    assert "You have a class “Next” already" in answers[1].content.decode()
    copy = type(cohort).objects.exclude(pk=cohort.pk).get()
    assert copy.join_codes.live().count() == 1


def test_pages_of_a_class_take_a_nul_for_nothing(client, cohort, teacher):
    lesson = LessonFactory()
    client.force_login(teacher)
    choose = reverse("courses:work_choose", args=[cohort.uuid])
    assign = reverse("courses:work_assign", args=[cohort.uuid])
    assert client.get(choose, {"q": "\0"}).status_code == 200
    assert client.get(assign, {"course": str(lesson.course.uuid), "module": "a\0b"}).status_code == 404
    code = reverse("accounts:codes", args=[cohort.uuid])
    assert client.post(code, {"revoke": "a\0b"}).status_code == 404
