"""What every question type promises, whoever wrote it."""

import json
import os
import random
import re

import pytest

from quizzes.types import ResponseRefused, all_types, load, read_response
from quizzes.types.base import Outcome

TYPES = [pytest.param(question_type, id=question_type.slug) for question_type in all_types()]
every_type = pytest.mark.parametrize("question_type", TYPES)
SEED = 20250301
BODIES = int(os.environ.get("CAVEAT_FUZZ", "300"))  # random bodies a type; `make fuzz` asks for 10,000
JUDGED_BY_A_PERSON = {"rewrite"}


def nested(depth):
    value = []
    for _ in range(depth):
        value = {"marks": [value]}
    return value


HOSTILE = [
    *(None, True, False, 0, -1, 1.5, 2**31, 2**63, 10**400, 10**5000, float("nan"), float("inf")),
    *("", "é", "\x00", "\ud800", "x" * 1_000_000),
    *([], {}, [[]], [None], {"": ""}, {"\x00": "\ud800"}, nested(150), nested(10_000)),
]


def json_of(schema):
    return schema.model_dump(mode="json")


def examples(question_type):
    return [question_type.example.right, *question_type.example.wrong]


def broken(value, random):
    """The value with one part of it, anywhere, put out of order."""
    if not isinstance(value, dict | list) or not value or random.random() < 0.2:
        return random.choice(HOSTILE)
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    place = random.choice(places)
    copy = value.copy()
    what = random.random()
    if what < 0.1:
        del copy[place]
    elif what < 0.2 and isinstance(copy, dict):
        copy[random.choice(["more", "\x00", "x" * 1000])] = random.choice(HOSTILE)
    elif what < 0.2:
        copy *= 2
    else:
        copy[place] = broken(copy[place], random)
    return copy


@every_type
def test_example_fits_together(question_type):
    assert question_type.check(question_type.example.prompt, question_type.example.key) == []
    assert question_type.example.wrong != ()


def test_types_say_which_of_them_wait_for_a_person():
    assert {question_type.slug for question_type in all_types() if not question_type.scores_itself} == (
        JUDGED_BY_A_PERSON
    )


def test_types_say_which_of_them_offer_choices():
    offering = {kind.slug for kind in all_types() if kind.choices(kind.example.prompt, kind.example.key)}
    assert offering == {"hottext", "inline_choice", "multiple_choice", "single_choice", "true_false"}


@every_type
def test_what_is_chosen_is_offered_and_right_in_the_right_example(question_type):
    example = question_type.example
    offered = {choice.ref: choice.right for choice in question_type.choices(example.prompt, example.key)}
    if not offered:
        assert [question_type.chosen(one) for one in examples(question_type)] == [frozenset()] * (
            len(example.wrong) + 1
        )
        return
    chosen = [question_type.chosen(one) for one in examples(question_type)]
    assert all(one <= offered.keys() for one in chosen)
    assert {offered[ref] for ref in chosen[0]} <= {True, None}
    assert any(offered[ref] is not True for one in chosen[1:] for ref in one)
    assert question_type.chosen(question_type.Response()) == frozenset()


def every_outcome(question_type):
    example = question_type.example
    return [question_type.grade(example.prompt, example.key, one) for one in examples(question_type)]


@every_type
def test_right_example_scores_1(question_type):
    outcome, *_ = every_outcome(question_type)
    assert outcome.answered
    if question_type.scores_itself:
        assert outcome.fraction == 1
        assert outcome.units != ()
        assert all(unit.correct for unit in outcome.units)


@every_type
def test_wrong_examples_score_less(question_type):
    _, *outcomes = every_outcome(question_type)
    scores = [outcome.fraction for outcome in outcomes if outcome.fraction is not None]
    assert [score for score in scores if not 0 <= score < 1] == []


@every_type
def test_only_what_a_person_grades_has_no_score(question_type):
    for outcome in every_outcome(question_type):
        waits = outcome.answered and not question_type.scores_itself
        assert (outcome.fraction is None) == waits
        assert not (waits and (outcome.units or outcome.tallies))


@every_type
def test_notices_are_codes_and_not_told_of_what_was_answered(question_type):
    example = question_type.example
    for response, outcome in zip(examples(question_type), every_outcome(question_type), strict=True):
        notice = question_type.notice(example.prompt, response)
        assert notice == "" or (notice.replace("_", "").isalpha() and not outcome.answered)
    assert question_type.notice(example.prompt, question_type.Response()) == ""


