import pytest
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Passage, Tally
from quizzes.types.hottext import Key, Offered, OfferedKey, Prompt, Response, check, from_form

grade = get("hottext").grade

TEXT = "One two three four.\nFive six seven eight."
PASSAGE = Passage.of(TEXT)


def place(quote, ref=None):
    start = TEXT.index(quote)
    return Offered(ref=ref or quote.split()[0].lower(), start=start, end=start + len(quote))


def prompt(*places):
    offered = places or (place("One"), place("two three"), place("Five"), place("six"), place("seven"))
    return Prompt(task="Choose.", passage=PASSAGE, offered=offered)


def key(**kinds):
    """What each place is: required unless told otherwise."""
    named = {
        "one": "required",
        "two": "required",
        "five": "foil",
        "six": "foil",
        "seven": "acceptable",
    } | kinds
    spans = tuple(OfferedKey(ref=ref, kind=kind, rationale="Because.") for ref, kind in named.items())
    return Key(spans=spans, praise="Rightly left.")


NONE_REQUIRED = key(one="foil", two="foil")
NO_FOILS = key(five="acceptable", six="required")
ALL_ACCEPTABLE = key(one="acceptable", two="acceptable", five="acceptable", six="acceptable")


def chosen(refs):
    return Response(chosen=frozenset(refs.split()))


NOTHING = Response(nothing_to_mark=True)


@pytest.mark.parametrize(
    ("answers", "response", "fraction"),
    [
        pytest.param(key(), chosen("one two"), 1, id="all that is to be found"),
        pytest.param(key(), chosen("one"), 1 / 2, id="one of two"),
        pytest.param(key(), chosen("one two five"), 1 / 2, id="a foil of two too"),
        pytest.param(key(), chosen("one five"), 0, id="one of each"),
        pytest.param(key(), chosen("five six"), 0, id="never below 0"),
        pytest.param(key(), chosen("one two five six seven"), 0, id="everything"),
        pytest.param(key(), chosen("one two seven"), 1, id="an acceptable place is taken out"),
        pytest.param(key(), chosen("one seven"), 1 / 2, id="and gives nothing"),
        pytest.param(key(), NOTHING, 0, id="nothing to mark, wrongly"),
        pytest.param(NONE_REQUIRED, NOTHING, 1, id="nothing to mark, rightly"),
        pytest.param(NONE_REQUIRED, chosen("one"), 0, id="a mark where nothing is required"),
        pytest.param(NO_FOILS, chosen("one two"), 2 / 3, id="no foils: the share found"),
        pytest.param(ALL_ACCEPTABLE, NOTHING, 1, id="nothing but acceptable places, left alone"),
    ],
)
def test_grade_takes_the_share_of_foils_off(answers, response, fraction):
    outcome = grade(prompt(), answers, response)
    assert outcome.fraction == pytest.approx(fraction, abs=1e-9)
    assert outcome.answered


@pytest.mark.parametrize("response", [Response(), chosen("seven")], ids=["no mark", "acceptable places only"])
@pytest.mark.parametrize("answers", [key(), NONE_REQUIRED], ids=["something to find", "nothing to find"])
def test_grade_without_a_mark_left_is_not_answered(answers, response):
    outcome = grade(prompt(), answers, response)
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())
    assert outcome.tallies[0].marks == 0


@pytest.mark.parametrize(
    ("response", "right"),
    [
        pytest.param(chosen("one five seven"), "one six", id="some marks"),
        pytest.param(NOTHING, "five six", id="nothing to mark"),
    ],
)
def test_grade_takes_each_place_that_is_not_acceptable_for_evidence(response, right):
    units = grade(prompt(), key(), response).units
    assert [(unit.unit, unit.ordinal, unit.kind) for unit in units] == [
        ("one", 0, "problem"),
        ("two", 1, "problem"),
        ("five", 2, "sound"),
        ("six", 3, "sound"),
    ]
    assert {unit.skill for unit in units} == {None}
    assert " ".join(unit.unit for unit in units if unit.correct) == right
    assert [unit.fraction for unit in units] == [float(unit.correct) for unit in units]


def test_grade_numbers_places_in_text_order_past_acceptable_ones():
    units = grade(prompt(), key(two="acceptable"), chosen("one")).units
    assert [unit.ordinal for unit in units] == [0, 2, 3]


def test_grade_tallies_what_was_found():
    outcome = grade(prompt(), key(), chosen("one five seven"))
    assert outcome.tallies == (
        Tally(skill=None, fraction=0, required=2, found=1, partly=0, marks=2, sound_marks=1),
    )


