"""The sentences that counts become."""

import json

import pytest
from django.utils.functional import Promise

from quizzes import wording
from quizzes.types import registry
from quizzes.types.base import Finding, Outcome, Tally, Unit

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("found", "required", "marks", "sound_marks", "sentence"),
    [
        (0, 0, 0, 0, "Right: there was nothing to mark here."),
        (0, 0, 1, 1, "There was nothing to mark here: your mark was fine as written."),
        (0, 0, 3, 3, "There was nothing to mark here: your 3 marks were fine as written."),
        (6, 9, 6, 0, "You found 6 of 9."),
        (0, 2, 0, 0, "You found 0 of 2."),
        (6, 9, 8, 2, "You found 6 of 9. 2 of your 8 marks were fine as written."),
        (6, 9, 8, 1, "You found 6 of 9. 1 of your 8 marks was fine as written."),
        (0, 1, 1, 1, "You found 0 of 1. Your mark was fine as written."),
    ],
)
def test_found_of_reads_the_counts_out(found, required, marks, sound_marks, sentence):
    assert wording.found_of(found, required, marks, sound_marks) == sentence


@pytest.mark.parametrize(
    ("right", "total", "sentence"),
    [
        (0, 1, "You placed 0 of 1 sentence right."),
        (1, 1, "You placed 1 of 1 sentence right."),
        (7, 8, "You placed 7 of 8 sentences right."),
    ],
)
def test_placed_of_reads_the_counts_out(right, total, sentence):
    assert wording.placed_of(right, total) == sentence


def example(type, data):
    kind = registry.get(type)
    return kind.grade(
        kind.example.prompt, kind.example.key, kind.Response.model_validate_json(json.dumps(data))
    )


TALLY = Tally(skill="attribution", fraction=0, required=0, found=0, partly=0, marks=0, sound_marks=0)
UNIT = Unit(skill=None, unit="1", ordinal=0, correct=True, fraction=1.0)


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        pytest.param(example("single_choice", {}), "You left this one open.", id="choice, open"),
        pytest.param(example("single_choice", {"chosen": "engineer"}), "That is right.", id="choice, right"),
        pytest.param(
            example("single_choice", {"chosen": "reporter"}),
            "Not this time. Here is why.",
            id="choice, wrong",
        ),
        pytest.param(Outcome(fraction=0.5, answered=True), "Right in part.", id="choice, in part"),
        pytest.param(example("mark_spans", {}), "You left this one open.", id="marks, open"),
        pytest.param(example("mark_spans", {"nothing_to_mark": True}), "You found 0 of 2.", id="marks, none"),
        pytest.param(
            Outcome(fraction=1.0, answered=True, tallies=(TALLY,)),
            "Right: there was nothing to mark here.",
            id="marks, nothing to find",
        ),
        pytest.param(
            Outcome(
                fraction=0.5,
                answered=True,
                tallies=(
                    TALLY.model_copy(update={"required": 4, "found": 3, "marks": 3}),
                    TALLY.model_copy(update={"required": 2, "found": 1, "marks": 3, "sound_marks": 2}),
                ),
            ),
            "You found 4 of 6. 2 of your 6 marks were fine as written.",
            id="marks of two skills",
        ),
        pytest.param(
            example("match", {"placed": {"vote": "minutes", "finest": "minutes"}}),
            "You got 1 of 3 right.",
            id="rows, one blank",
        ),
        pytest.param(
            Outcome(fraction=1.0, answered=True, units=(UNIT,), findings=(Finding(code="right"),)),
            "You got 1 of 1 right.",
            id="rows, all of them",
        ),
        pytest.param(
            example("inline_choice", {"chosen": {"said": "said", "parents": "noisy"}}),
            "You got 1 of 2 right.",
            id="gaps",
        ),
        pytest.param(example("match", {}), "You left this one open.", id="rows, open"),
        pytest.param(
            example("order", {"order": ["is", "likely", "may", "could"]}), "That is right.", id="order, right"
        ),
        pytest.param(
            example("order", {"order": ["likely", "is", "may", "could"]}),
            "Right in part.",
            id="order, in part",
        ),
        pytest.param(
            example("order", {"order": ["could", "may", "likely", "is"]}),
            "Not this time. Here is why.",
            id="order, wrong",
        ),
        pytest.param(example("number", {"text": "25 %"}), "That is right.", id="number, right"),
        pytest.param(
            example("number", {"text": "25"}),
            "The number is right. Its unit is missing.",
            id="number, no unit",
        ),
        pytest.param(
            example("number", {"text": "a quarter"}),
            "What you typed could not be read.",
            id="number, unreadable",
        ),
        pytest.param(
            example("number", {"text": "25 euros"}),
            "What you typed could not be read.",
            id="number, another unit",
        ),
        pytest.param(example("number", {"text": " "}), "You left this one open.", id="number, open"),
        pytest.param(
            example("short_answer", {"text": "the customers"}), "Right in part.", id="words, in part"
        ),
        pytest.param(
            example("hottext", {"chosen": ["stubborn", "gem", "overdue"]}),
            "You found 1 of 1. 1 of your 2 marks was fine as written.",
            id="places offered",
        ),
        pytest.param(example("rewrite", {"text": "It cost."}), "Your teacher reads this one.", id="a text"),
        pytest.param(example("rewrite", {"text": " "}), "You left this one open.", id="a text, open"),
    ],
)
def test_headline_says_what_happened(outcome, sentence):
    assert wording.headline(outcome) == sentence


