"""What an attempt says when it was handed in."""

import pytest

from quizzes import attempts, results
from quizzes.models import Attempt
from quizzes.results import SkillLine
from quizzes.skill_counts import SkillCounts
from quizzes.types import mark_spans, registry
from quizzes.types.base import Finding, Outcome, Passage, Tally, whole_item
from tests.factories.articles import SkillFactory
from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuizFactory
from tests.statements import asked_by

SOUND = "The council met on Monday. It voted 9 to 4."


def example(type, data):
    kind = registry.get(type)
    return kind.grade(kind.example.prompt, kind.example.key, kind.Response.model_validate_json(data))


def sound_passage(response):
    prompt = mark_spans.Prompt(
        task="Mark.", skills=("attribution",), granularity="sentences", passage=Passage.of(SOUND)
    )
    return mark_spans.MARK_SPANS.grade(prompt, mark_spans.Key(spans=(), praise="On record."), response)


MARK = mark_spans.Mark(skill="attribution", start=0, end=3)
TWO_SKILLS = Outcome(
    fraction=0.5,
    answered=True,
    tallies=(
        Tally(skill="attribution", fraction=1, required=3, found=2, partly=1, marks=4, sound_marks=1),
        Tally(skill="certainty", fraction=0, required=2, found=0, partly=0, marks=1, sound_marks=1),
    ),
)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("outcome", "skill", "counts"),
    [
        pytest.param(
            example("mark_spans", '{"nothing_to_mark": true}'),
            None,
            {"passages": 1, "required": 2},
            id="marks, none",
        ),
        pytest.param(
            example("mark_spans", "{}"), None, {"passages": 1, "required": 2}, id="marks, left open"
        ),
        pytest.param(
            TWO_SKILLS,
            None,
            {"passages": 1, "required": 5, "found": 2, "marks": 5, "sound_marks": 2},
            id="marks, all skills",
        ),
        pytest.param(
            TWO_SKILLS,
            "certainty",
            {"passages": 1, "required": 2, "marks": 1, "sound_marks": 1},
            id="marks, one skill of two",
        ),
        pytest.param(
            sound_passage(mark_spans.Response(nothing_to_mark=True)),
            None,
            {"passages": 1},
            id="nothing to mark, said so",
        ),
        pytest.param(
            sound_passage(mark_spans.Response(marks=(MARK,))),
            None,
            {"passages": 1, "marks": 1, "sound_marks": 1},
            id="nothing to mark, and marked",
        ),
        pytest.param(
            sound_passage(mark_spans.Response()), None, {"whole": 1}, id="nothing to mark, left open"
        ),
        pytest.param(
            example("match", '{"placed": {"vote": "minutes", "finest": "minutes"}}'),
            None,
            {"parts": 3, "parts_right": 1},
            id="rows, one blank",
        ),
        pytest.param(example("match", "{}"), None, {"parts": 3}, id="rows, left open"),
        pytest.param(example("order", "{}"), None, {"whole": 1}, id="order, left open"),
        pytest.param(
            example("hottext", '{"chosen": ["stubborn", "gem", "overdue"]}'),
            "attribution",
            {"passages": 1, "required": 1, "found": 1, "marks": 2, "sound_marks": 1},
            id="places offered",
        ),
        pytest.param(example("rewrite", '{"text": "It cost."}'), None, {"waiting": 1}, id="a text"),
        pytest.param(example("rewrite", "{}"), None, {"whole": 1}, id="a text, left open"),
        pytest.param(
            Outcome(
                fraction=1,
                answered=True,
                units=whole_item(1.0),
                findings=(Finding(code="right", ref="gap", response="a"),),
            ),
            None,
            {"whole": 1, "whole_right": 1},
            id="one gap",
        ),
        pytest.param(
            Outcome(fraction=0, answered=False, findings=(Finding(code="missed", ref="gap"),)),
            None,
            {"whole": 1},
            id="one gap, left open",
        ),
        pytest.param(
            example("single_choice", '{"chosen": "engineer"}'),
            "attribution",
            {"whole": 1, "whole_right": 1},
            id="choice, right",
        ),
        pytest.param(
            example("single_choice", '{"chosen": "reporter"}'), None, {"whole": 1}, id="choice, wrong"
        ),
        pytest.param(example("single_choice", "{}"), None, {"whole": 1}, id="choice, left open"),
        pytest.param(Outcome(fraction=0, answered=False), None, {"whole": 1}, id="not judged"),
    ],
)
def test_counts_of_an_outcome(outcome, skill, counts):
    assert results.counts_of(outcome, skill) == SkillCounts(**counts)


@pytest.mark.parametrize(
    ("placed", "right"),
    [
        pytest.param('{"vote": "reports", "cause": "urges"}', 1, id="one blank"),
        pytest.param('{"mixed": "reports"}', 0, id="only what is not scored"),
        pytest.param("{}", 0, id="left open"),
    ],
)
def test_counts_of_sorted_sentences(placed, right):
    outcome = example("classify", f'{{"placed": {placed}}}')
    assert results.counts_of(outcome, sorts_sentences=True) == SkillCounts(placed=3, placed_right=right)


