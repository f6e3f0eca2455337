"""Grading by a person: who has an answer open, what is kept, and what releasing it does."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notice
from quizzes import assigning, attempts, marking
from quizzes.grading_queue import Row, left_in, queue, todo
from quizzes.marking import HeldByOther, MarkingError, NotComplete, StaleDraft
from quizzes.models import Attempt, Evidence, GradingDraft, ItemScore, SavedComment
from quizzes.signals import grades_released
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.articles import SkillFactory
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, QuestionFactory, QuizFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db

WRITTEN = {"text": "The council paid for a bench.", "checked": []}
FULL = {"facts": 2, "wording": 1}


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def assistant(cohort):
    return CohortMemberFactory(cohort=cohort, assistant=True).user


@pytest.fixture
def question():
    return QuestionFactory(revision__type="rewrite", revision__skills=[SkillFactory()])


@pytest.fixture
def quiz(question):
    return QuizFactory(revision__questions=[question])


def handed_in(quiz, cohort, data=WRITTEN, learner=None):
    learner = learner or CohortMemberFactory(cohort=cohort).user
    attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=learner)
    if data is not None:
        for item in attempt.items.select_related("revision"):
            attempts.save_response(item=item, sequence=1, data=data)
    attempts.submit(attempt=attempt)
    return attempt


def item_of(attempt):
    return attempt.items.select_related("revision", "attempt").get()


def graded(item, by, levels=FULL, comment=""):
    draft = marking.save(item=item, by=by, edition=edition_of(item), levels=levels, comment=comment)
    return marking.finish(item=item, by=by, edition=draft.edition)


def edition_of(item):
    draft = GradingDraft.objects.filter(item=item).first()
    return draft.edition if draft else 0


def test_the_queue_counts_answers_of_the_classes_one_teaches(quiz, question, cohort, teacher, assistant):
    first = handed_in(quiz, cohort)
    handed_in(quiz, cohort)
    handed_in(quiz, cohort, data=None)
    handed_in(quiz, CohortFactory())
    AttemptFactory(quiz=quiz, cohort=cohort)
    graded(item_of(first), teacher)
    row = Row(question.uuid, question.published.title, waiting=1, done=1, released=0)
    assert queue(teacher) == queue(assistant) == [row]
    words = ["1 answer to read, about 2 min.", "1 mark is done and not released."]
    assert [one.words for one in todo(teacher)] == words
    assert [one.words for one in todo(assistant)] == words[:1]
    assert queue(TeacherFactory()) == []
    marking.release(by=teacher, question=question)
    assert queue(teacher) == [Row(question.uuid, question.published.title, waiting=1, done=0, released=1)]


@pytest.mark.parametrize("answers", [1, 4])
@pytest.mark.once
def test_the_queue_takes_one_query(quiz, cohort, teacher, answers):
    for _number in range(answers):
        handed_in(quiz, cohort)
    assert len(asked_by(queue, by=teacher)) == 1
    assert len(asked_by(lambda: list(todo(teacher)))) == 1


def test_practice_waits_for_nobody(question, cohort, teacher):
    practice = QuizFactory(revision__questions=[question], mode="practice")
    handed_in(practice, cohort)
    assert queue(teacher) == []


def test_an_archived_class_can_still_be_graded_and_asks_for_nothing(quiz, question, cohort, teacher):
    attempt = handed_in(quiz, cohort)
    cohort.archived_at = timezone.now()
    cohort.save()
    assert [row.waiting for row in queue(teacher)] == [1]
    assert list(todo(teacher)) == []
    graded(item_of(attempt), teacher)
    assert marking.release(by=teacher, question=question) == 1


def test_the_next_answer_is_one_that_nobody_else_has_open(quiz, question, cohort, teacher, assistant):
    for _number in range(2):
        handed_in(quiz, cohort)
    mine = marking.open_next(question=question, by=teacher)
    theirs = marking.open_next(question=question, by=assistant)
    assert mine != theirs
    assert marking.open_next(question=question, by=assistant, after=theirs) == theirs
    assert marking.open_next(question=question, by=TeacherFactory(cohort=cohort)) is None
    with pytest.raises(HeldByOther, match=re.escape(str(teacher))):
        marking.claim(item=mine, by=assistant)


def test_the_next_answer_goes_round(quiz, question, cohort, teacher):
    items = {item_of(handed_in(quiz, cohort)).pk for _number in range(3)}
    first = marking.open_next(question=question, by=teacher)
    second = marking.open_next(question=question, by=teacher, after=first)
    third = marking.open_next(question=question, by=teacher, after=second)
    assert {first.pk, second.pk, third.pk} == items
    assert marking.open_next(question=question, by=teacher, after=third) == first


def test_a_hold_lasts_five_minutes_and_is_renewed_by_saving(clock, quiz, cohort, teacher, assistant):
    item = item_of(handed_in(quiz, cohort))
    marking.claim(item=item, by=teacher)
    clock.forward(299)
    with pytest.raises(HeldByOther):
        marking.claim(item=item, by=assistant)
    marking.save(item=item, by=teacher, edition=0, levels={"facts": 1}, comment="")
    clock.forward(299)
    with pytest.raises(HeldByOther):
        marking.save(item=item, by=assistant, edition=1, levels={}, comment="")
    clock.forward(2)
    assert marking.claim(item=item, by=assistant).holder == assistant
    marking.let_go(item=item, by=teacher)
    assert GradingDraft.objects.get().holder == assistant
    marking.let_go(item=item, by=assistant)
    assert GradingDraft.objects.get().holder is None


def test_a_draft_saved_elsewhere_is_shown_and_not_written_over(clock, quiz, cohort, teacher, assistant):
    item = item_of(handed_in(quiz, cohort))
    marking.save(item=item, by=teacher, edition=0, levels={"facts": 1}, comment="Good.")
    clock.forward(301)
    with pytest.raises(StaleDraft) as caught:
        marking.save(item=item, by=assistant, edition=0, levels={"facts": 0}, comment="Hm.")
    assert (caught.value.draft.comment, caught.value.draft.by) == ("Good.", teacher)
    saved = marking.save(item=item, by=assistant, edition=1, levels={"facts": 0}, comment="Hm.")
    assert (saved.edition, saved.levels, saved.by) == (2, {"facts": 0}, assistant)


def test_saving_the_same_again_is_saving_once(quiz, cohort, teacher):
    item = item_of(handed_in(quiz, cohort))
    for _again in range(2):
        saved = marking.save(item=item, by=teacher, edition=0, levels={"facts": 1}, comment="Good.")
    assert saved.edition == 1


@pytest.mark.parametrize(
    ("levels", "comment", "why"),
    [
        ({"facts": 3}, "", "“facts” has no level 3."),
        ({"facts": -1}, "", "“facts” has no level -1."),
        ({"style": 0}, "", "“style” has no level 0."),
        ({}, "x" * 2001, "The comment is longer than 2000 characters."),
        ({}, "a\x00b", "There is a character in this text that cannot be kept. Type the text again."),
    ],
)
def test_what_cannot_be_saved_is_refused_in_words(quiz, cohort, teacher, levels, comment, why):
    item = item_of(handed_in(quiz, cohort))
    with pytest.raises(MarkingError, match=f"^{re.escape(why)}$"):
        marking.save(item=item, by=teacher, edition=0, levels=levels, comment=comment)
    assert not GradingDraft.objects.exists()


def test_an_answer_is_done_when_every_criterion_has_a_level(quiz, cohort, teacher):
    item = item_of(handed_in(quiz, cohort))
    marking.save(item=item, by=teacher, edition=0, levels={"facts": 1}, comment="")
    with pytest.raises(NotComplete, match=r"^Not done yet: choose a level for “Wording”\.$"):
        marking.finish(item=item, by=teacher, edition=1)
    draft = graded(item, teacher)
    assert (draft.done, draft.holder, draft.by) == (True, None, teacher)
    with pytest.raises(StaleDraft):
        marking.finish(item=item, by=teacher, edition=1)


@pytest.fixture
def told():
    """The attempts of each `grades_released`."""
    heard = []

    def hear(sender, *, attempts, **_kwargs):
        heard.append(attempts)

    grades_released.connect(hear)
    yield heard
    grades_released.disconnect(hear)


def test_release_makes_one_score_and_grades_the_attempt(quiz, question, cohort, teacher, told):
    attempt = handed_in(quiz, cohort)
    graded(item_of(attempt), teacher, levels={"facts": 1, "wording": 1}, comment="One fact is gone.")
    assert marking.release(by=teacher, question=question) == 1
    assert marking.release(by=teacher, question=question) == 0
    attempt.refresh_from_db()
    assert (attempt.fraction, attempt.graded_at is not None) == (0.75, True)
    manual, auto = item_of(attempt).scores.all()
    assert (auto.number, auto.fraction, manual.number, manual.fraction) == (1, None, 2, 0.75)
    assert (manual.source, manual.by, manual.reason) == ("manual", teacher, "One fact is gone.")
    assert item_of(attempt).current_score == manual
    said = [(one.code, one.ref, one.response) for one in manual.judged.findings]
    assert said[-3:] == [
        ("level", "facts", "1"),
        ("level", "wording", "1"),
        ("comment", "", "One fact is gone."),
    ]
    [row] = Evidence.objects.live()
    assert (row.score, row.unit, row.correct, row.fraction) == (manual, "", True, 0.75)
    assert told == [[attempt]]
    assert GradingDraft.objects.get().released_at is not None


def test_release_without_a_comment_says_that_it_was_by_rubric(quiz, question, cohort, teacher):
    attempt = handed_in(quiz, cohort)
    graded(item_of(attempt), teacher, levels={"facts": 1, "wording": 0})
    marking.release(by=teacher, question=question)
    assert item_of(attempt).current_score.reason == "Graded by rubric"
    assert Evidence.objects.live().get().correct is False


def test_a_correction_is_a_new_score_and_nobody_is_told_again(quiz, question, cohort, teacher, told):
    attempt = handed_in(quiz, cohort)
    item = item_of(attempt)
    graded(item, teacher)
    marking.release(by=teacher, question=question)
    graded(item, teacher, levels={"facts": 0, "wording": 0}, comment="I misread it.")
    assert item_of(attempt).current_score.fraction == 1
    assert marking.release(by=teacher, question=question) == 1
    assert [score.fraction for score in item_of(attempt).scores.all()] == [0, 1, None]
    assert [(row.correct, row.voided_at is None) for row in Evidence.objects.order_by("pk")] == [
        (True, False),
        (False, True),
    ]
    attempt.refresh_from_db()
    assert (attempt.fraction, told) == (0, [[attempt]])
    assert Notice.objects.get(kind="graded").user == attempt.learner


def test_a_second_try_is_no_evidence(quiz, question, cohort, teacher):
    learner = CohortMemberFactory(cohort=cohort).user
    first, second = (handed_in(quiz, cohort, learner=learner) for _number in range(2))
    for attempt, levels in ((second, FULL), (first, {"facts": 0, "wording": 0})):
        graded(item_of(attempt), teacher, levels=levels)
        marking.release(by=teacher, question=question)
    assert Evidence.objects.get().score.item.attempt == first


def test_an_attempt_with_another_answer_to_read_is_not_graded_yet(question, cohort, teacher, told):
    other = QuestionFactory(revision__type="rewrite")
    attempt = handed_in(QuizFactory(revision__questions=[question, other]), cohort)
    for item in attempt.items.select_related("revision"):
        graded(item, teacher)
    marking.release(by=teacher, question=question)
    attempt.refresh_from_db()
    assert (attempt.fraction, told) == (None, [])
    marking.release(by=teacher, question=other)
    attempt.refresh_from_db()
    assert (attempt.fraction, told) == (1, [[attempt]])


def test_only_teachers_of_the_class_release(quiz, question, cohort, assistant, teacher):
    graded(item_of(handed_in(quiz, cohort)), assistant)
    assert marking.release(by=assistant, question=question) == 0
    assert marking.release(by=TeacherFactory(), question=question) == 0
    assert marking.release(by=teacher, question=question) == 1


def test_one_assignment_is_released_apart(quiz, cohort, teacher):
    assignment = AssignmentFactory(quiz=quiz, cohort=cohort)
    assigned = handed_in(quiz, cohort)
    other = TeacherFactory(cohort=(elsewhere := CohortFactory()))
    CohortMemberFactory(cohort=elsewhere, user=teacher, teacher=True)
    graded(item_of(assigned), teacher)
    graded(item_of(handed_in(quiz, elsewhere)), other)
    assert marking.release(by=teacher, assignment=assignment) == 1
    assert ItemScore.objects.filter(source="manual").get().item.attempt == assigned
    with pytest.raises(MarkingError):
        marking.release(by=teacher)


def test_marks_of_an_assignment_that_is_held_are_recorded_and_told_when_it_is_released(
    quiz, question, cohort, teacher, told
):
    assignment = AssignmentFactory(quiz=quiz, cohort=cohort, release="held")
    attempt = handed_in(quiz, cohort)
    graded(item_of(attempt), teacher)
    assert marking.release(by=teacher, question=question) == 1
    attempt.refresh_from_db()
    assert (attempt.fraction, told, Notice.objects.filter(kind="graded").count()) == (1.0, [], 0)
    assigning.release(assignment=assignment, by=teacher)
    assert told == [[attempt]]
    assert Notice.objects.get(kind="graded").user == attempt.learner


def test_marks_that_wait_for_the_closing_are_not_told_before(quiz, question, cohort, teacher, told):
    closes = timezone.now() + timedelta(days=1)
    AssignmentFactory(quiz=quiz, cohort=cohort, feedback="after_close", closes_at=closes)
    graded(item_of(handed_in(quiz, cohort)), teacher)
    marking.release(by=teacher, question=question)
    assert (Attempt.objects.get().fraction, told) == (1.0, [])


@pytest.mark.once
def test_releasing_takes_as_many_queries_for_one_as_for_many(quiz, question, cohort, teacher):
    counts = []
    for number in (1, 6):
        for _answer in range(number):
            graded(item_of(handed_in(quiz, cohort)), teacher)
        counts.append(len(asked_by(marking.release, by=teacher, question=question)))
    assert counts[0] == counts[1] <= 18


def test_comments_are_kept_once_and_archived(teacher, question):
    for _again in range(2):
        kept = marking.keep_comment(by=teacher, text="Keep  the\nnumber.", question=question)
    assert kept.text == "Keep the number."
    assert list(SavedComment.objects.visible_to(teacher)) == [kept]
    marking.archive_comment(comment=kept)
    again = marking.keep_comment(by=teacher, text="Keep the number.", question=question)
    assert again != kept
    with pytest.raises(MarkingError, match=r"^Write the comment first, then keep it\.$"):
        marking.keep_comment(by=teacher, text=" ")
    with pytest.raises(MarkingError, match="500"):
        marking.keep_comment(by=teacher, text="x" * 501)
    with pytest.raises(MarkingError, match="cannot be kept"):
        marking.keep_comment(by=teacher, text="a\x00b")


@pytest.mark.django_db(transaction=True)
def test_graders_at_once_never_get_the_same_answer(quiz, question, cohort):
    for _number in range(6):
        handed_in(quiz, cohort)
    graders = [TeacherFactory(cohort=cohort) for _number in range(4)]

    def grade(by):
        try:
            return marking.open_next(question=question, by=by)
        finally:
            connection.close()

    for _round in range(5):
        GradingDraft.objects.update(holder=None, held_until=None)
        with ThreadPoolExecutor(4) as threads:
            got = list(threads.map(grade, graders))
        assert len({item.pk for item in got}) == 4


@pytest.mark.django_db(transaction=True)
def test_released_at_once_is_released_once(quiz, question, cohort):
    teachers = [TeacherFactory(cohort=cohort) for _number in range(4)]
    for _number in range(3):
        graded(item_of(handed_in(quiz, cohort)), teachers[0])

    def let_out(by):
        try:
            return marking.release(by=by, question=question)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(let_out, teachers)) == 3
    assert ItemScore.objects.filter(source="manual").count() == 3
    assert Attempt.objects.filter(fraction=1).count() == 3


def test_what_is_left_in_a_class_is_counted(quiz, cohort, teacher):
    assert list(left_in(cohort, teacher)) == []
    graded(item_of(handed_in(quiz, cohort)), teacher)
    handed_in(quiz, CohortFactory())
    for _number in range(2):
        handed_in(quiz, cohort)
    assert [todo.words for todo in left_in(cohort, teacher)] == [
        "2 answers are not graded.",
        "1 mark is done and not released.",
    ]