def test_findings_follow_the_text():
    outcome = grade(prompt(), key(), chosen("one five"))
    assert [(f.code, f.ref, TEXT[slice(*f.spans[0])], f.response) for f in outcome.findings] == [
        ("found", "one", "One", ""),
        ("missed", "two", "two three", ""),
        ("fine", "five", "Five", ""),
        ("left_alone", "six", "six", ""),
        ("differ", "seven", "seven", ""),
    ]
    assert [f.response for f in grade(prompt(), key(), chosen("seven")).findings] == [
        "",
        "",
        "",
        "",
        "marked",
    ]


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        pytest.param([place("One", "a"), place("Five", "a")], "two places are named “a”", id="a name twice"),
        pytest.param([place("Five"), place("One")], "must come after", id="out of order"),
        pytest.param([place("One two", "a"), place("two", "b")], "share no word", id="overlapping"),
        pytest.param([place("On")], "begin and end where words", id="half a word"),
        pytest.param([place("four.", "a")], "begin and end where words", id="a full stop"),
        pytest.param([place(" two", "a")], "begin and end where words", id="a blank"),
        pytest.param([Offered(ref="a", start=18, end=19)], "begin and end where words", id="no word"),
        pytest.param([Offered(ref="a", start=3, end=3)], "begin and end where words", id="empty"),
        pytest.param([Offered(ref="a", start=8, end=4)], "begin and end where words", id="turned round"),
        pytest.param([Offered(ref="a", start=0, end=99)], "begin and end where words", id="beyond the end"),
        pytest.param([place("four.\nFive", "a")], "on one line", id="over a line break"),
    ],
)
def test_prompt_refuses_misplaced_offers(places, reason):
    with pytest.raises(ValidationError, match=reason):
        prompt(*places)


def test_prompt_takes_places_that_touch():
    assert len(prompt(place("One"), place("two three"), place("four")).offered) == 3
    with pytest.raises(ValidationError):
        Prompt(task="Choose.", passage=PASSAGE, offered=())


def without(ref):
    return tuple(span for span in key().spans if span.ref != ref)


def spare(ref, **fields):
    return OfferedKey(ref=ref, **{"kind": "foil", "rationale": "Because.", **fields})


@pytest.mark.parametrize(
    ("spans", "praise", "faults"),
    [
        pytest.param(key().spans, "", [], id="none; no praise needed"),
        pytest.param(without("one"), "", ["spans"], id="a place without a verdict"),
        pytest.param((*key().spans, spare("one")), "", ["spans"], id="a place twice"),
        pytest.param((*key().spans, spare("eight")), "", ["spans[5].ref"], id="a place not offered"),
        pytest.param(
            (*without("six"), spare("six", rationale=" ")), "", ["spans[4].rationale"], id="no reason"
        ),
        pytest.param(
            (*without("one"), spare("one", kind="required", rationale="")),
            "",
            ["spans[4].rationale"],
            id="no reason to find it",
        ),
        pytest.param(
            (*without("one"), spare("one", kind="acceptable", rationale="")),
            "",
            [],
            id="acceptable needs none",
        ),
        pytest.param(NONE_REQUIRED.spans, " ", ["praise"], id="no praise, nothing to find"),
    ],
)
def test_check_finds_what_does_not_fit(spans, praise, faults):
    assert [fault.field for fault in check(prompt(), Key(spans=spans, praise=praise))] == faults


def test_response_refuses_marks_together_with_nothing_to_mark():
    with pytest.raises(ValidationError, match="not both"):
        Response(chosen=frozenset({"one"}), nothing_to_mark=True)


def test_read_response_refuses_what_is_not_offered():
    with pytest.raises(ResponseRefused, match="“eight” is not offered") as caught:
        read_response(get("hottext"), prompt(), {"chosen": ["one", "eight"]})
    assert caught.value.field == "chosen"


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ({"chosen": ["one", "", "two"], "csrf": ["x"]}, {"chosen": ["one", "two"], "nothing_to_mark": False}),
        ({"nothing_to_mark": ["on"]}, {"chosen": [], "nothing_to_mark": True}),
        ({"nothing_to_mark": [""]}, {"chosen": [], "nothing_to_mark": False}),
        ({}, {"chosen": [], "nothing_to_mark": False}),
    ],
)
def test_from_form_reads_the_checkboxes(form, data):
    assert from_form(prompt(), form) == data
