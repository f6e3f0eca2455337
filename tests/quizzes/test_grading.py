"""What judging puts on record: scores, results by skill, and evidence that counts once."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from quizzes import attempts, grading, publishing, recording
from quizzes.models import Attempt, Evidence, ItemResponse, ItemScore, QuestionKey, SkillResult
from quizzes.publishing import From, Slot
from quizzes.scoring import RULES_VERSION
from quizzes.signals import score_recorded
from quizzes.types import mark_spans, registry
from quizzes.types.base import Outcome, Passage
from tests.factories.accounts import CohortFactory, LearnerFactory, TeacherFactory
from tests.factories.articles import ArticleFactory, SkillFactory
from tests.factories.quizzes import (
    AttemptFactory,
    DraftQuizFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
)

pytestmark = pytest.mark.django_db

RIGHT = {"chosen": "engineer"}
WRONG = {"chosen": "reporter"}
NOTHING = {"chosen": None}
EVERY_TYPE = [question_type.slug for question_type in registry.all_types()]
SCORED = [question_type.slug for question_type in registry.all_types() if question_type.scores_itself]


def right_of(type):
    return registry.get(type).example.right.model_dump(mode="json")


def wrong_of(type, index=0):
    return registry.get(type).example.wrong[index].model_dump(mode="json")


def quiz_of(*questions, mode="graded"):
    return QuizFactory(mode=mode, revision__questions=questions)


def taken(quiz, *data, **more):
    """An attempt at `quiz`, answered with `data` in order (None: left open) and handed in."""
    attempt = AttemptFactory(quiz=quiz, **more)
    for item, given in zip(attempt.items.all(), data, strict=True):
        if given is not None:
            attempts.save_response(item=item, sequence=1, data=given)
    return attempts.submit(attempt=attempt)


def evidence_of(attempt):
    rows = Evidence.objects.filter(learner=attempt.learner).order_by("question_id", "skill_id", "ordinal")
    return list(rows.values_list("unit", "ordinal", "kind", "category", "correct", "fraction"))


# Scores -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_judge_gives_the_types_own_outcome(type):
    question = QuestionFactory(revision__type=type)
    item = AttemptFactory(quiz=quiz_of(question)).items.get()
    key = QuestionKey.objects.get(revision=question.published)
    kind = registry.get(type)
    for response in (kind.example.right, *kind.example.wrong):
        stored = ItemResponse(item=item, sequence=1, data=response.model_dump(mode="json"))
        expected = kind.grade(kind.example.prompt, kind.example.key, response)
        assert grading.judge(item=item, key=key, response=stored) == expected
    assert grading.judge(item=item, key=key, response=None) == kind.grade(
        kind.example.prompt, kind.example.key, kind.Response()
    )


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_handing_in_records_a_score(type, clock):
    question = QuestionFactory(revision__type=type)
    attempt = taken(quiz_of(question), right_of(type))
    item = attempt.items.get()
    score = ItemScore.objects.get()
    assert item.current_score == score
    assert (score.item, score.number, score.response) == (item, 1, item.responses.get())
    assert (score.source, score.by, score.reason, score.dropped) == ("auto", None, "", False)
    assert (score.fraction, score.answered, score.at) == (1.0 if type in SCORED else None, True, clock.at)
    assert (score.key_revision, score.rules_version) == (question.published, RULES_VERSION)
    kind = registry.get(type)
    expected = kind.grade(kind.example.prompt, kind.example.key, kind.example.right)
    assert score.outcome == expected.model_dump(mode="json")


def test_newest_response_is_the_one_that_counts():
    attempt = AttemptFactory(quiz=quiz_of(QuestionFactory(), QuestionFactory()))
    first, second = attempt.items.all()
    for sequence, data in [(1, RIGHT), (8, WRONG), (9, RIGHT)]:
        newest = attempts.save_response(item=first, sequence=sequence, data=data)
    assert grading.newest_responses([first, second]) == {first.pk: newest}


def test_attempts_score_is_weighted_by_points():
    slots = [Slot(QuestionFactory(), Decimal(3)), Slot(QuestionFactory(), Decimal("0.5"))]
    draft = publishing.draft_quiz(quiz=DraftQuizFactory(), title="Weights", slots=slots)
    publishing.publish_quiz(revision=draft)
    attempt = taken(draft.quiz, RIGHT, WRONG)
    attempt.refresh_from_db()
    assert attempt.fraction == pytest.approx(3 / 3.5, abs=1e-9)


def test_attempt_waits_while_an_item_waits_for_a_person(monkeypatch):
    judge = grading.judge

    def half_judged(*, item, key, response):
        if item.position == 1:
            return Outcome(fraction=None, answered=True)
        return judge(item=item, key=key, response=response)

    monkeypatch.setattr(grading, "judge", half_judged)
    attempt = taken(quiz_of(QuestionFactory(), QuestionFactory()), RIGHT, RIGHT)
    attempt.refresh_from_db()
    assert (attempt.fraction, attempt.graded_at) == (None, None)
    assert attempt.submitted_at is not None
    assert list(ItemScore.objects.order_by("item__position").values_list("fraction", flat=True)) == [
        None,
        1.0,
    ]


@pytest.mark.parametrize("mode", ["graded", "practice"])
def test_text_that_a_person_grades_leaves_the_attempt_ungraded_and_is_no_evidence(mode):
    attempt = AttemptFactory(
        quiz=quiz_of(QuestionFactory(), QuestionFactory(revision__type="rewrite"), mode=mode)
    )
    verb = attempts.check_response if mode == "practice" else attempts.save_response
    for item, data in zip(attempt.items.all(), [RIGHT, right_of("rewrite")], strict=True):
        verb(item=item, sequence=1, data=data)
    attempts.submit(attempt=attempt)
    attempt.refresh_from_db()
    assert (attempt.fraction, attempt.graded_at) == (None, None)
    assert attempt.submitted_at is not None
    scores = ItemScore.objects.order_by("item__position").values_list("fraction", "answered")
    assert list(scores) == [(1.0, True), (None, True)]
    assert list(Evidence.objects.values_list("question_revision__type", flat=True)) == ["single_choice"]
    assert not SkillResult.objects.exists()


def test_text_that_was_left_blank_waits_for_nobody():
    attempt = taken(
        quiz_of(QuestionFactory(), QuestionFactory(revision__type="rewrite")), RIGHT, {"text": " "}
    )
    attempt.refresh_from_db()
    assert attempt.fraction == 0.5
    assert attempt.graded_at is not None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a quarter", "This cannot be read as a number. Type it again."),
        ("25 euros", "This unit is not known here. Type the number with another unit."),
        (" ", "Answer first, then check. If nothing fits, say so."),
    ],
)
def test_check_of_what_cannot_be_read_asks_to_type_it_again(text, reason):
    item = AttemptFactory(quiz=quiz_of(QuestionFactory(revision__type="number"), mode="practice")).items.get()
    with pytest.raises(grading.NotAnswered) as caught:
        attempts.check_response(item=item, sequence=1, data={"text": text})
    assert str(caught.value) == reason
    assert not ItemScore.objects.exists()


def test_dropped_item_leaves_the_mean():
    attempt = AttemptFactory(quiz=quiz_of(QuestionFactory(), QuestionFactory(), mode="practice"))
    first, second = attempt.items.all()
    attempts.check_response(item=first, sequence=1, data=WRONG)
    attempts.check_response(item=second, sequence=1, data=RIGHT)
    first.refresh_from_db()
    first.current_score = ItemScore.objects.create(
        item=first,
        number=2,
        source="override",
        response=first.responses.get(),
        key_revision=first.revision,
        fraction=0,
        answered=True,
        dropped=True,
        by=TeacherFactory(),
        reason="The passage was misprinted.",
    )
    first.save()
    attempts.submit(attempt=attempt)
    attempt.refresh_from_db()
    assert (attempt.fraction, ItemScore.objects.count()) == (1.0, 3)


def test_scores_are_numbered_on():
    item = AttemptFactory(quiz=quiz_of(QuestionFactory(), mode="practice")).items.get()
    for sequence in (1, 2, 3):
        attempts.check_response(item=item, sequence=sequence, data=RIGHT)
    assert list(item.scores.order_by("number").values_list("number", "response__sequence")) == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]


def test_record_of_nothing_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert recording.record(attempt=Attempt(), judged=[]) == []


def test_scores_are_announced_in_item_order():
    heard = []

    def listen(sender, attempt, scores, **_kwargs):
        heard.append(
            (sender, attempt, [score.item.position for score in scores], {score.pk for score in scores})
        )

    score_recorded.connect(listen)
    try:
        attempt = taken(quiz_of(QuestionFactory(), QuestionFactory()), RIGHT, None)
    finally:
        score_recorded.disconnect(listen)
    assert heard == [(ItemScore, attempt, [1, 2], set(ItemScore.objects.values_list("pk", flat=True)))]


# Results by skill ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "counts"),
    [  # two to find: the second and the fourth of four sentences
        pytest.param(right_of("mark_spans"), (1.0, 2, 2, 0, 2, 0), id="both"),
        pytest.param(wrong_of("mark_spans"), (2 / 3, 2, 1, 0, 1, 0), id="one of two"),
        pytest.param(wrong_of("mark_spans", 2), (0.0, 2, 0, 0, 0, 0), id="nothing to mark, said wrongly"),
        pytest.param(None, (0.0, 2, 0, 0, 0, 0), id="left open"),
    ],
)
def test_results_by_skill_hold_the_counts(given, counts):
    taken(quiz_of(QuestionFactory(revision__type="mark_spans")), given)
    result = SkillResult.objects.get()
    assert result.skill == SkillFactory()
    assert result.fraction == pytest.approx(counts[0], abs=1e-9)
    assert (result.required, result.found, result.partly, result.marks, result.sound_marks) == counts[1:]


def test_types_that_tally_nothing_have_no_results_by_skill():
    taken(quiz_of(QuestionFactory()), RIGHT)
    assert not SkillResult.objects.exists()


# Evidence -----------------------------------------------------------------------------------------


def test_evidence_says_who_what_where_and_when(clock):
    article = ArticleFactory()
    revision = QuestionRevisionFactory(passage=From(article.published, 0, 26))
    publishing.publish_question(revision=revision)
    attempt = AttemptFactory(quiz=quiz_of(revision.question), cohort=CohortFactory())
    attempts.save_response(item=attempt.items.get(), sequence=1, data=RIGHT, confidence=70)
    attempts.submit(attempt=attempt)
    row = Evidence.objects.get()
    assert row.score == attempt.items.get().current_score
    assert (row.learner, row.question, row.question_revision) == (
        attempt.learner,
        revision.question,
        revision,
    )
    assert (row.article, row.cohort, row.confidence) == (article, attempt.cohort, 70)
    assert (row.skill, row.unit, row.kind, row.category) == (SkillFactory(), "", "none", "")
    assert (row.correct, row.fraction, row.at, row.voided_at) == (True, 1.0, clock.at, None)


@pytest.mark.parametrize(
    ("type", "given", "rows"),
    [
        pytest.param(
            "single_choice", RIGHT, [("", 0, "none", "", True, 1.0)], id="an item as a whole, right"
        ),
        pytest.param(
            "single_choice", WRONG, [("", 0, "none", "", False, 0.0)], id="an item as a whole, wrong"
        ),
        pytest.param(
            "mark_spans",
            wrong_of("mark_spans"),
            [
                ("1", 0, "sound", "", True, 1.0),
                ("2", 1, "problem", "", True, 1.0),
                ("3", 2, "sound", "", True, 1.0),
                ("4", 3, "problem", "", False, 0.0),
            ],
            id="every sentence, the unmarked ones too",
        ),
        pytest.param(
            "classify",
            wrong_of("classify", 1),
            [
                ("vote", 0, "none", "reports", False, 0.0),
                ("cause", 1, "none", "explains", False, 0.0),
                ("must", 2, "none", "urges", False, 0.0),
            ],
            id="every sentence that was placed and is scored",
        ),
        pytest.param(
            "classify",
            wrong_of("classify"),
            [("vote", 0, "none", "reports", True, 1.0)],
            id="only the sentence that was placed",
        ),
        pytest.param("single_choice", None, [], id="never opened"),
        pytest.param("single_choice", NOTHING, [], id="left open"),
        pytest.param("mark_spans", wrong_of("mark_spans", 3), [], id="no mark, and nothing said"),
        pytest.param("classify", wrong_of("classify", 3), [], id="nothing placed"),
        pytest.param("multiple_choice", {"chosen": [], "none_of_these": False}, [], id="nothing chosen"),
    ],
)
def test_evidence_is_what_was_answered(type, given, rows):
    attempt = taken(quiz_of(QuestionFactory(revision__type=type)), given)
    assert evidence_of(attempt) == rows


def test_marks_on_acceptable_words_only_are_no_evidence():
    example = registry.get("mark_spans").example
    hope = example.key.spans[1]
    # What may be marked, and need not: then a mark there is no answer.
    optional = hope.model_copy(update={"kind": "acceptable"})
    key = example.key.model_copy(update={"spans": (example.key.spans[0], optional)})
    mark = {"skill": hope.skill, "start": hope.start, "end": hope.end}
    attempt = taken(
        quiz_of(QuestionFactory(revision__type="mark_spans", revision__key=key)), {"marks": [mark]}
    )
    assert (attempt.items.get().current_score.answered, evidence_of(attempt)) == (False, [])


def test_evidence_of_a_whole_item_counts_for_each_skill_of_the_question():
    skills = [SkillFactory(), SkillFactory(slug="source-quality")]
    taken(quiz_of(QuestionFactory(revision__skills=skills)), RIGHT)
    assert set(Evidence.objects.values_list("skill__slug", "correct")) == {
        ("attribution", True),
        ("source-quality", True),
    }


def test_evidence_of_a_named_skill_counts_for_that_one():
    skills = [SkillFactory(), SkillFactory(slug="source-quality")]
    question = QuestionFactory(revision__type="mark_spans", revision__skills=skills)
    taken(quiz_of(question), right_of("mark_spans"))
    assert set(Evidence.objects.values_list("skill__slug", flat=True)) == {"attribution"}
    assert set(SkillResult.objects.values_list("skill__slug", flat=True)) == {"attribution"}


@pytest.mark.parametrize("type", SCORED)
def test_first_try_counts_once_whatever_quiz_or_revision(type):
    question = QuestionFactory(revision__type=type)
    learner = LearnerFactory()
    quiz = quiz_of(question)
    taken(quiz, right_of(type), learner=learner)
    first = list(Evidence.objects.order_by("pk").values())
    assert first
    taken(quiz, wrong_of(type), learner=learner)
    taken(quiz_of(question), wrong_of(type), learner=learner)
    publishing.publish_question(revision=QuestionRevisionFactory(question=question, type=type))
    taken(quiz, wrong_of(type), learner=learner)
    assert list(Evidence.objects.order_by("pk").values()) == first
    assert ItemScore.objects.count() == 4
    taken(quiz, right_of(type))
    assert Evidence.objects.count() == 2 * len(first)


@pytest.mark.parametrize("mode", ["graded", "practice"])
def test_unit_left_blank_in_the_first_try_never_counts(mode):
    """Its key was shown with the others."""
    question = QuestionFactory(revision__type="classify")
    quiz, learner = quiz_of(question, mode=mode), LearnerFactory()
    taken(quiz, {"placed": {"cause": "explains"}}, learner=learner)
    taken(quiz, right_of("classify"), learner=learner)
    assert list(Evidence.objects.values_list("unit", flat=True)) == ["cause"]


def test_second_check_of_an_attempt_never_counts():
    attempt = attempts.start(
        learner=LearnerFactory(), quiz=quiz_of(QuestionFactory(revision__type="classify"), mode="practice")
    )
    for sequence, data in [(1, {"placed": {"cause": "explains"}}), (2, right_of("classify"))]:
        attempts.check_response(item=attempt.items.get(), sequence=sequence, data=data)
    assert list(Evidence.objects.values_list("unit", flat=True)) == ["cause"]


def test_question_handed_in_open_never_counts_once_its_key_was_shown():
    question, learner = QuestionFactory(), LearnerFactory()
    taken(quiz_of(question), None, learner=learner)
    taken(quiz_of(question), RIGHT, learner=learner)
    assert not Evidence.objects.exists()


def test_preview_is_no_first_try():
    question, learner = QuestionFactory(), LearnerFactory()
    preview = attempts.start(learner=learner, quiz=quiz_of(question), preview=True)
    attempts.submit(attempt=preview)
    taken(quiz_of(question), RIGHT, learner=learner)
    assert Evidence.objects.get().correct


@pytest.mark.parametrize("mode", ["graded", "practice"])
def test_preview_is_scored_and_gives_no_evidence(mode):
    question = QuestionFactory(revision__type="mark_spans")
    attempt = attempts.start(learner=LearnerFactory(), quiz=quiz_of(question, mode=mode), preview=True)
    verb = attempts.check_response if mode == "practice" else attempts.save_response
    verb(item=attempt.items.get(), sequence=1, data=right_of("mark_spans"))
    attempts.submit(attempt=attempt)
    attempt.refresh_from_db()
    assert (attempt.fraction, SkillResult.objects.count(), Evidence.objects.count()) == (1.0, 1, 0)


def test_evidence_is_written_in_one_order_whatever_the_order_of_the_quiz():
    questions = [QuestionFactory() for _number in range(3)]
    taken(quiz_of(*reversed(questions)), RIGHT, RIGHT, RIGHT)
    assert list(Evidence.objects.order_by("pk").values_list("question", flat=True)) == [
        question.pk for question in questions
    ]


def test_record_keeps_its_time_for_score_and_evidence_alike():
    attempt = AttemptFactory(quiz=quiz_of(QuestionFactory()))
    item = attempt.items.select_related("revision").get()
    outcome = registry.get("single_choice").grade(*registry.get("single_choice").example[:3])
    before = datetime.now(UTC)
    [score] = recording.record(attempt=attempt, judged=[recording.Judged(item, None, outcome, first=True)])
    assert before <= score.at == Evidence.objects.get().at <= datetime.now(UTC)


def test_passage_without_a_problem_is_evidence_of_sound_reading():
    passage = Passage.of("The council met on Monday. It voted 9 to 4.")
    question = QuestionFactory(
        revision__type="mark_spans",
        revision__prompt=mark_spans.Prompt(
            task="Mark.", skills=("attribution",), granularity="sentences", passage=passage
        ),
        revision__key=mark_spans.Key(spans=(), praise="Both are on record."),
    )
    attempt = taken(quiz_of(question), {"nothing_to_mark": True})
    assert evidence_of(attempt) == [("1", 0, "sound", "", True, 1.0), ("2", 1, "sound", "", True, 1.0)]