@every_type
def test_empty_response_is_not_answered(question_type):
    example = question_type.example
    empty = read_response(question_type, example.prompt, question_type.from_form(example.prompt, {}))
    outcome = question_type.grade(example.prompt, example.key, empty)
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())


@every_type
def test_all_parts_survive_storing(question_type):
    example = question_type.example
    parts = [
        ("prompt", example.prompt),
        ("key", example.key),
        *(("response", r) for r in examples(question_type)),
    ]
    for part, value in parts:
        stored = json.loads(json.dumps(json_of(value)))
        assert load(question_type.slug, part, stored, question_type.schema_version) == value


@every_type
def test_outcomes_survive_storing(question_type):
    example = question_type.example
    for response in examples(question_type):
        outcome = question_type.grade(example.prompt, example.key, response)
        assert Outcome.model_validate_json(json.dumps(json_of(outcome))) == outcome


@every_type
def test_evidence_is_named_once_and_in_order(question_type):
    example = question_type.example
    for response in examples(question_type):
        units = question_type.grade(example.prompt, example.key, response).units
        assert len({(unit.skill, unit.unit) for unit in units}) == len(units)
        assert [unit.ordinal for unit in units] == sorted(unit.ordinal for unit in units)


@every_type
def test_schemas_describe_themselves(question_type):
    for schema in (question_type.Prompt, question_type.Key, question_type.Response):
        described = schema.model_json_schema()
        assert described["additionalProperties"] is False
        assert json.loads(json.dumps(described)) == described


@every_type
def test_prompt_says_nothing_of_the_key(question_type):
    by_name = {"units", "rows", "gaps"}  # lists of what is asked, with an entry of the same name in the key
    key_only = set(question_type.Key.model_fields) - by_name
    assert key_only & set(question_type.Prompt.model_fields) == set()


def score_is_one(outcome):
    return outcome.fraction is None or 0 <= outcome.fraction <= 1


def answers(question_type, data):
    """What the door says to a body: a refusal, or None after grading it. Anything else is a fault."""
    example = question_type.example
    try:
        response = read_response(question_type, example.prompt, data)
    except ResponseRefused as refusal:
        return f"{refusal.field} {refusal}"
    question_type.notice(example.prompt, response)
    assert score_is_one(question_type.grade(example.prompt, example.key, response)), data
    return None


@every_type
def test_read_response_raises_only_refusals(question_type):
    source = random.Random(SEED)
    bodies = [json_of(response) for response in examples(question_type)]
    longest, refusals = 0, 0
    for number in range(len(HOSTILE) + BODIES):
        data = HOSTILE[number] if number < len(HOSTILE) else broken(source.choice(bodies), source)
        refusal = answers(question_type, data)
        if refusal is not None:
            refusals += 1
            longest = max(longest, len(refusal))
            assert "\x00" not in refusal.encode().decode()
            assert not re.search(r"[Ii]nputs? |valid |permitted", refusal), refusal  # pydantic's own words
    assert refusals > 100
    assert longest < 1000


#: What a field of a text may be filled with.
TYPED = [
    "",
    "on",
    "0",
    "1",
    "2",
    "99",
    "-1",
    "x",
    "\x00",
    "\ud800",
    "9" * 5000,
    "a\r\nb",
    "٣",
    "x" * 1_000_000,
]


def field_names(question_type):
    """Each field of a form: those that name a part of the prompt, and those of the response."""
    prompt = json_of(question_type.example.prompt)
    refs = set(_refs(prompt)) | set(prompt.get("skills", ()))
    parts = {f"{kind}-{ref}" for kind in ("place", "gap", "mark") for ref in refs}
    return sorted({*question_type.Response.model_fields, *parts, "csrfmiddlewaretoken"}), sorted(refs)


def _refs(value):
    if isinstance(value, dict):
        yield from [value["ref"]] if "ref" in value else []
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _refs(part)


@every_type
def test_forms_raise_only_refusals(question_type):
    source = random.Random(SEED)
    prompt, key = question_type.example.prompt, question_type.example.key
    names, refs = field_names(question_type)
    read = 0
    for _ in range(300):
        plain = source.random() < 0.5
        values = [*refs, "1", "2"] if plain else [*TYPED, *refs]
        form = {
            name: source.choices(values, k=1 if plain else source.randrange(3))
            for name in source.sample(names, k=source.randrange(len(names) + 1))
        }
        try:
            response = read_response(question_type, prompt, question_type.from_form(prompt, form))
        except ResponseRefused as refusal:
            (refusal.field + refusal.message).encode()
        else:
            read += 1
            assert score_is_one(question_type.grade(prompt, key, response))
    assert read