@pytest.mark.parametrize(
    ("placed", "sentence"),
    [
        pytest.param(
            {"vote": "reports", "cause": "urges"}, "You placed 1 of 3 sentences right.", id="one blank"
        ),
        pytest.param(
            {"mixed": "reports"}, "You placed 0 of 3 sentences right.", id="only what is not scored"
        ),
        pytest.param({}, "You left this one open.", id="open"),
    ],
)
def test_headline_of_sorting_counts_sentences(placed, sentence):
    assert registry.get("classify").sorts_sentences
    assert wording.headline(example("classify", {"placed": placed}), sorts_sentences=True) == sentence


def test_headline_of_a_text_in_practice_promises_no_teacher():
    written = example("rewrite", {"text": "It cost."})
    assert wording.headline(written, practice=True) == ("Read. Here is a hint, not a grade.")
    assert wording.headline(example("rewrite", {}), practice=True) == "You left this one open."


@pytest.mark.parametrize(
    ("type", "data", "reason"),
    [
        ("number", {"text": "a quarter"}, "This cannot be read as a number. Type it again."),
        ("number", {"text": "20 %"}, ""),
        ("number", {}, ""),
        ("single_choice", {}, ""),
    ],
)
def test_not_judged_tells_why(type, data, reason):
    assert wording.not_judged(example(type, data)) == reason


def test_every_notice_has_its_words():
    told = {registry.get("number").notice(registry.get("number").example.prompt, one) for one in UNREAD}
    assert told == set(wording.NOTICES)
    assert all(isinstance(words, Promise) for words in wording.NOTICES.values())


UNREAD = [registry.get("number").Response(text=text) for text in ("ten", "10 euros")]


@pytest.mark.parametrize(
    ("right", "total", "sentence"), [(0, 1, "You got 0 of 1 right."), (5, 6, "You got 5 of 6 right.")]
)
def test_got_of_reads_the_counts_out(right, total, sentence):
    assert wording.got_of(right, total) == sentence


REWRITTEN = example("rewrite", {"text": "The council bought a bench."})


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome(fraction=0, answered=False), ("unanswered", "Left open")),
        (Outcome(fraction=1, answered=True), ("right", "Right")),
        (Outcome(fraction=0.01, answered=True), ("partly", "Right in part")),
        (Outcome(fraction=0.99, answered=True), ("partly", "Right in part")),
        (Outcome(fraction=0, answered=True), ("wrong", "Not yet")),
        (example("number", {"text": "a quarter"}), ("unanswered", "Could not be read")),
        (example("number", {"text": "25 euros"}), ("unanswered", "Could not be read")),
        (example("number", {}), ("unanswered", "Left open")),
        (REWRITTEN, ("waiting", "Waits for your teacher")),
    ],
)
def test_verdict_is_a_code_and_words(outcome, verdict):
    assert wording.verdict(outcome) == verdict


def test_a_text_in_practice_does_not_wait():
    assert wording.verdict(REWRITTEN, practice=True) == ("read", "Read")


def test_verdicts_on_the_text_wait_for_the_readers_language():
    assert {code: str(label) for code, label in wording.VERDICTS.items()} == {
        "found": "Found",
        "partly": "Found in part",
        "missed": "Missed",
        "fine": "Marked, but fine",
        "differ": "Readers differ",
    }
    assert all(isinstance(label, Promise) for label in wording.VERDICTS.values())


@pytest.mark.parametrize(
    ("sentences", "text"), [([], ""), (["One."], "One."), (["", "One.", "", "Two."], "One. Two.")]
)
def test_joined_leaves_out_what_is_empty(sentences, text):
    assert wording.joined(sentences) == text