def handed_in(*answers, mode="graded"):
    """An attempt with a question for each (question, response), handed in; None: left open."""
    quiz = QuizFactory(mode=mode, revision__questions=[question for question, _response in answers])
    attempt = AttemptFactory(quiz=quiz)
    for item, (_question, response) in zip(attempt.items.all(), answers, strict=True):
        if response is not None:
            attempts.save_response(item=item, sequence=1, data=response)
    attempts.submit(attempt=attempt)
    return Attempt.objects.select_related("quiz_revision").get(pk=attempt.pk)


def of(type, *slugs):
    return QuestionFactory(
        revision__type=type, revision__skills=[SkillFactory(slug=slug) for slug in slugs or ["attribution"]]
    )


def right(type):
    return registry.get(type).example.right.model_dump(mode="json")


@pytest.mark.django_db
def test_summary_says_it_whole_and_skill_by_skill():
    attempt = handed_in(
        (of("single_choice", "certainty"), {"chosen": "reporter"}),
        (of("mark_spans"), {"marks": [right("mark_spans")["marks"][0]]}),
        (of("classify", "text-type"), right("classify")),
        (of("single_choice"), None),
    )
    assert results.summary(attempt) == results.Summary(
        headline="You found 1 of 2.",
        deck=(
            "You placed 3 of 3 sentences right. You answered 0 of 2 questions right. "
            "Look next at “How sure is it?”: open its questions below and read the reasons."
        ),
        skills=[
            SkillLine("text-type", "S1", "Reports, explains or urges?", "You placed 3 of 3 sentences right."),
            SkillLine(
                "attribution", "S2", "Who says so?", "You found 1 of 2. You answered 0 of 1 question right."
            ),
            SkillLine("certainty", "S8", "How sure is it?", "You answered 0 of 1 question right."),
        ],
    )


@pytest.mark.django_db
def test_summary_of_everything_right_says_where_to_look():
    summary = results.summary(handed_in((of("mark_spans"), right("mark_spans"))))
    assert (summary.headline, summary.deck) == (
        "You found 2 of 2.",
        "Nothing was missed. Read the reasons once more: they say where readers differ.",
    )


@pytest.mark.django_db
def test_summary_counts_a_question_of_two_skills_once_in_the_whole():
    summary = results.summary(
        handed_in((of("single_choice", "attribution", "certainty"), {"chosen": "nobody"}))
    )
    assert summary.headline == "You answered 0 of 1 question right."
    assert [line.sentence for line in summary.skills] == ["You answered 0 of 1 question right."] * 2
    assert summary.deck == "Look next at “Who says so?”: open its questions below and read the reasons."


@pytest.mark.django_db
def test_summary_does_not_praise_a_sound_passage_that_was_left_open():
    question = QuestionFactory(
        revision__type="mark_spans",
        revision__prompt=mark_spans.Prompt(
            task="Mark.", skills=("attribution",), granularity="sentences", passage=Passage.of(SOUND)
        ),
        revision__key=mark_spans.Key(spans=(), praise="On record."),
    )
    summary = results.summary(handed_in((question, None)))
    assert summary.headline == "You answered 0 of 1 question right."
    assert summary.deck.startswith("Look next at “Who says so?”")


@pytest.mark.django_db
def test_summary_takes_two_queries_whatever_the_number_of_items():
    few, many = (
        handed_in(*[(of("single_choice", "attribution", "certainty"), None)] * 1),
        handed_in(*[(of("mark_spans"), right("mark_spans")) for _number in range(3)]),
    )
    assert [len(asked_by(results.summary, attempt=attempt)) for attempt in (few, many)] == [2, 2]


@pytest.mark.django_db
def test_summary_of_what_waits_says_nothing_of_right_or_wrong():
    attempt = handed_in((of("rewrite"), right("rewrite")))
    assert results.summary(attempt) == results.Summary(
        headline="1 answer waits for your teacher.",
        deck="",
        skills=[SkillLine("attribution", "S2", "Who says so?", "1 answer waits for your teacher.")],
    )


@pytest.mark.django_db
def test_summary_of_a_text_in_practice_waits_for_nobody():
    said = "1 text of yours was read: it has hints and no score."
    summary = results.summary(handed_in((of("rewrite"), right("rewrite")), mode="practice"))
    assert summary == results.Summary(said, "", [SkillLine("attribution", "S2", "Who says so?", said)])


@pytest.mark.django_db
def test_summary_counts_what_waits_beside_what_was_judged():
    attempt = handed_in((of("single_choice"), None), (of("rewrite"), right("rewrite")))
    assert (attempt.fraction, attempt.graded_at) == (None, None)
    summary = results.summary(attempt)
    assert summary.headline == "You answered 0 of 1 question right."
    assert summary.deck.startswith("1 answer waits for your teacher. Look next at “Who says so?”")
