"""What stands on the wall, and what pupils' own devices are told meanwhile."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import classes
from accounts.models import CohortMember
from articles import choosing
from courses import presenting, progress, showing
from courses.models import Enrolment, ExitTicket, Presentation
from quizzes import attempts, publishing
from quizzes.publishing import From
from quizzes.types.mark_spans import Response
from tests.courses.classroom import MARKING, NICKNAME, REAL_NAME, Classroom, classroom
from tests.factories.accounts import JoinCodeFactory, UserFactory
from tests.factories.articles import ArticleFactory
from tests.factories.quizzes import QuestionRevisionFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db


def address(name: str, room: Classroom, shown: Presentation | None = None) -> str:
    kwargs: dict[str, Any] = {"uuid": room.cohort.uuid}
    return reverse(f"courses:{name}", kwargs={**kwargs, "shown": shown.uuid} if shown else kwargs)


def pupil(room: Classroom, number: int = 0) -> Client:
    client = Client()
    client.force_login(room.learners[number])
    return client


def wall(room: Classroom, shown: Presentation) -> str:
    return room.client.get(address("projector", room, shown)).content.decode()


def press(room: Classroom, shown: Presentation, do: str, seen: int = 0) -> None:
    response = room.client.post(address("projector", room, shown), {"do": do, "seen": seen})
    assert response["Location"] == address("projector", room, shown)
    shown.refresh_from_db()


def test_a_lesson_is_chosen_and_opened() -> None:
    room = classroom(learners=1)
    page = room.client.get(address("present", room)).content.decode()
    assert "Who says so?" in page
    opened = room.client.post(address("present", room), {"lesson": room.lesson.uuid})
    shown = Presentation.objects.get()
    assert (shown.cohort, shown.lesson, shown.by) == (room.cohort, room.lesson, room.teacher)
    assert opened["Location"] == address("projector", room, shown)


@pytest.mark.parametrize("lesson", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_no_lesson_is_no_presentation(lesson: str) -> None:
    room = classroom()
    response = room.client.post(address("present", room), {"lesson": lesson}, follow=True)
    assert "Choose a lesson first." in response.content.decode()
    assert not Presentation.objects.exists()


def test_nothing_is_presented_to_a_class_that_is_over() -> None:
    room = classroom()
    room.cohort.archived_at = timezone.now()
    room.cohort.save()
    page = room.client.post(address("present", room), {"lesson": room.lesson.uuid}, follow=True)
    assert "This class is over" in page.content.decode()
    assert not Presentation.objects.exists()


def test_the_code_is_one_that_lets_somebody_in() -> None:
    room = classroom()
    used = JoinCodeFactory(cohort=room.cohort, code="BBB222", max_uses=1, uses=1)
    shown = room.present()
    assert "This class has no code now." in wall(room, shown)
    JoinCodeFactory(cohort=room.cohort, code="KPT4M7")
    page = wall(room, shown)
    assert "KPT 4M7" in page
    assert used.code[:3] not in page


@pytest.mark.parametrize(("answers", "seen"), [(4, False), (5, True)])
def test_marks_are_shown_from_five_answers_up(answers: int, seen: bool) -> None:
    room = classroom(learners=6)
    for learner in room.learners[:answers]:
        room.answer(learner)
    shown = room.present()
    press(room, shown, "marks")
    page = wall(room, shown)
    assert ("heat-5" in page) is seen
    assert ("What 5 of you marked" in page) is seen
    assert ("Fewer than 5 have answered this." in page) is not seen
    press(room, shown, "next")
    page = wall(room, shown)
    assert ("5 of 5 marked it." in page) is seen
    assert "marked it." in page or not seen
    assert "Talk about it:" in page
    summary = room.client.get(address("summary", room, shown)).content.decode()
    assert ("heat-5" in summary) is seen


def test_one_finding_comes_after_another_and_then_the_exit_ticket() -> None:
    room = classroom(learners=5)
    for learner in room.learners[:4]:
        room.answer(learner)
    room.answer(room.learners[4], Response(nothing_to_mark=True))
    shown = room.present()
    press(room, shown, "marks")
    said = []
    for seen in (0, 1):
        press(room, shown, "next", seen)
        said.append("4 of 5 marked it.</strong> Finding" in " ".join(wall(room, shown).split()))
    assert said == [True, True]
    press(room, shown, "next", 2)
    assert shown.scene == "ticket"


def test_what_came_after_the_first_answer_does_not_count() -> None:
    room = classroom(learners=5)
    for learner in room.learners:
        room.answer(learner, Response(nothing_to_mark=True))
        room.answer(learner)  # a second try, after the key was shown
    shown = room.present()
    press(room, shown, "marks")
    assert "heat-5" not in wall(room, shown)


def test_nobody_is_named_on_the_wall_in_any_scene() -> None:
    room = classroom(learners=6)
    for learner in room.learners[:5]:
        room.answer(learner)
    shown = room.present()
    client = room.client
    told = b""
    for do, seen in [("start", 0), ("marks", 0), ("next", 0), ("next", 1), ("next", 2), ("back", 2)]:
        for name in ("projector", "turnout", "summary"):
            told += client.get(address(name, room, shown)).content
        press(room, shown, do, seen)
    told += client.get(address("projector", room, shown)).content
    assert b"heat-5" in told
    assert (NICKNAME.encode() in told, REAL_NAME.encode() in told) == (False, False)
    assert not any(learner.username.encode() + b"<" in told for learner in room.learners)


def test_the_counts_come_once_and_then_only_when_they_change() -> None:
    room = classroom(learners=3)
    shown = room.present()
    client = room.client
    where = address("turnout", room, shown)
    first = client.get(where)
    assert first.json()["words"] == {
        "joined": "3 have joined",
        "finished": "0 of 3 have finished",
        "working": "3 have not begun.",
        "tickets": "0 of 3 have answered",
    }
    again = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    room.answer(room.learners[0])
    changed = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert changed.json()["words"]["finished"] == "1 of 3 have finished"
    presenting.start_together(presentation=shown)
    assert client.get(where).json()["state"] == "work-0"


@pytest.mark.parametrize("name", ["projector", "turnout", "summary"])
def test_the_wall_asks_the_same_of_few_and_many(name: str) -> None:
    counts = []
    for learners in (5, 12):
        room = classroom(learners=learners)
        for learner in room.learners:
            room.answer(learner)
        shown = room.present()
        presenting.show_marks(presentation=shown)
        client = room.client
        client.get(address(name, room, shown))
        with Statements() as statements:
            assert client.get(address(name, room, shown)).status_code == 200
        counts.append(len(statements.asked))
    assert counts[0] == counts[1] <= 14


def test_choosing_asks_the_same_of_few_and_many_lessons() -> None:
    room = classroom()
    client = room.client
    client.get(address("present", room))
    counts = []
    for _more in range(2):
        with Statements() as statements:
            client.get(address("present", room))
        counts.append(len(statements.asked))
        for _other in range(3):
            classroom()
    assert counts[0] == counts[1]


def test_an_ended_presentation_leads_to_its_summary() -> None:
    room = classroom()
    shown = room.present()
    press(room, shown, "end")
    assert room.client.get(address("projector", room, shown))["Location"] == address("summary", room, shown)


@pytest.mark.parametrize(
    "sent", [{}, {"do": "dance"}, {"do": "next", "seen": "many"}, {"do": "back", "seen": "-3"}]
)
def test_what_the_wall_does_not_know_changes_nothing(sent: dict[str, str]) -> None:
    room = classroom()
    shown = room.present()
    presenting.show_marks(presentation=shown)
    assert room.client.post(address("projector", room, shown), sent).status_code == 302
    shown.refresh_from_db()
    assert (shown.scene, shown.finding) == ("marks", 0)


# Pupils ----------------------------------------------------------------------------------------


def test_pupils_are_led_to_the_lesson_when_it_begins_and_not_before() -> None:
    room = classroom(learners=1)
    shown, client = room.present(), pupil(room)
    now = reverse("courses:now")
    assert client.get(now).json() == {}
    presenting.start_together(presentation=shown)
    told = client.get(now)
    assert told.json() == {
        "words": "Your class begins now.",
        "link": "Who says so?",
        "url": room.lesson.get_absolute_url(),
    }
    assert client.get(now, headers={"If-None-Match": told["ETag"]}).status_code == 304
    page = client.get(reverse("courses:home")).content.decode()
    assert "Your class begins now." in page
    presenting.end(presentation=shown)
    assert client.get(now).json() == {}


def test_pupils_of_other_classes_are_told_nothing() -> None:
    room, other = classroom(learners=1), classroom(learners=1)
    presenting.start_together(presentation=room.present())
    assert pupil(other).get(reverse("courses:now")).json() == {}


def test_a_ticket_without_a_quiz_is_a_choice_of_two() -> None:
    room = classroom(learners=2)
    shown, client = room.present(), pupil(room)
    ticket = reverse("courses:ticket", kwargs={"uuid": shown.uuid})
    assert client.get(ticket).status_code == 404
    presenting.exit_ticket(presentation=shown)
    assert client.get(reverse("courses:now")).json()["url"] == ticket
    assert "Could you do this alone now?" in client.get(ticket).content.decode()
    assert client.post(ticket, {"answer": "alone"})["Location"] == reverse("courses:home")
    assert ExitTicket.objects.get().answer == "alone"
    assert 'value="alone" checked' in client.get(ticket).content.decode()
    assert "1 of 2 have answered" in wall(room, shown)


@pytest.mark.parametrize("sent", [{}, {"answer": "perhaps"}])
def test_a_ticket_without_an_answer_is_asked_again(sent: dict[str, str]) -> None:
    room = classroom(learners=1)
    shown = room.present()
    presenting.exit_ticket(presentation=shown)
    response = pupil(room).post(reverse("courses:ticket", kwargs={"uuid": shown.uuid}), sent)
    assert response.status_code == 400
    assert "Choose one of the two." in response.content.decode()
    assert not ExitTicket.objects.exists()


def test_the_last_graded_quiz_is_the_ticket() -> None:
    room = classroom(learners=2, ticket_quiz=True)
    assert room.graded is not None
    shown, client = room.present(), pupil(room)
    presenting.exit_ticket(presentation=shown)
    ticket = client.get(reverse("courses:ticket", kwargs={"uuid": shown.uuid}))
    assert ticket["Location"] == room.graded.get_absolute_url()
    attempt = attempts.start(learner=room.learners[0], quiz=room.graded, cohort=room.cohort)
    attempts.submit(attempt=attempt)
    page = wall(room, shown)
    assert "Last: The last quiz" in page
    assert "1 of 2 have answered" in page


def test_the_ticket_of_another_class_is_not_found() -> None:
    room = classroom(learners=1)
    shown = room.present()
    presenting.exit_ticket(presentation=shown)
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(reverse("courses:ticket", kwargs={"uuid": shown.uuid})).status_code == 404


def test_the_summary_says_what_was_answered_from_five_up() -> None:
    room = classroom(learners=5)
    shown = room.present()
    presenting.exit_ticket(presentation=shown)
    for number, learner in enumerate(room.learners):
        before = room.client.get(address("summary", room, shown)).content.decode()
        assert "“I can do this alone”" not in before
        answer = "alone" if number else "not_yet"
        presenting.hand_in_ticket(presentation=shown, learner=learner, answer=answer)
    after = room.client.get(address("summary", room, shown)).content.decode()
    assert "“I can do this alone”: 4. “Not yet”: 1." in after


def test_a_pupil_gets_no_marks_of_others_anywhere() -> None:
    room = classroom(learners=6)
    for learner in room.learners[:5]:
        room.answer(learner)
    shown = room.present()
    presenting.show_marks(presentation=shown)
    client = pupil(room, 5)
    for name in ("projector", "turnout", "summary"):
        assert client.get(address(name, room, shown)).status_code == 404
    told = client.get(reverse("courses:home")).content + client.get(reverse("courses:now")).content
    assert b"heat-" not in told
    assert MARKING.key.spans[0].rationale.encode() not in told


def test_the_wall_tells_who_works_from_who_has_not_begun_and_who_left_from_who_is_there() -> None:
    room = classroom(learners=5)
    room.answer(room.learners[0])
    shown = room.present()
    room.answer(room.learners[1])
    for learner in room.learners[2:3]:
        enrolment = Enrolment.objects.get(learner=learner)
        progress.note_opened(enrolment=enrolment, lesson=room.lesson, step_key="explain")
    for learner in room.learners[3:]:
        presenting.hand_in_ticket(presentation=shown, learner=learner, answer="alone")
    classes.remove_member(by=room.teacher, member=CohortMember.objects.get(user=room.learners[4]))
    assert room.client.get(address("turnout", room, shown)).json()["words"] == {
        "joined": "4 have joined",
        "finished": "2 of 4 have finished, 1 of them before this lesson",
        "working": "1 is still working and will see what you show. 1 has not begun.",
        "tickets": "1 of 4 have answered",
    }


def test_a_text_that_the_class_does_not_read_is_not_on_the_wall() -> None:
    room = classroom(learners=1)
    article = ArticleFactory(revision__text=MARKING.prompt.passage.text)
    article.refresh_from_db()
    about = QuestionRevisionFactory(
        question=room.question,
        type="mark_spans",
        key=MARKING.key,
        passage=From(article.published, 0, len(article.published.text)),
    )
    publishing.publish_question(revision=about)
    shown = room.present()
    assert len(showing.questions(showing.material(room.lesson, room.cohort.pk))) == 1
    choosing.hide(cohort=room.cohort, article=article, by=room.teacher)
    found = showing.material(room.lesson, room.cohort.pk)
    assert showing.questions(found) == []
    assert found.work == ["explain"]
    presenting.show_marks(presentation=shown)
    assert "This lesson has no text to mark." in wall(room, shown)
