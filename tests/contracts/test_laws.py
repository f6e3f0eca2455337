"""Laws of scoring, for every type that scores itself: they hold whatever is asked and answered."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from quizzes.scoring.text_answers import normalised
from quizzes.types import all_types, get, load, read_response, registry
from quizzes.types.base import Outcome, Passage

law = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

# Questions -----------------------------------------------------------------------------------
# A question is drawn as plain data, so that each goes through the schemas of its type, as stored ones do.


@dataclass(frozen=True)
class Question:
    """A prompt and a key that fit; `right` is the key as a response, `given` any response."""

    type: str
    prompt: Any
    key: Any
    right: Any
    given: Any

    def grade(self, response: Any) -> Outcome:
        return get(self.type).grade(self.prompt, self.key, response)

    def read(self, data: object) -> Any:
        return read_response(get(self.type), self.prompt, data)


def question(type, prompt, key, right, given):
    kind = get(type)
    prompt = kind.Prompt.model_validate_json(json.dumps({"task": "Judge.", **prompt}))
    key = kind.Key.model_validate_json(json.dumps(key))
    assert kind.check(prompt, key) == []
    return Question(type, prompt, key, read_response(kind, prompt, right), read_response(kind, prompt, given))


def options(refs):
    return [{"ref": ref, "text": ref} for ref in refs]


def refs(letter, least, most):
    return st.integers(least, most).map(lambda count: [f"{letter}{number}" for number in range(count)])


def some(names, least=0, most=None):
    return st.lists(st.sampled_from(names), unique=True, min_size=least, max_size=most)


@st.composite
def true_false(draw):
    word = st.sampled_from(["true", "false"])
    prompt = {"statement": "It is so.", "problem": draw(word | st.just(""))}
    key = {"right": draw(word), "feedback": {"true": "Why.", "false": "Why."}}
    return question("true_false", prompt, key, {"chosen": key["right"]}, {"chosen": draw(word | st.none())})


@st.composite
def single_choice(draw):
    names = draw(refs("o", 2, 12))
    right = draw(some(names, 1, len(names) - 1))
    key = {"right": right, "feedback": dict.fromkeys(names, "Why.")}
    given = {"chosen": draw(st.sampled_from(names) | st.none())}
    return question("single_choice", {"options": options(names)}, key, {"chosen": right[0]}, given)


@st.composite
def multiple_choice(draw):
    names = draw(refs("o", 2, 12))
    right, chosen = draw(some(names)), draw(some(names))
    key = {"right": right, "feedback": dict.fromkeys(names, "Why.")}
    return question(
        "multiple_choice",
        {"options": options(names)},
        key,
        {"chosen": right, "none_of_these": not right},
        {"chosen": chosen, "none_of_these": not chosen and draw(st.booleans())},
    )


@st.composite
def classify(draw):
    units, categories = draw(refs("u", 1, 8)), draw(refs("c", 2, 5))
    accepted = {unit: draw(some(categories, 1) | st.none()) for unit in units[1:]}
    accepted[units[0]] = draw(some(categories, 1))
    return question(
        "classify",
        {
            "units": options(units),
            "categories": options(categories),
            "problem": draw(st.sampled_from(["", "c0"])),
        },
        {"units": [{"ref": unit, "accepted": accepted[unit], "rationale": "Why."} for unit in units]},
        {"placed": {unit: fitting[-1] for unit, fitting in accepted.items() if fitting}},
        {"placed": draw(st.dictionaries(st.sampled_from(units), st.sampled_from(categories)))},
    )


def rows(type, field):
    @st.composite
    def drawn(draw):
        names, targets = draw(refs("r", 1, 8)), draw(refs("t", 2, 5))
        accepted = {row: draw(some(targets, 1)) for row in names}
        return question(
            type,
            {"rows": options(names), field: options(targets), "problem": draw(st.sampled_from(["", "t0"]))},
            {"rows": [{"ref": row, "accepted": accepted[row], "rationale": "Why."} for row in names]},
            {"placed": {row: fitting[-1] for row, fitting in accepted.items()}},
            {"placed": draw(st.dictionaries(st.sampled_from(names), st.sampled_from(targets)))},
        )

    return drawn()


@st.composite
def order(draw):
    names = draw(refs("o", 2, 8))
    # The first of those shown comes last, so that the order shown is never the right one.
    ranks = {names[0]: 12} | {name: draw(st.integers(1, 11)) for name in names[1:]}
    right = sorted(names, key=ranks.__getitem__)
    key = {"ranks": ranks, "rationale": "Why."}
    given = draw(st.permutations(names) | st.just([]))
    return question("order", {"options": options(names)}, key, {"order": right}, {"order": given})


@st.composite
def inline_choice(draw):
    gaps, choices = draw(refs("g", 1, 6)), draw(refs("o", 2, 8))
    right = {gap: draw(some(choices, 1, len(choices) - 1)) for gap in gaps}
    feedback = dict.fromkeys(choices, "Why.")
    return question(
        "inline_choice",
        {
            "text": "\n".join(f"It is [{gap}]." for gap in gaps),
            "gaps": [{"ref": gap, "options": options(choices)} for gap in gaps],
        },
        {"gaps": [{"ref": gap, "right": right[gap], "feedback": feedback} for gap in gaps]},
        {"chosen": {gap: fitting[-1] for gap, fitting in right.items()}},
        {"chosen": draw(st.dictionaries(st.sampled_from(gaps), st.sampled_from(choices)))},
    )


answers = st.text(st.sampled_from("abcdéßИй 12’-"), min_size=1, max_size=8).filter(normalised)


@st.composite
def short_answer(draw):
    texts = draw(st.lists(answers, min_size=2, max_size=5, unique_by=normalised))
    shares = [1.0, *(draw(st.floats(0.01, 1)) for _ in texts[2:])]
    key = {
        "accepted": [
            {"text": text, "fraction": share} for text, share in zip(texts[1:], shares, strict=True)
        ],
        "expected_wrong": [{"text": texts[0], "feedback": "Why."}],
        "rationale": "Why.",
    }
    given = draw(st.sampled_from(texts) | answers | st.just(""))
    return question("short_answer", {}, key, {"text": f" “{texts[1].upper()}”."}, {"text": given})


amounts = st.decimals(-(10**6), 10**6, places=2).map(str)


@st.composite
def number(draw):
    mark, required = draw(st.sampled_from(".,")), draw(st.booleans())
    value = draw(amounts)
    prompt = {"decimal_mark": mark, "units": ["km", "%"], "unit_required": required}
    tolerances = {
        "abs_tol": draw(st.sampled_from(["0", "0.5"])),
        "rel_tol": draw(st.sampled_from(["0", "0.1"])),
    }
    key = {"value": value, "factors": {"km": "1", "%": "0.01"}, "rationale": "Why.", **tolerances}

    def written(text, unit):
        return {"text": text.replace(".", mark) + unit}

    near = draw(st.sampled_from([value, draw(amounts)]))
    given = draw(
        st.sampled_from([written(near, draw(st.sampled_from(["", "km", " %", " m"]))), {"text": "ten"}])
    )
    return question("number", prompt, key, written(value, " km"), given)


TEXT = " ".join(f"W{s}a w{s}b, w{s}c w{s}d w{s}e." + ("\n" if s % 3 == 2 else "") for s in range(14))
PASSAGE = Passage.of(TEXT)
WORDS = range(len(PASSAGE.words))
PLACE = {"passage": PASSAGE.model_dump(mode="json")}


def stretch(first, last):
    return {"start": PASSAGE.words[first][0], "end": PASSAGE.words[last][1]}


@st.composite
def hottext(draw):
    count = draw(st.integers(1, 10))
    offered = [
        {"ref": f"p{number}", **stretch(number * 5, number * 5 + number % 3)} for number in range(count)
    ]
    kinds = {place["ref"]: draw(st.sampled_from(["required", "acceptable", "foil"])) for place in offered}
    required = [ref for ref, kind in kinds.items() if kind == "required"]
    chosen = draw(some(list(kinds)))
    spans = [{"ref": ref, "kind": kind, "rationale": "Why."} for ref, kind in kinds.items()]
    return question(
        "hottext",
        {**PLACE, "offered": offered},
        {"spans": spans, "praise": "Well left."},
        {"chosen": required, "nothing_to_mark": not required},
        {"chosen": chosen, "nothing_to_mark": not chosen and draw(st.booleans())},
    )


SKILLS = ["attribution", "certainty", "missing-voices"]
runs = st.tuples(st.sampled_from(WORDS), st.integers(0, 6)).map(
    lambda drawn: stretch(drawn[0], min(WORDS[-1], sum(drawn)))
)
marks = st.lists(st.tuples(st.sampled_from(SKILLS), runs), max_size=6)


@st.composite
def mark_spans(draw):
    skills = SKILLS[: draw(st.integers(1, 3))]
    prompt = {**PLACE, "skills": skills, "granularity": draw(st.sampled_from(["words", "sentences"]))}
    drawn = draw(st.lists(st.tuples(st.sampled_from(["required", "acceptable", "foil"]), runs), max_size=8))
    kind = get("mark_spans")
    asked = kind.Prompt.model_validate_json(json.dumps({"task": "Judge.", **prompt}))
    key = {"spans": [], "praise": "Well left."}
    for index, (sort, run) in enumerate(drawn):  # those that fit: a foil shares no word with the others
        span = {
            "ref": f"s{index}",
            "kind": sort,
            "rationale": "Why.",
            "skill": draw(st.sampled_from(skills)),
            **run,
        }
        longer = {**key, "spans": [*key["spans"], span]}
        fits = not kind.check(asked, kind.Key.model_validate_json(json.dumps(longer)))
        key = longer if fits else key
    required = [
        {name: span[name] for name in ("skill", "start", "end")}
        for span in key["spans"]
        if span["kind"] == "required"
    ]
    given = [{"skill": skill, **run} for skill, run in draw(marks) if skill in skills]
    return question(
        "mark_spans",
        prompt,
        key,
        {"marks": required, "nothing_to_mark": not required},
        {"marks": given, "nothing_to_mark": not given and draw(st.booleans())},
    )


QUESTIONS = {
    "true_false": true_false(),
    "single_choice": single_choice(),
    "multiple_choice": multiple_choice(),
    "classify": classify(),
    "match": rows("match", "options"),
    "source_table": rows("source_table", "speakers"),
    "order": order(),
    "inline_choice": inline_choice(),
    "short_answer": short_answer(),
    "number": number(),
    "hottext": hottext(),
    "mark_spans": mark_spans(),
}
each_type = pytest.mark.parametrize("type", list(QUESTIONS))


def test_every_type_that_scores_itself_is_drawn():
    scored = {question_type.slug for question_type in all_types() if question_type.scores_itself}
    assert set(QUESTIONS) == scored


# Laws of every type --------------------------------------------------------------------------


@each_type
@law
@given(st.data())
def test_the_key_as_response_scores_1(type, data):
    asked = data.draw(QUESTIONS[type])
    outcome = asked.grade(asked.right)
    assert (outcome.fraction, outcome.answered) == (1, True)
    assert all(unit.correct for unit in outcome.units)


@each_type
@law
@given(st.data())
def test_every_score_is_in_range_and_what_is_not_answered_scores_0(type, data):
    asked = data.draw(QUESTIONS[type])
    outcome = asked.grade(asked.given)
    assert 0 <= outcome.fraction <= 1
    assert all(0 <= part.fraction <= 1 for part in (*outcome.units, *outcome.tallies))
    assert outcome.answered or (outcome.fraction, outcome.units) == (0, ())
    empty = asked.grade(get(type).Response())
    assert (empty.fraction, empty.answered) == (0, False)


@each_type
@law
@given(st.data())
def test_grading_twice_gives_the_same(type, data):
    asked = data.draw(QUESTIONS[type])
    first = asked.grade(asked.given)
    again = replace(asked, prompt=reread(asked.prompt), key=reread(asked.key))
    assert asked.grade(asked.given) == first == again.grade(reread(asked.given))


def reread(schema):
    return type(schema).model_validate_json(schema.model_dump_json())


@each_type
@law
@given(st.data())
def test_prompt_key_response_and_outcome_survive_storing(type, data):
    asked = data.draw(QUESTIONS[type])
    for schema in (asked.prompt, asked.key, asked.given, asked.right, asked.grade(asked.given)):
        stored = json.dumps(schema.model_dump(mode="json"), sort_keys=True)
        assert schema.__class__.model_validate_json(stored) == schema
        assert json.dumps(reread(schema).model_dump(mode="json"), sort_keys=True) == stored


@each_type
@law
@given(st.data())
def test_the_order_and_repetition_of_what_is_sent_change_nothing(type, data):
    asked = data.draw(QUESTIONS[type])
    sent = asked.given.model_dump(mode="json")
    turned = {
        field: value
        if type == "order"  # there the order is the answer
        else list(reversed(value * 2))
        if isinstance(value, list)
        else dict(reversed(value.items()))
        if isinstance(value, dict)
        else value
        for field, value in sent.items()
    }
    assert asked.grade(asked.read(turned)) == asked.grade(asked.given)


# Laws of marking and choosing ----------------------------------------------------------------


@law
@given(mark_spans(), st.randoms(use_true_random=False))
def test_how_marks_are_cut_and_joined_changes_nothing(asked, chance):
    layout = asked.prompt.passage.layout
    by_word = [
        {"skill": mark.skill, **stretch(word, word)}
        for mark in asked.given.marks
        for word in layout.words_touched(mark.span)
    ]
    chance.shuffle(by_word)
    sent = {"marks": by_word, "nothing_to_mark": asked.given.nothing_to_mark}
    assert asked.grade(asked.read(sent)) == asked.grade(asked.given)


@law
@given(mark_spans(), st.data())
def test_a_wrong_word_never_raises_and_a_right_one_never_lowers_the_score(asked, data):
    """From a response that was answered: the first mark of all also answers for every other skill."""
    before = asked.grade(asked.given)
    skill = data.draw(st.sampled_from(asked.prompt.skills))
    word = data.draw(st.sampled_from(WORDS))
    more = {"skill": skill, **stretch(word, word)}
    assume(before.answered and not asked.given.nothing_to_mark)
    sent = [*asked.given.model_dump(mode="json")["marks"], more]
    after = asked.grade(asked.read({"marks": sent}))
    required, acceptable = (words_of(asked, skill, kind) for kind in ("required", "acceptable"))
    if word in required:
        assert after.fraction >= before.fraction - 1e-9
    elif word not in acceptable:
        assert after.fraction <= before.fraction + 1e-9
    else:
        assert after.fraction == pytest.approx(before.fraction, abs=1e-9)


def words_of(asked, skill, kind):
    """The words in the key's spans of one kind; of whole sentences where a mark takes those."""
    layout = asked.prompt.passage.layout
    spans = [span.span for span in asked.key.spans if (span.skill, span.kind) == (skill, kind)]
    words = {word for span in spans for word in layout.words_touched(span)}
    if asked.prompt.granularity == "words":
        return words
    return {word for word in WORDS if layout.sentence_of[word] in {layout.sentence_of[one] for one in words}}


