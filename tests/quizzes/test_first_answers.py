"""What counts as a learner's first answer, and how it is scored once somebody judged it anew."""

import pytest
from django.urls import reverse

from quizzes import attempts, live, marking, needs, publishing, regrading
from quizzes.class_marks import class_marks
from quizzes.first_answers import first_answers
from quizzes.models import Quiz
from quizzes.types import registry
from tests.courses.classroom import MARKING, classroom
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuestionRevisionFactory, QuizFactory

pytestmark = pytest.mark.django_db

EXAMPLE = registry.get("single_choice").example
RIGHT, WRONG = {"chosen": "engineer"}, {"chosen": "reporter"}
WRITTEN = {"text": "The council paid for a bench.", "checked": []}


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


def handed_in(quiz, cohort, data):
    attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=CohortMemberFactory(cohort=cohort).user)
    attempts.save_response(item=attempt.items.get(), sequence=1, data=data)
    return attempts.submit(attempt=attempt)


def checked(quiz, cohort, *answers):
    """Practice, checked as often as there are answers."""
    attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=CohortMemberFactory(cohort=cohort).user)
    item = attempt.items.select_related("revision").get()
    for number, data in enumerate(answers, start=1):
        attempts.check_response(item=item, sequence=number, data=data)
        item.refresh_from_db()
    return attempts.submit(attempt=attempt)


def regraded(question, cohort, by, kind):
    plan = regrading.plan(question=question, kind=kind, cohorts=[cohort])
    regrading.carry_out(regrading.order(plan=plan, reason="The key was wrong.", by=by))


def mended(question):
    key = EXAMPLE.key.model_copy(update={"right": frozenset({"reporter"})})
    publishing.publish_question(revision=QuestionRevisionFactory(question=question, key=key))
    question.refresh_from_db()


def needed(cohort):
    found = needs.needs(cohort=cohort, attempts=live.attempts_of(cohort=cohort, assignment=None))
    return [(need.low, need.tried) for need in found]


@pytest.mark.parametrize("kind", ["key", "everyone", "drop"])
def test_a_regrade_takes_away_a_need(cohort, teacher, kind):
    question = QuestionFactory()
    quiz = QuizFactory(revision__questions=[question])
    for _learner in range(5):
        handed_in(quiz, cohort, WRONG)
    assert needed(cohort) == [(5, 5)]
    mended(question)
    regraded(question, cohort, teacher, kind)
    assert needed(cohort) == []
    dropped = [answer.dropped for answer in first_answers(cohort=cohort, questions=[question.pk])]
    assert dropped == [kind == "drop"] * 5


def test_what_a_person_graded_is_a_try(cohort, teacher):
    question = QuestionFactory(revision__type="rewrite")
    quiz = QuizFactory(revision__questions=[question])
    for _learner in range(5):
        item = handed_in(quiz, cohort, WRITTEN).items.select_related("revision", "attempt").get()
        draft = marking.save(item=item, by=teacher, edition=0, levels={"facts": 0, "wording": 0}, comment="")
        marking.finish(item=item, by=teacher, edition=draft.edition)
    assert needed(cohort) == []
    marking.release(by=teacher, question=question)
    assert needed(cohort) == [(5, 5)]


@pytest.mark.parametrize(
    ("answers", "kind", "fraction"),
    [
        pytest.param((WRONG, RIGHT), None, 0.0, id="a later check hides no first one"),
        pytest.param((WRONG, RIGHT), "key", 1.0, id="the first check by the mended key"),
        pytest.param((RIGHT, WRONG), "key", 0.0, id="and no other"),
        pytest.param((WRONG, RIGHT), "everyone", 1.0, id="a point for everyone"),
        pytest.param((WRONG, RIGHT), "drop", None, id="dropped"),
    ],
)
def test_the_first_check_of_practice_is_scored_as_it_stands_now(cohort, teacher, answers, kind, fraction):
    question = QuestionFactory()
    checked(QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=[question]), cohort, *answers)
    if kind:
        mended(question)
        regraded(question, cohort, teacher, kind)
    [first] = first_answers(cohort=cohort, questions=[question.pk])
    assert (first.data["chosen"], first.fraction) == (answers[0]["chosen"], fraction)


def test_nobody_waits_for_a_grader_who_never_comes(client, cohort, teacher):
    question = QuestionFactory(revision__type="rewrite")
    checked(QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=[question]), cohort, WRITTEN)
    client.force_login(teacher)
    where = reverse("quizzes:need", kwargs={"uuid": cohort.uuid, "question": question.uuid})
    assert client.get(where).status_code == 404
    handed_in(QuizFactory(revision__questions=[question]), cohort, WRITTEN)
    assert client.get(where).content.decode().count("waits for a grader") == 1


def republished(room, **fields):
    revision = QuestionRevisionFactory(question=room.question, type="mark_spans", key=MARKING.key, **fields)
    publishing.publish_question(revision=revision)
    room.question.refresh_from_db()
    return revision


def test_marks_stay_when_a_question_is_published_again_with_the_same_text():
    room = classroom(learners=6)
    for learner in room.learners[:5]:
        room.answer(learner)
    before = class_marks(cohort=room.cohort, revisions=[room.question.published])
    revision = republished(room, title="The tram, again")
    room.answer(room.learners[5])
    [marks] = class_marks(cohort=room.cohort, revisions=[revision])
    assert (marks.answered, marks.changed, marks.enough) == (6, 0, True)
    assert set(marks.answers) == set(before[0].answers)


def test_marks_in_a_text_that_was_changed_are_counted_and_not_laid_out():
    room = classroom(learners=2)
    for learner in room.learners:
        room.answer(learner)
    passage = MARKING.prompt.passage
    longer = passage.model_copy(update={"text": f"{passage.text} Nobody paid."})
    revision = republished(room, prompt=MARKING.prompt.model_copy(update={"passage": longer}))
    [marks] = class_marks(cohort=room.cohort, revisions=[revision])
    assert (marks.answered, marks.changed) == (0, 2)
    shown = room.present()
    page = room.client.get(reverse("courses:summary", kwargs={"uuid": room.cohort.uuid, "shown": shown.uuid}))
    assert "The text was changed since 2 more answered" in page.content.decode()
