"""The live page of a class, and the page of a question that most need help with."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from quizzes import attempts, live, needs
from quizzes.models import Attempt, Quiz
from tests.courses.classroom import MARKING, REAL_NAME, Classroom, classroom
from tests.factories.accounts import CohortMemberFactory
from tests.factories.quizzes import AssignmentFactory, ItemResponseFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db
WRONG = MARKING.wrong[2]


def address(name: str, room: Classroom, **kwargs: Any) -> str:
    return reverse(f"quizzes:{name}", kwargs={"uuid": room.cohort.uuid, **kwargs})


def rows(room: Classroom, assignment: Any = None) -> list[tuple[str, str, int, int, int]]:
    found = live.rows(cohort=room.cohort, assignment=assignment)
    return [(row.name[-1:] and row.state, row.title, row.position, row.answered, row.total) for row in found]


def test_rows_say_who_is_where() -> None:
    room = classroom(learners=3)
    title = room.practice.published.title
    room.answer(room.learners[0])
    room.answer(room.learners[1], hand_in=False)
    assert rows(room) == [
        ("handed-in", title, 1, 1, 1),
        ("working", title, 1, 1, 1),
        ("not-begun", "", 0, 0, 0),
    ]


def test_rows_know_which_question_was_seen_last() -> None:
    room = classroom(learners=1)
    quiz = AssignmentFactory(cohort=room.cohort).quiz
    attempt = attempts.start(learner=room.learners[0], quiz=quiz, cohort=room.cohort)
    (row,) = live.rows(cohort=room.cohort, assignment=None)
    assert (row.position, row.saved_at) == (0, None)
    attempts.note_shown(attempt.items.get())
    (row,) = live.rows(cohort=room.cohort, assignment=None)
    assert (row.position, row.answered, row.saved_at) == (1, 0, None)
    saved = ItemResponseFactory(item=attempt.items.get())
    (row,) = live.rows(cohort=room.cohort, assignment=None)
    assert (row.position, row.answered, row.saved_at) == (1, 1, saved.saved_at)


def test_today_leaves_out_what_was_days_ago() -> None:
    room = classroom(learners=1)
    attempt = room.answer(room.learners[0])
    long_ago = timezone.now() - timedelta(days=3)
    attempt.items.get().responses.update(saved_at=long_ago)
    Attempt.objects.update(started_at=long_ago, submitted_at=long_ago + timedelta(minutes=5))
    assert [row[0] for row in rows(room)] == ["not-begun"]
    attempt.items.get().responses.update(saved_at=timezone.now())
    assert [row[0] for row in rows(room)] == ["handed-in"]


def test_a_preview_is_not_work() -> None:
    room = classroom(learners=1)
    attempts.start(learner=room.learners[0], quiz=room.practice, cohort=room.cohort, preview=True)
    assert [row[0] for row in rows(room)] == ["not-begun"]


def test_an_assignment_shows_whom_it_was_given_to() -> None:
    room = classroom(learners=3)
    assignment = AssignmentFactory(cohort=room.cohort, everyone=False)
    assignment.learners.add(room.learners[1])
    attempts.start(learner=room.learners[1], quiz=assignment.quiz, cohort=room.cohort)
    assert [row[0] for row in rows(room, assignment)] == ["working"]
    page = room.client.get(address("live", room) + f"?assignment={assignment.uuid}").content.decode()
    assert (f"{REAL_NAME}-2" in page, f"{REAL_NAME}-1" in page) == (True, False)


@pytest.mark.parametrize("named", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_assignment_that_is_not_the_classs_is_not_found(named: str) -> None:
    room = classroom()
    for name in ("live", "live-rows"):
        assert room.client.get(f"{address(name, room)}?assignment={named}").status_code == 404


def test_the_table_comes_once_and_then_only_when_it_changes() -> None:
    room = classroom(learners=2)
    client, where = room.client, address("live-rows", room)
    first = client.get(where)
    again = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    room.answer(room.learners[0])
    changed = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert "0 at work, 1 handed in, 1 not begun" in changed.content.decode()


@pytest.mark.parametrize("name", ["live", "live-rows"])
def test_the_page_asks_the_same_of_one_and_of_forty(name: str) -> None:
    counts = []
    for learners in (1, 40):
        room = classroom(learners=learners)
        AssignmentFactory(cohort=room.cohort)
        for learner in room.learners:
            attempts.start(learner=learner, quiz=room.practice, cohort=room.cohort)
        client = room.client
        client.get(address(name, room))
        with Statements() as statements:
            assert client.get(address(name, room)).status_code == 200
        counts.append(len(statements.asked))
    assert counts[0] == counts[1] <= 12


def timed(room: Classroom) -> list[Attempt]:
    assignment = AssignmentFactory(cohort=room.cohort, time_limit_s=900)
    return [
        attempts.start(learner=learner, quiz=assignment.quiz, cohort=room.cohort) for learner in room.learners
    ]


@pytest.mark.parametrize(("who", "given"), [("one", [600, 0]), ("all", [600, 600]), ("nonsense", [0, 0])])
def test_ten_more_minutes_for_one_or_all(who: str, given: list[int]) -> None:
    room = classroom(learners=2)
    made = timed(room)
    sent = str(made[0].uuid) if who == "one" else who
    response = room.client.post(address("live", room), {"attempt": sent}, follow=True)
    assert [Attempt.objects.get(pk=one.pk).extra_s for one in made] == given
    said = "Ten more minutes for" if any(given) else "Nobody there has a time limit that still runs."
    assert said in response.content.decode()


@pytest.mark.parametrize("who", ["one", "all"])
def test_ten_more_minutes_pressed_twice_are_ten(who: str) -> None:
    room = classroom(learners=2)
    made = timed(room)
    Attempt.objects.filter(pk=made[1].pk).update(extra_s=600)
    client = room.client
    shown = client.get(address("live", room)).content.decode()
    sent = f"{made[0].uuid}:0" if who == "one" else "all:600"
    assert f'value="{sent}"' in shown
    for said in ("Ten more minutes for", "More time was given a moment ago."):
        response = client.post(address("live", room), {"attempt": sent}, follow=True)
        assert said in response.content.decode()
    assert Attempt.objects.get(pk=made[0].pk).extra_s == 600
    client.post(address("live", room), {"attempt": "all:²"})
    assert Attempt.objects.get(pk=made[0].pk).extra_s == 600


def test_nobody_gives_more_time_in_another_class() -> None:
    room, other = classroom(), classroom(learners=1)
    (attempt,) = timed(other)
    room.client.post(address("live", room), {"attempt": str(attempt.uuid)})
    attempt.refresh_from_db()
    assert attempt.extra_s == 0


def test_an_assistant_looks_and_gives_no_time() -> None:
    room = classroom(learners=1)
    (attempt,) = timed(room)
    client = Client()
    client.force_login(CohortMemberFactory(cohort=room.cohort, assistant=True).user)
    assert "Ten more minutes" not in client.get(address("live", room)).content.decode()
    assert client.post(address("live", room), {"attempt": "all"}).status_code == 404
    attempt.refresh_from_db()
    assert attempt.extra_s == 0


# What needs help -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right", "expected"),
    [
        pytest.param(3, 2, [(3, 5)], id="most"),
        pytest.param(3, 3, [], id="half is not most"),
        pytest.param(4, 0, [], id="too few"),
    ],
)
def test_what_most_got_wrong_needs_help(wrong: int, right: int, expected: list[tuple[int, int]]) -> None:
    room = classroom(learners=wrong + right)
    for number, learner in enumerate(room.learners):
        room.answer(learner, WRONG if number < wrong else MARKING.right)
    found = needs.needs(cohort=room.cohort, attempts=live.attempts_of(cohort=room.cohort, assignment=None))
    assert [(need.low, need.tried) for need in found] == expected


def test_a_second_try_does_not_hide_a_first() -> None:
    room = classroom(learners=5)
    for learner in room.learners:
        room.answer(learner, WRONG)
        room.answer(learner)
    found = needs.needs(cohort=room.cohort, attempts=live.attempts_of(cohort=room.cohort, assignment=None))
    assert [(need.low, need.tried) for need in found] == [(5, 5)]


def test_from_the_count_to_the_question_to_that_learners_marks() -> None:
    room = classroom(learners=6)
    made = [room.answer(learner, WRONG) for learner in room.learners[:5]]
    open_still = room.answer(room.learners[5], WRONG, hand_in=False)
    client = room.client
    page = client.get(address("live", room)).content.decode()
    question = address("need", room, question=room.question.uuid)
    assert "6 of 6 need help with “The tram”" in page
    assert f'href="{question}"' in page
    shown = client.get(question).content.decode()
    item = reverse("quizzes:item", kwargs={"uuid": made[0].uuid, "position": 1})
    assert f'href="{item}"' in shown
    assert str(open_still.uuid) not in shown
    assert f"{REAL_NAME}-6" in shown
    key = MARKING.key.spans[0]
    assert "What is right, and why" in shown
    assert escape(key.rationale) in shown
    assert client.get(item).status_code == 200


def test_a_question_that_the_class_never_met_is_not_found() -> None:
    room, other = classroom(learners=1), classroom(learners=1)
    other.answer(other.learners[0])
    assert room.client.get(address("need", room, question=other.question.uuid)).status_code == 404


def test_the_question_asks_the_same_of_few_and_many() -> None:
    counts = []
    for learners in (1, 12):
        room = classroom(learners=learners)
        for learner in room.learners:
            room.answer(learner, WRONG)
        client = room.client
        where = address("need", room, question=room.question.uuid)
        client.get(where)
        with Statements() as statements:
            assert client.get(where).status_code == 200
        counts.append(len(statements.asked))
    assert counts[0] == counts[1] <= 11


def test_practice_is_shown_beside_quizzes() -> None:
    room = classroom(learners=1)
    assert room.practice.mode == Quiz.Mode.PRACTICE
    room.answer(room.learners[0], hand_in=False)
    assert room.practice.published.title in room.client.get(address("live", room)).content.decode()
