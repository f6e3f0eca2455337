"""What every question type promises, whoever wrote it."""

import json
import random

import pytest

from quizzes.types import ResponseRefused, all_types, load, read_response
from quizzes.types.base import Outcome

TYPES = [pytest.param(question_type, id=question_type.slug) for question_type in all_types()]
every_type = pytest.mark.parametrize("question_type", TYPES)
SEED = 20250301


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


@every_type
def test_right_example_scores_1(question_type):
    example = question_type.example
    outcome = question_type.grade(example.prompt, example.key, example.right)
    assert (outcome.fraction, outcome.answered) == (1, True)
    assert outcome.units != ()
    assert all(unit.correct for unit in outcome.units)


@every_type
def test_wrong_examples_score_less(question_type):
    example = question_type.example
    scores = [question_type.grade(example.prompt, example.key, wrong).fraction for wrong in example.wrong]
    assert [score for score in scores if not 0 <= score < 1] == []


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
    key_only = set(question_type.Key.model_fields) - {"units"}
    assert key_only & set(question_type.Prompt.model_fields) == set()


@every_type
def test_read_response_raises_only_refusals(question_type):
    source = random.Random(SEED)
    example = question_type.example
    bodies = [json_of(response) for response in examples(question_type)]
    refusals = []
    for data in [*HOSTILE, *(broken(source.choice(bodies), source) for _ in range(300))]:
        try:
            response = read_response(question_type, example.prompt, data)
        except ResponseRefused as refusal:
            refusals.append(f"{refusal.field} {refusal}")
        else:
            assert 0 <= question_type.grade(example.prompt, example.key, response).fraction <= 1
    assert len(refusals) > 100
    assert max(map(len, refusals)) < 1000
    assert "\x00" not in "".join(refusals).encode().decode()


@every_type
def test_forms_raise_only_refusals(question_type):
    source = random.Random(SEED)
    prompt = question_type.example.prompt
    names = ["chosen", "none_of_these", "nothing_to_mark", "csrfmiddlewaretoken", "mark-attribution"]
    names += [f"place-{unit.ref}" for unit in getattr(prompt, "units", ())]
    values = ["", "on", "0", "1", "99", "-1", "x", "\x00", "\ud800", "9" * 5000, "reports", "engineer"]
    for _ in range(300):
        form = {
            name: source.choices(values, k=source.randrange(3))
            for name in source.sample(names, k=len(names) // 2)
        }
        try:
            read_response(question_type, prompt, question_type.from_form(prompt, form))
        except ResponseRefused as refusal:
            (refusal.field + refusal.message).encode()
