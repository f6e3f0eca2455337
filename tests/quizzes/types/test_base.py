import json

import pytest
from pydantic import ValidationError

from quizzes.types.base import Finding, Option, Outcome, Passage, Ref, Refs, Schema, Tally, Unit, whole_item


class Sample(Schema):
    text: str = ""
    number: int = 0
    share: float = 0.0
    texts: tuple[str, ...] = ()
    named: dict[str, int] = {}
    ref: Ref = "a"
    refs: Refs = frozenset()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"text": "a\x00b"}, id="NUL"),
        pytest.param({"text": "\ud800"}, id="a lone surrogate"),
        pytest.param({"texts": ["\x00"]}, id="NUL inside"),
        pytest.param({"named": {"\x00": 1}}, id="NUL in a name"),
        pytest.param({"named": {"a": 2**31}}, id="an integer too large, inside"),
        pytest.param({"number": 2**31}, id="an integer too large"),
        pytest.param({"number": -(2**31)}, id="an integer too small"),
        pytest.param({"number": 1.0}, id="a float for an integer"),
        pytest.param({"number": "1"}, id="a text for an integer"),
        pytest.param({"number": True}, id="a truth value for an integer"),
        pytest.param({"share": float("nan")}, id="no number"),
        pytest.param({"share": float("inf")}, id="no finite number"),
        pytest.param({"more": 1}, id="an unknown field"),
        pytest.param({"ref": "A"}, id="a capital in a ref"),
        pytest.param({"ref": "-a"}, id="a hyphen first"),
        pytest.param({"ref": ""}, id="an empty ref"),
        pytest.param({"ref": "a\n"}, id="a line break in a ref"),
        pytest.param({"ref": "a" * 65}, id="a ref too long"),
    ],
)
def test_schema_refuses(fields):
    with pytest.raises(ValidationError):
        Sample.model_validate_json(json.dumps(fields))


def test_schema_refuses_a_surrogate_in_python_too():
    with pytest.raises(ValidationError):
        Sample(text="\ud800")


def test_schema_accepts_the_bounds():
    sample = Sample(text="é\n😀", number=2**31 - 1, ref="a" * 64)
    assert Sample.model_validate_json(sample.model_dump_json()) == sample


def test_schema_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        Sample().number = 1


def test_refs_are_written_in_order():
    assert Sample(refs=frozenset("dcba")).model_dump(mode="json")["refs"] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_option_refuses_a_blank_text(text):
    with pytest.raises(ValidationError, match="must not be blank"):
        Option(ref="a", text=text)


def test_passage_of_cuts_and_normalises():
    passage = Passage.of("Cafe\u0301.\r\nNo.")
    assert passage.text == "Café.\nNo."
    assert passage.sentences == ((0, 5), (6, 9))
    assert passage.words == ((0, 4), (6, 8))


def test_passage_keeps_mended_sentences():
    passage = Passage(text="Ph.D. Smith.", sentences=((0, 12),), words=((0, 4), (6, 11)))
    assert passage.layout.sentence_of == (0, 0)


@pytest.mark.parametrize(
    ("sentences", "words", "message"),
    [
        pytest.param(((0, 9),), (), "inside the text", id="a sentence beyond the end"),
        pytest.param(((0, 8),), ((4, 9),), "inside the text", id="a word beyond the end"),
        pytest.param(((3, 3),), (), "inside the text", id="without length"),
        pytest.param(((4, 8), (0, 3)), (), "begins before", id="out of order"),
        pytest.param(((0, 5), (4, 8)), (), "begins before", id="overlapping"),
        pytest.param(((0, 8),), ((0, 3), (2, 7)), "begins before", id="words overlapping"),
        pytest.param(((0, 3),), ((0, 3), (4, 7)), "in no sentence", id="a word after the sentences"),
        pytest.param(((4, 8),), ((0, 3),), "in no sentence", id="a word before the sentences"),
        pytest.param((), ((0, 3),), "in no sentence", id="a word without sentences"),
    ],
)
def test_passage_refuses_spans_that_do_not_fit(sentences, words, message):
    with pytest.raises(ValidationError, match=message):
        Passage(text="The war.", sentences=sentences, words=words)


@pytest.mark.parametrize("text", ["cafe\u0301", "a\rb", "a\r\nb"])
def test_passage_refuses_a_text_that_positions_do_not_count(text):
    with pytest.raises(ValidationError, match="NFC"):
        Passage(text=text, sentences=(), words=())


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"fraction": 1.1, "answered": True}, id="above 1"),
        pytest.param({"fraction": -0.1, "answered": True}, id="below 0"),
        pytest.param({"fraction": 1.0, "answered": False}, id="a score without an answer"),
        pytest.param({"fraction": None, "answered": False}, id="no score without an answer"),
        pytest.param(
            {"fraction": 0.0, "answered": False, "units": whole_item(0.0)}, id="evidence without one"
        ),
    ],
)
def test_outcome_refuses(fields):
    with pytest.raises(ValidationError):
        Outcome(**fields)


def test_outcome_survives_json():
    outcome = Outcome(
        fraction=None,
        answered=True,
        units=(
            Unit(skill="attribution", unit="3", ordinal=2, kind="sound", correct=True, fraction=1.0),
            *whole_item(0.5),
        ),
        tallies=(Tally(skill=None, fraction=0.5, required=9, found=6, partly=1, marks=8, sound_marks=2),),
        findings=(Finding(code="fine", ref="vote", spans=((0, 4), (6, 9)), response="marked"),),
    )
    assert Outcome.model_validate_json(json.dumps(outcome.model_dump(mode="json"))) == outcome


@pytest.mark.parametrize(("fraction", "correct"), [(0.75, True), (0.7, False)])
def test_whole_item_is_right_from_three_quarters(fraction, correct):
    (unit,) = whole_item(fraction)
    assert (unit.skill, unit.unit, unit.kind, unit.correct, unit.fraction) == (
        None,
        "",
        "none",
        correct,
        fraction,
    )