@law
@given(multiple_choice() | hottext(), st.data())
def test_a_wrong_choice_never_raises_and_a_right_one_never_lowers_the_score(asked, data):
    kinds = kinds_of(asked)
    chosen = asked.given.chosen
    more = data.draw(st.sampled_from(sorted(kinds)))
    assume(chosen)
    before, after = (
        asked.grade(asked.read({"chosen": sorted(choice)})).fraction for choice in (chosen, chosen | {more})
    )
    if kinds[more] == "required":
        assert after >= before
    else:
        assert after <= before
        assert kinds[more] == "foil" or after == before


def kinds_of(asked):
    """What each thing offered is, in the words of hottext."""
    if asked.type == "hottext":
        return {span.ref: span.kind for span in asked.key.spans}
    return {ref: "required" if ref in asked.key.right else "foil" for ref in asked.prompt.refs}


@law
@given(multiple_choice() | hottext())
def test_choosing_everything_scores_0_unless_nothing_sound_was_offered(asked):
    """All of the right and all of the wrong: 1 - 1. So suspicion alone earns nothing."""
    kinds = kinds_of(asked)
    outcome = asked.grade(asked.read({"chosen": sorted(kinds)}))
    only_right = "required" in kinds.values() and "foil" not in kinds.values()
    assert outcome.fraction == float(only_right)


