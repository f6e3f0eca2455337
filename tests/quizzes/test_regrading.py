"""Regrading: what is shown beforehand, what it does, and that it can be stopped anywhere."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import CohortMember
from courses.gradebook import book_of
from quizzes import attempts, marking, publishing, regrading
from quizzes.due import tasks_of
from quizzes.grades import State
from quizzes.models import Attempt, Evidence, GradingDraft, ItemScore, Regrade
from quizzes.regrading import Change, Kept, Mean
from quizzes.rejudging import RegradeRefused
from quizzes.signals import score_recorded
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.articles import SkillFactory
from tests.factories.quizzes import (
    AssignmentFactory,
    AttemptFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
)
from tests.statements import asked_by

pytestmark = pytest.mark.django_db

EXAMPLE = registry.get("single_choice").example
RIGHT, WRONG = {"chosen": "engineer"}, {"chosen": "reporter"}


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def skill():
    return SkillFactory()


@pytest.fixture
def question(skill):
    return QuestionFactory(revision__skills=[skill])


@pytest.fixture
def quiz(question):
    return QuizFactory(revision__questions=[question, QuestionFactory()])


def begun(quiz, cohort, *answers, learner=None):
    learner = learner or CohortMemberFactory(cohort=cohort).user
    attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=learner)
    for item, data in zip(attempt.items.select_related("revision"), answers, strict=False):
        if data is not None:
            attempts.save_response(item=item, sequence=1, data=data)
    return attempt


def handed_in(quiz, cohort, *answers, learner=None):
    return attempts.submit(attempt=begun(quiz, cohort, *answers, learner=learner))


def mended(question, skill, right="reporter"):
    """The question with another key, in force."""
    key = EXAMPLE.key.model_copy(update={"right": frozenset({right})})
    revision = QuestionRevisionFactory(question=question, key=key, skills=[skill])
    publishing.publish_question(revision=revision)
    question.refresh_from_db()
    return revision


def planned(question, *cohorts, kind="key", **more):
    return regrading.plan(question=question, kind=kind, cohorts=cohorts, **more)


def ordered(plan, by, run=True):
    regrade = regrading.order(plan=plan, reason="The key was wrong.", by=by)
    if run:
        regrading.carry_out(regrade)
        regrade.refresh_from_db()
    return regrade


def scores(attempt):
    """Of its first question, oldest first."""
    return list(attempt.items.order_by("position")[0].scores.order_by("number"))


def test_a_preview_says_who_changes_and_the_means_and_writes_nothing(question, quiz, skill, cohort, teacher):
    wrong = handed_in(quiz, cohort, WRONG, RIGHT)
    right = handed_in(quiz, cohort, RIGHT, RIGHT)
    blank = handed_in(quiz, cohort)
    begun(quiz, cohort, WRONG)
    mended(question, skill)
    plan = planned(question, cohort)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regrading, "amend", None)
        seen = regrading.preview(plan)
    assert seen.changes == [Change(wrong, 0, 1, False, False), Change(right, 1, 0, False, False)]
    assert (seen.same, seen.kept, seen.judged) == (1, [], 3)
    assert seen.means == [Mean(cohort, 3, 0.5, 0.5)]
    assert ItemScore.objects.count() == 6
    assert blank.fraction == 0


def test_what_is_done_is_what_was_shown(question, quiz, skill, cohort, teacher):
    made = [handed_in(quiz, cohort, answer, RIGHT) for answer in (WRONG, RIGHT, WRONG, None)]
    revision = mended(question, skill)
    plan = planned(question, cohort)
    shown = regrading.preview(plan)
    regrade = ordered(plan, teacher)
    assert (regrade.status, regrade.done, regrade.total) == ("done", 4, 4)
    for attempt in made:
        attempt.refresh_from_db()
    assert [attempt.fraction for attempt in made] == [1, 0.5, 1, 0.5]
    assert shown.means[0].after == 0.75
    auto, new = scores(made[0])
    assert (auto.fraction, new.fraction, new.number) == (0, 1, 2)
    assert (new.source, new.by, new.reason, new.regrade) == (
        "regrade",
        teacher,
        "The key was wrong.",
        regrade,
    )
    assert new.key_revision == revision
    assert made[0].items.order_by("position")[0].current_score == new
    again = regrading.preview(plan)
    assert (again.changes, again.same, again.kept) == ([], 0, [])


def test_evidence_is_voided_and_appended(question, quiz, skill, cohort, teacher):
    handed_in(quiz, cohort, WRONG)
    mended(question, skill)
    ordered(planned(question, cohort), teacher)
    rows = Evidence.objects.filter(question=question).order_by("pk")
    assert [(row.correct, row.voided_at is None) for row in rows] == [(False, False), (True, True)]


def test_a_second_try_stays_no_evidence(question, quiz, skill, cohort, teacher):
    learner = CohortMemberFactory(cohort=cohort).user
    first = handed_in(quiz, cohort, WRONG, learner=learner)
    second = handed_in(quiz, cohort, RIGHT, learner=learner)
    mended(question, skill)
    ordered(planned(question, cohort), teacher)
    [live] = Evidence.objects.live().filter(question=question)
    assert (live.correct, live.score) == (True, scores(first)[-1])
    assert scores(second)[-1].fraction == 0


def test_an_unanswered_first_try_gives_no_evidence_to_the_second(question, quiz, skill, cohort, teacher):
    learner = CohortMemberFactory(cohort=cohort).user
    handed_in(quiz, cohort, learner=learner)
    handed_in(quiz, cohort, RIGHT, learner=learner)
    mended(question, skill)
    ordered(planned(question, cohort), teacher)
    assert not Evidence.objects.filter(question=question).exists()


def test_in_practice_the_first_check_is_the_evidence_and_the_last_the_score(question, skill, cohort, teacher):
    practice = QuizFactory(revision__questions=[question], mode="practice")
    attempt = begun(practice, cohort)
    item = attempt.items.select_related("revision").get()
    for sequence, answer in enumerate((WRONG, RIGHT), start=1):
        attempts.check_response(item=item, sequence=sequence, data=answer)
    attempts.submit(attempt=attempt)
    mended(question, skill)
    ordered(planned(question, cohort), teacher)
    assert scores(attempt)[-1].fraction == 0
    [live] = Evidence.objects.live().filter(question=question)
    assert live.correct is True


def test_everyone_gets_the_point_and_it_tells_nothing_of_a_skill(question, quiz, cohort, teacher):
    wrong, blank = handed_in(quiz, cohort, WRONG, RIGHT), handed_in(quiz, cohort)
    plan = planned(question, cohort, kind="everyone")
    assert [(one.old, one.new) for one in regrading.preview(plan).changes] == [(0, 1), (0, 1)]
    ordered(plan, teacher)
    for attempt, fraction in ((wrong, 1), (blank, 0.5)):
        attempt.refresh_from_db()
        assert attempt.fraction == fraction
    assert [scores(attempt)[-1].answered for attempt in (wrong, blank)] == [True, False]
    assert not Evidence.objects.live().filter(question=question).exists()


def test_a_dropped_question_leaves_every_mean(question, quiz, cohort, teacher):
    attempt = handed_in(quiz, cohort, WRONG, RIGHT)
    plan = planned(question, cohort, kind="drop")
    shown = regrading.preview(plan)
    assert shown.changes == [Change(attempt, 0, 0, False, True)]
    assert shown.means == [Mean(cohort, 1, 0.5, 1)]
    ordered(plan, teacher)
    attempt.refresh_from_db()
    assert (attempt.fraction, scores(attempt)[-1].dropped) == (1, True)
    assert not Evidence.objects.live().filter(question=question).exists()


def test_a_later_regrade_by_key_takes_a_drop_back(question, quiz, cohort, teacher):
    attempt = handed_in(quiz, cohort, WRONG, RIGHT)
    for kind in ("drop", "everyone", "key"):
        ordered(planned(question, cohort, kind=kind), teacher)
    attempt.refresh_from_db()
    assert attempt.fraction == 0.5
    assert [(one.fraction, one.dropped) for one in scores(attempt)] == [
        (0, False),
        (0, True),
        (1, False),
        (0, False),
    ]
    [live] = Evidence.objects.live().filter(question=question)
    assert live.correct is False


def by_hand(attempt, teacher, levels):
    item = attempt.items.select_related("revision").get()
    draft = marking.save(item=item, by=teacher, edition=0, levels=levels, comment="")
    marking.finish(item=item, by=teacher, edition=draft.edition)
    marking.release(by=teacher, question=item.question)


def test_what_a_person_gave_stays_unless_it_is_to_be_replaced(cohort, teacher):
    question = QuestionFactory(revision__type="rewrite")
    attempt = handed_in(QuizFactory(revision__questions=[question]), cohort, {"text": "A bench."})
    by_hand(attempt, teacher, {"facts": 1, "wording": 0})
    plan = planned(question, cohort, kind="everyone")
    assert regrading.preview(plan).kept == [Kept(attempt, 0.25, "graded by hand")]
    ordered(plan, teacher)
    assert scores(attempt)[-1].source == "manual"
    ordered(planned(question, cohort, kind="everyone", replace_manual=True), teacher)
    attempt.refresh_from_db()
    assert (attempt.fraction, GradingDraft.objects.count()) == (1, 1)


def without_the_reporter(question, skill):
    """The question with one option less, in force."""
    options = tuple(option for option in EXAMPLE.prompt.options if option.ref != "reporter")
    prompt = EXAMPLE.prompt.model_copy(update={"options": options})
    key = EXAMPLE.key.model_copy(update={"feedback": {one.ref: "Why." for one in options}})
    revision = QuestionRevisionFactory(question=question, prompt=prompt, key=key, skills=[skill])
    publishing.publish_question(revision=revision)
    question.refresh_from_db()


def test_an_answer_to_what_is_not_asked_any_more_keeps_its_score(question, quiz, skill, cohort, teacher):
    attempt = handed_in(quiz, cohort, WRONG, RIGHT)
    without_the_reporter(question, skill)
    plan = planned(question, cohort)
    assert regrading.preview(plan).kept == [
        Kept(attempt, 0, "answered what the question does not ask any more")
    ]
    assert ordered(plan, teacher).status == "done"
    assert len(scores(attempt)) == 1


def test_a_first_check_of_what_is_not_asked_any_more_tells_nothing(question, skill, cohort, teacher):
    practice = QuizFactory(revision__questions=[question], mode="practice")
    attempt = begun(practice, cohort)
    item = attempt.items.select_related("revision").get()
    for sequence, answer in enumerate((WRONG, RIGHT), start=1):
        attempts.check_response(item=item, sequence=sequence, data=answer)
    attempts.submit(attempt=attempt)
    without_the_reporter(question, skill)
    ordered(planned(question, cohort), teacher)
    assert scores(attempt)[-1].source == "regrade"
    assert not Evidence.objects.live().filter(question=question).exists()


def test_who_hands_in_after_a_regrade_is_judged_by_it(question, quiz, skill, cohort, teacher):
    attempt = begun(quiz, cohort, WRONG, RIGHT)
    mended(question, skill)
    regrade = ordered(planned(question, cohort), teacher)
    assert (regrade.done, regrade.total) == (0, 0)
    later = begun(quiz, cohort, WRONG, RIGHT)
    for one in (attempt, later):
        attempts.submit(attempt=one)
        one.refresh_from_db()
    assert (attempt.fraction, later.fraction) == (1, 1)
    assert [score.regrade for score in scores(attempt)] == [None, regrade]
    assert len(scores(later)) == 1


def test_other_classes_and_other_quizzes_are_left_alone(question, quiz, skill, cohort, teacher):
    elsewhere = handed_in(quiz, CohortFactory(), WRONG)
    other = handed_in(QuizFactory(revision__questions=[question]), cohort, WRONG)
    mine = handed_in(quiz, cohort, WRONG)
    mended(question, skill)
    ordered(planned(question, cohort, quiz=quiz), teacher)
    assert [len(scores(attempt)) for attempt in (elsewhere, other, mine)] == [1, 1, 2]


def test_carrying_out_twice_is_once(question, quiz, cohort, teacher):
    attempt = handed_in(quiz, cohort, WRONG)
    regrade = ordered(planned(question, cohort, kind="everyone"), teacher)
    Regrade.objects.update(status="running")
    regrade.refresh_from_db()
    regrading.carry_out(regrade)
    assert len(scores(attempt)) == 2


def test_a_stopped_job_goes_on_where_it_was(question, quiz, skill, cohort, teacher, monkeypatch):
    made = [handed_in(quiz, cohort, WRONG) for _number in range(5)]
    mended(question, skill)
    monkeypatch.setattr(regrading, "BATCH", 2)
    regrade = ordered(planned(question, cohort), teacher, run=False)
    batches = []
    apply = regrading._apply

    def stopping(*args):
        batches.append(args)
        if len(batches) == 2:
            raise KeyboardInterrupt
        apply(*args)

    monkeypatch.setattr(regrading, "_apply", stopping)
    with pytest.raises(KeyboardInterrupt):
        regrading.carry_out(regrade)
    regrade.refresh_from_db()
    assert (regrade.status, regrade.done, regrade.total) == ("running", 2, 5)
    regrading.carry_out(regrade)
    regrade.refresh_from_db()
    assert (regrade.status, regrade.done, regrade.finished_at is not None) == ("done", 5, True)
    assert [[score.fraction for score in scores(attempt)] for attempt in made] == [[0, 1]] * 5


def test_a_job_that_fails_says_so_and_may_be_run_again(question, quiz, skill, cohort, teacher, monkeypatch):
    handed_in(quiz, cohort, WRONG)
    mended(question, skill)
    regrade = ordered(planned(question, cohort), teacher, run=False)
    with monkeypatch.context() as patch:
        patch.setattr(regrading, "_apply", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            regrading.carry_out(regrade)
    regrade.refresh_from_db()
    assert regrade.status == "failed"
    regrading.carry_out(regrade)
    regrade.refresh_from_db()
    assert regrade.status == "done"


def test_the_background_job_runs_when_the_order_is_committed(
    question, quiz, skill, cohort, teacher, django_capture_on_commit_callbacks
):
    attempt = handed_in(quiz, cohort, WRONG)
    mended(question, skill)
    with django_capture_on_commit_callbacks(execute=True):
        regrade = ordered(planned(question, cohort), teacher, run=False)
        assert len(scores(attempt)) == 1
    regrade.refresh_from_db()
    assert (regrade.status, len(scores(attempt))) == ("done", 2)


def test_each_attempt_says_that_it_was_scored(question, quiz, skill, cohort, teacher):
    made = [handed_in(quiz, cohort, WRONG) for _number in range(2)]
    mended(question, skill)
    heard = []

    def hear(sender, *, attempt, scores, **_kwargs):
        heard.append((attempt, scores))

    score_recorded.connect(hear)
    ordered(planned(question, cohort), teacher)
    score_recorded.disconnect(hear)
    assert heard == [(attempt, scores(attempt)[-1:]) for attempt in made]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"kind": "curve"}, "Choose what to do: judge again, give everyone the point, or drop it."),
        ({"cohorts": []}, "Choose at least one class."),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(question, cohort, more, why):
    with pytest.raises(RegradeRefused, match=f"^{re.escape(why)}$"):
        regrading.plan(**{"question": question, "kind": "key", "cohorts": [cohort], **more})


def test_a_question_that_a_person_grades_has_no_key_to_judge_by(cohort):
    with pytest.raises(RegradeRefused, match="A person grades this question"):
        planned(QuestionFactory(revision__type="rewrite"), cohort)


def test_a_regrade_needs_a_reason_and_a_teacher_of_each_class(question, cohort, teacher):
    with pytest.raises(RegradeRefused, match="Say why"):
        regrading.order(plan=planned(question, cohort), reason=" \n", by=teacher)
    assistant = CohortMemberFactory(cohort=cohort, assistant=True).user
    for by, cohorts in ((assistant, [cohort]), (teacher, [cohort, CohortFactory()])):
        with pytest.raises(RegradeRefused, match="Only a teacher"):
            regrading.order(plan=planned(question, *cohorts), reason="Because.", by=by)
    assert not Regrade.objects.exists()


def test_the_mean_of_a_class_is_of_its_pupils_marks(question, quiz, skill, cohort):
    assignment = AssignmentFactory(cohort=cohort, quiz=quiz, attempt_rule="best")
    once = handed_in(quiz, cohort, WRONG)
    twice = handed_in(quiz, cohort, WRONG)
    handed_in(quiz, cohort, RIGHT, learner=twice.learner)
    handed_in(quiz, CohortFactory(), WRONG)
    Attempt.objects.filter(cohort=cohort).update(assignment=assignment)
    gone = handed_in(quiz, cohort, WRONG)
    CohortMember.objects.filter(user=gone.learner).update(left_at=timezone.now() + timedelta(days=1))
    assert once.fraction == 0
    mended(question, skill)
    [mean] = regrading.preview(planned(question, cohort)).means
    assert (mean.attempts, mean.before, mean.after) == (4, 0.125, 0.375)
    assert (mean.marks, mean.marks_before, mean.marks_after) == (2, 0.25, 0.5)


@pytest.mark.once
def test_preview_takes_as_many_queries_for_one_as_for_many(question, quiz, skill, cohort):
    elsewhere = CohortFactory()
    for where in (cohort, elsewhere):
        AssignmentFactory(cohort=where, quiz=quiz)
    for where in (cohort, *[elsewhere] * 8):
        handed_in(quiz, where, WRONG)
    mended(question, skill)
    counts = [len(asked_by(regrading.preview, plan=planned(question, one))) for one in (cohort, elsewhere)]
    assert counts[0] == counts[1] <= 18


@pytest.mark.once
def test_each_batch_takes_as_many_queries_as_the_other(question, quiz, skill, cohort, teacher, monkeypatch):
    for _number in range(12):
        handed_in(quiz, cohort, WRONG)
    mended(question, skill)
    asked = []
    for batch in (12, 4, 2):
        monkeypatch.setattr(regrading, "BATCH", batch)
        regrade = ordered(planned(question, cohort, kind="key"), teacher, run=False)
        asked.append(len(asked_by(regrading.carry_out, regrade=regrade)))
        assert regrade.scores.count() == 12
        ItemScore.objects.filter(regrade=regrade).update(
            dropped=True, outcome={"findings": [{"code": "left_out"}]}
        )
    once, thrice, six = asked
    assert (thrice - once) / 2 == (six - thrice) / 3 <= 14


@pytest.mark.parametrize("source", ["regrade", "manual"])
def test_the_database_refuses_a_second_score_of_a_regrade_and_one_by_something_else(
    question, quiz, cohort, teacher, source
):
    attempt = handed_in(quiz, cohort, WRONG)
    regrade = ordered(planned(question, cohort, kind="drop"), teacher)
    score = scores(attempt)[-1]
    if source == "manual":
        score = scores(attempt)[0]
        ItemScore.objects.filter(regrade=regrade).update(regrade=None)
        score.regrade, score.by, score.reason = regrade, teacher, "By hand."
    score.pk, score.number, score.source = None, 3, source
    with pytest.raises(IntegrityError), transaction.atomic():
        score.save(force_insert=True)


def test_dropping_the_only_question_leaves_nothing_to_grade(cohort, teacher, question):
    quiz = QuizFactory(revision__questions=[question])
    assignment = AssignmentFactory(quiz=quiz, cohort=cohort)
    attempt = handed_in(quiz, cohort, RIGHT)
    ordered(planned(question, cohort, kind="drop"), teacher)
    attempt.refresh_from_db()
    assert (attempt.fraction, attempt.is_dropped) == (None, True)
    book = book_of(cohort)
    [row] = book.rows
    assert ([mark.state for mark in row.marks], row.total.fraction) == ([State.DROPPED], None)
    assert [mean.fraction for mean in book.means()] == [None]
    assert [task.state for task in tasks_of(attempt.learner) if task.assignment == assignment] == ["back"]
    ordered(planned(question, cohort, kind="everyone"), teacher)
    attempt.refresh_from_db()
    assert (attempt.fraction, attempt.is_dropped) == (1.0, False)
