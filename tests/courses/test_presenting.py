"""The verbs of presenting; run on both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from accounts.models import CohortMember
from courses import enrolment, presenting
from courses.models import CohortCourse, Enrolment, ExitTicket, Presentation
from tests.courses.classroom import Classroom, classroom
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.courses import LessonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Classroom:
    return classroom(learners=1)


def at(presentation: Presentation) -> tuple[str, int]:
    presentation.refresh_from_db()
    return presentation.scene, presentation.finding


def test_opening_twice_is_opening_once(room: Classroom) -> None:
    first, second = room.present(), room.present()
    assert (first.pk, first.scene, first.started_at) == (second.pk, "join", None)


def test_opening_another_lesson_ends_the_one_that_runs(room: Classroom) -> None:
    first = room.present()
    other = LessonFactory(module=room.lesson.module)
    second = presenting.open_lesson(cohort=room.cohort, lesson=other, by=room.teacher)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert list(Presentation.objects.filter(cohort=room.cohort, ended_at=None)) == [second]


def test_a_class_that_takes_none_of_the_course_is_given_the_lesson() -> None:
    cohort, lesson = CohortFactory(), LessonFactory()
    here = CohortMemberFactory(cohort=cohort)
    presenting.open_lesson(cohort=cohort, lesson=lesson, by=TeacherFactory(cohort=cohort))
    later: CohortMember = CohortMemberFactory(cohort=cohort)
    enrolment.follow_cohort(later)
    given = CohortCourse.objects.get(cohort=cohort)
    assert (given.course, given.lesson) == (lesson.course, lesson)
    taken = Enrolment.objects.live().filter(cohort=cohort, course=lesson.course)
    assert set(taken.values_list("learner", flat=True)) == {here.user_id, later.user_id}


def test_a_class_that_takes_the_course_is_given_nothing_more(room: Classroom) -> None:
    room.present()
    assert CohortCourse.objects.filter(cohort=room.cohort).count() == 1


def test_starting_twice_keeps_when_it_was(room: Classroom) -> None:
    shown = room.present()
    started = presenting.start_together(presentation=shown).started_at
    assert started is not None
    assert presenting.start_together(presentation=shown).started_at == started
    assert at(shown) == ("work", 0)


def test_next_goes_on_once_however_often_it_is_pressed(room: Classroom) -> None:
    shown = room.present()
    presenting.show_marks(presentation=shown)
    for _press in range(2):
        presenting.next_finding(presentation=shown, seen=0, last=2)
    assert at(shown) == ("finding", 1)
    presenting.next_finding(presentation=shown, seen=1, last=2)
    presenting.next_finding(presentation=shown, seen=2, last=2)
    assert at(shown) == ("ticket", 2)


def test_a_stale_next_does_nothing(room: Classroom) -> None:
    shown = room.present()
    presenting.show_marks(presentation=shown)
    for seen in (0, 1, 2, 0):
        presenting.next_finding(presentation=shown, seen=seen, last=9)
    assert at(shown) == ("finding", 3)


def test_back_leads_the_whole_way(room: Classroom) -> None:
    shown = room.present()
    presenting.show_marks(presentation=shown)
    presenting.next_finding(presentation=shown, seen=0, last=1)
    presenting.exit_ticket(presentation=shown)
    way = []
    for seen in (1, 1, 0, 0, 0):
        presenting.back(presentation=shown, seen=seen)
        way.append(at(shown))
    assert way == [("finding", 1), ("marks", 0), ("work", 0), ("join", 0), ("join", 0)]


def test_a_stale_back_does_nothing(room: Classroom) -> None:
    shown = room.present()
    presenting.show_marks(presentation=shown)
    presenting.next_finding(presentation=shown, seen=0, last=5)
    presenting.back(presentation=shown, seen=0)
    assert at(shown) == ("finding", 1)


def test_what_was_ended_stays_as_it_was(room: Classroom) -> None:
    shown = room.present()
    presenting.show_marks(presentation=shown)
    ended = presenting.end(presentation=shown).ended_at
    assert ended is not None
    for verb in (presenting.start_together, presenting.show_marks, presenting.exit_ticket):
        verb(presentation=shown)
    presenting.next_finding(presentation=shown, seen=0, last=3)
    presenting.back(presentation=shown, seen=0)
    assert presenting.end(presentation=shown).ended_at == ended
    assert at(shown) == ("marks", 0)


def test_a_ticket_is_one_and_the_newer_word_stands(room: Classroom) -> None:
    shown = room.present()
    for answer in ("alone", "not_yet"):
        presenting.hand_in_ticket(presentation=shown, learner=room.learners[0], answer=answer)
    assert [ticket.answer for ticket in ExitTicket.objects.all()] == ["not_yet"]


def test_a_ticket_takes_no_other_word(room: Classroom) -> None:
    shown = room.present()
    with pytest.raises(ValueError, match="is not a valid"):
        presenting.hand_in_ticket(presentation=shown, learner=room.learners[0], answer="perhaps")


@pytest.mark.parametrize(
    ("answer", "twice", "constraint"),
    [("alone", True, "exit_ticket_once"), ("perhaps", False, "exit_ticket_answer_known")],
)
def test_the_database_holds_the_rules_of_tickets(
    room: Classroom, answer: str, twice: bool, constraint: str
) -> None:
    row = {"presentation": room.present(), "learner": room.learners[0], "answer": answer}
    if twice:
        ExitTicket.objects.create(**row)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ExitTicket.objects.create(**row)
    if connection.vendor == "postgresql" or not twice:
        assert constraint in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_two_teachers_who_open_at_once_open_one() -> None:
    room = classroom()

    def opened(_number: int) -> int:
        with closing(connection):
            return room.present().pk

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(opened, range(4)))) == 1
    assert Presentation.objects.count() == 1