@law
@given(mark_spans())
def test_marking_everything_scores_low(asked):
    """All words marked: recall is 1, and precision at most s, the share of sentences that hold a
    required word among those that hold a word not acceptable. So F1 is at most 2s/(1 + s).
    """
    sent = [{"skill": skill, **stretch(WORDS[0], WORDS[-1])} for skill in asked.prompt.skills]
    outcome = asked.grade(asked.read({"marks": sent}))
    sentence_of = asked.prompt.passage.layout.sentence_of
    for tally in outcome.tallies:
        required, acceptable = (words_of(asked, tally.skill, kind) for kind in ("required", "acceptable"))
        problems = {sentence_of[word] for word in required}
        judged = {sentence_of[word] for word in WORDS if word in required or word not in acceptable}
        share = len(problems) / len(judged) if judged else 0.0
        assert tally.fraction <= 2 * share / (1 + share) + 1e-9


def test_marking_everything_in_a_whole_article_scores_a_quarter_at_most():
    """The usual density, 2 sentences of 14: s = 1/7, F1 = 1/4 by sentences, and less by words."""
    kind = get("mark_spans")
    spans = [
        {
            "ref": f"s{word}",
            "skill": "certainty",
            "kind": "required",
            "rationale": "Why.",
            **stretch(word, word),
        }
        for word in (7, 33)
    ]
    everything = {"marks": [{"skill": "certainty", **stretch(WORDS[0], WORDS[-1])}]}
    scores = {}
    for granularity in ("sentences", "words"):
        prompt = {**PLACE, "skills": ["certainty"], "granularity": granularity}
        asked = question("mark_spans", prompt, {"spans": spans}, {"nothing_to_mark": True}, everything)
        assert kind.check(asked.prompt, asked.key) == []
        scores[granularity] = asked.grade(asked.given).fraction
    # By words, each of the two sentences has 1 required word of 5: P = 2/14 x 1/5, R = 1.
    assert scores == pytest.approx({"sentences": 1 / 4, "words": 2 / 36}, abs=1e-9)


# Stored questions outlive the code -----------------------------------------------------------


@pytest.fixture
def _own_list(monkeypatch):
    """What a test registers is gone after it."""
    monkeypatch.setattr(registry, "_TYPES", dict(registry._TYPES))


@pytest.mark.usefixtures("_own_list")
@pytest.mark.parametrize("type", [question_type.slug for question_type in all_types()])
def test_what_an_older_version_stored_is_upgraded_to_the_newest(type):
    def unwrap(_part, data):
        return {"second": data["first"]}

    def unwrap_again(_part, data):
        return data["second"]

    kind = get(type)
    registry.register(replace(kind, slug="later", schema_version=3, upgrades={1: unwrap, 2: unwrap_again}))
    parts = {"prompt": kind.example.prompt, "key": kind.example.key, "response": kind.example.right}
    for part, expected in parts.items():
        stored = expected.model_dump(mode="json")
        by_version = {1: {"first": stored}, 2: {"second": stored}, 3: stored}
        for version, data in by_version.items():
            assert load("later", part, json.loads(json.dumps(data)), version) == expected
