from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Finding, Passage, Tally
from quizzes.types.mark_spans import Key, KeySpan, Mark, Prompt, Response, check, from_form

grade = get("mark_spans").grade

SKILL = "loaded-language"
# Two sentences on one line, a third and a fourth on the next; four words each.
TEXT = "One two three four. Five six seven eight.\nNine ten eleven twelve. Aa bb cc dd."
PASSAGE = Passage.of(TEXT)


def prompt(granularity="words"):
    return Prompt(task="Mark.", skills=(SKILL,), granularity=granularity, passage=PASSAGE)


def place(quote):
    start = TEXT.index(quote)
    return {"skill": SKILL, "start": start, "end": start + len(quote)}


def span(kind, quote, ref=None, **fields):
    fields = {"rationale": "Because.", "readings": 2} | fields
    return KeySpan(ref=ref or quote.split()[0].lower(), kind=kind, **place(quote), **fields)


def required(quote, ref=None, **fields):
    return span("required", quote, ref, **fields)


def acceptable(quote, ref=None, **fields):
    return span("acceptable", quote, ref, **fields)


def foil(quote, ref=None, **fields):
    return span("foil", quote, ref, **fields)


def key(*spans, praise="Rightly left."):
    return Key(spans=spans, praise=praise)


def marks(*quotes):
    return Response(marks=tuple(Mark(**place(quote)) for quote in quotes))


NOTHING = Response(nothing_to_mark=True)


def judge(spans, response, granularity="words"):
    assert check(prompt(granularity), spans) == []
    return grade(prompt(granularity), spans, response)


def quoted(finding):
    return [TEXT[start:end] for start, end in finding.spans]


# The score


@pytest.mark.parametrize(
    ("spans", "response", "fraction"),
    [
        pytest.param(key(required("two three")), marks("two three"), 1, id="the key"),
        pytest.param(key(required("two three")), marks("ee"), 2 / 3, id="a letter takes its word"),
        pytest.param(key(required("two three")), marks("two thre"), 1, id="and the whole of it"),
        pytest.param(
            key(required("two three")), marks("two three", "Nine"), 2 / 3, id="a wrong word elsewhere"
        ),
        pytest.param(
            key(required("two", "a"), acceptable("One two three")), marks("One two three"), 1, id="a margin"
        ),
        pytest.param(key(), NOTHING, 1, id="nothing to mark, rightly"),
        pytest.param(key(), marks("two"), 0, id="a mark where nothing is required"),
        pytest.param(key(required("two")), NOTHING, 0, id="nothing to mark, wrongly"),
        pytest.param(
            key(required("eight.\nNine", "r")), marks("eight", "Nine ten"), 6 / 7, id="cut at a line break"
        ),
    ],
)
def test_grade_is_f1_of_words(spans, response, fraction):
    outcome = judge(spans, response)
    assert outcome.fraction == pytest.approx(fraction, abs=1e-9)
    assert outcome.answered


@pytest.mark.parametrize(
    ("spans", "response", "fraction"),
    [
        pytest.param(key(required("two")), marks("four"), 1, id="any word of the sentence"),
        pytest.param(key(required("two")), marks("four. Five"), 2 / 3, id="two sentences touched"),
        pytest.param(
            key(required("two", "a"), required("four", "b")), marks("One"), 1, id="one sentence, one finding"
        ),
    ],
)
def test_grade_takes_whole_sentences(spans, response, fraction):
    assert judge(spans, response, "sentences").fraction == pytest.approx(fraction, abs=1e-9)


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(Response(), id="no mark"),
        pytest.param(marks("."), id="a mark that takes no word"),
        pytest.param(marks("Nine"), id="a mark on acceptable words only"),
    ],
)
@pytest.mark.parametrize("spans", [(), (required("two"),)], ids=["empty key", "something to find"])
def test_grade_without_a_mark_left_is_not_answered(spans, response):
    outcome = judge(key(acceptable("Nine"), *spans), response)
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())
    assert outcome.tallies[0].marks == 0


def test_grade_tallies_what_was_found():
    spans = key(
        required("two three"), required("Five six seven", "b"), required("Nine", "c"), acceptable("dd")
    )
    outcome = judge(spans, marks("two", "Five", "eight", "cc", "dd", "ten eleven"))
    assert outcome.tallies == (
        Tally(
            skill=SKILL,
            fraction=outcome.fraction,
            required=3,
            found=1,
            partly=1,
            marks=5,
            sound_marks=3,
        ),
    )


# Evidence


def test_grade_takes_every_sentence_for_evidence():
    spans = key(required("two"), acceptable("Nine"), acceptable("three", "b"))
    units = judge(spans, marks("One", "bb")).units
    assert [
        (unit.skill, unit.unit, unit.ordinal, unit.kind, unit.correct, unit.fraction) for unit in units
    ] == [
        (SKILL, "1", 0, "problem", True, 1.0),  # flagged by any word that is not acceptable
        (SKILL, "2", 1, "sound", True, 1.0),  # left alone
        (SKILL, "4", 3, "sound", False, 0.0),  # the third sentence holds acceptable words only
    ]


def test_grade_is_not_flagged_by_acceptable_words():
    units = judge(key(required("two"), acceptable("three", "b")), marks("three", "Five")).units
    assert [(unit.unit, unit.correct) for unit in units] == [
        ("1", False),
        ("2", False),
        ("3", True),
        ("4", True),
    ]


def test_grade_of_nothing_to_mark_is_evidence_too():
    units = judge(key(required("two")), NOTHING).units
    assert [(unit.kind, unit.correct) for unit in units] == [("problem", False), *[("sound", True)] * 3]


def test_grade_passes_over_a_sentence_without_words():
    passage = Passage.of("One two.\n***\nThree.")
    asked = Prompt(task="Mark.", skills=(SKILL,), granularity="words", passage=passage)
    assert [unit.unit for unit in grade(asked, key(), NOTHING).units] == ["1", "3"]


# Findings


def test_findings_follow_the_text():
    spans = key(
        foil("Five", "f1"),
        required("two three", "r1"),
        required("ten eleven twelve", "r2"),
        acceptable("One two", "margin"),
        acceptable("Aa", "a1"),
        foil("dd", "f2"),
        required("bb", "r3"),
    )
    outcome = judge(spans, marks("two three four. Five six", "ten", "Aa"))
    assert [(f.code, f.ref, quoted(f), f.response) for f in outcome.findings] == [
        ("found", "r1", ["two three"], ""),
        ("fine", "f1", ["four. Five six"], ""),
        ("partly", "r2", ["ten eleven twelve"], ""),
        ("differ", "a1", ["Aa"], "marked"),
        ("missed", "r3", ["bb"], ""),
        ("left_alone", "f2", ["dd"], ""),
    ]


def test_findings_show_the_sound_words_of_one_mark_together():
    outcome = judge(key(required("two")), marks("One two three", "eight", "Nine"))
    assert [(f.code, quoted(f)) for f in outcome.findings] == [
        ("fine", ["One", "three"]),
        ("found", ["two"]),
        ("fine", ["eight"]),
        ("fine", ["Nine"]),
    ]


def test_findings_name_every_foil_in_a_mark():
    outcome = judge(key(foil("One", "f1"), foil("three", "f2")), marks("One two three four"))
    assert [(f.code, f.ref, quoted(f)) for f in outcome.findings] == [
        ("fine", "f1", ["One two", "four"]),
        ("fine", "f2", ["three"]),
    ]


def test_findings_of_joined_spans_keep_every_reason():
    outcome = judge(key(required("One two", "a"), required("two three", "b")), marks("One"))
    assert outcome.findings == (
        Finding(code="partly", ref="a", skill=SKILL, spans=((0, 13),)),
        Finding(code="partly", ref="b", skill=SKILL, spans=()),
    )
    assert outcome.tallies[0].required == 1


def test_findings_of_one_sentence_keep_every_reason():
    spans = key(foil("One", "f1"), foil("two", "f2"), acceptable("Five", "a1"), acceptable("six", "a2"))
    outcome = judge(spans, marks("three"), "sentences")
    assert [(f.code, f.ref, quoted(f)) for f in outcome.findings] == [
        ("fine", "f1", ["One two three four"]),
        ("fine", "f2", []),
        ("differ", "a1", ["Five six seven eight"]),
        ("differ", "a2", []),
    ]
    outcome = judge(spans, marks("Nine"), "sentences")
    assert [(f.code, f.ref) for f in outcome.findings[:2]] == [("left_alone", "f1"), ("left_alone", "f2")]


def test_findings_say_where_readers_differ():
    (finding,) = judge(key(acceptable("two")), NOTHING).findings
    assert finding == Finding(code="differ", ref="two", skill=SKILL, spans=((4, 7),), response="")


# Faults of a key


@pytest.mark.parametrize(
    ("spans", "field"),
    [
        pytest.param(
            key(required("two"), foil("two three", "f")), "spans[1].start", id="a foil on a required word"
        ),
        pytest.param(
            key(acceptable("two"), foil("two three", "f")), "spans[1].start", id="on an acceptable word"
        ),
        pytest.param(key(required(". ", "r")), "spans[0].start", id="a required span without a word"),
        pytest.param(key(acceptable(". ", "r")), "spans[0].start", id="an acceptable one"),
        pytest.param(key(foil(". ", "r")), "spans[0].start", id="a foil"),
        pytest.param(key(required("two", rationale=" ")), "spans[0].rationale", id="no reason to find it"),
        pytest.param(key(foil("two", rationale="")), "spans[0].rationale", id="no reason why it is fine"),
        pytest.param(key(required("two", readings=1)), "spans[0].readings", id="wording of one reading"),
        pytest.param(key(praise=" "), "praise", id="no praise, nothing to find"),
        pytest.param(key(foil("two"), acceptable("ten"), praise=""), "praise", id="no praise, only foils"),
        pytest.param(key(required("two"), required("ten", "two")), "spans", id="one name twice"),
        pytest.param(
            key(KeySpan(skill="certainty", ref="c", kind="acceptable", start=0, end=3)),
            "spans[0].skill",
            id="a skill that is not asked",
        ),
        pytest.param(
            key(KeySpan(skill=SKILL, ref="c", kind="acceptable", start=0, end=999)),
            "spans[0].end",
            id="beyond the end",
        ),
    ],
)
def test_check_finds_what_does_not_fit(spans, field):
    assert [fault.field for fault in check(prompt(), spans)] == [field]


def test_check_sees_a_foil_in_the_sentence_of_a_required_span():
    spans = key(required("two"), foil("four"))
    assert check(prompt("words"), spans) == []
    assert [fault.field for fault in check(prompt("sentences"), spans)] == ["spans[1].start"]


def test_check_accepts_what_needs_no_more():
    assert check(prompt(), key(required("two"), acceptable("ten", rationale="", readings=1), praise="")) == []
    other = Prompt(task="Mark.", skills=("attribution",), granularity="words", passage=PASSAGE)
    single = KeySpan(skill="attribution", ref="a", kind="required", start=0, end=3, rationale="Because.")
    assert check(other, key(single, praise="")) == []


# Responses


def test_response_refuses_marks_together_with_nothing_to_mark():
    with pytest.raises(ValidationError, match="not both"):
        Response(marks=(Mark(**place("two")),), nothing_to_mark=True)


@pytest.mark.parametrize(
    ("mark", "field"),
    [
        pytest.param(
            {"skill": "certainty", "start": 0, "end": 3}, "marks.0.skill", id="a skill that is not asked"
        ),
        pytest.param({"skill": SKILL, "start": 0, "end": len(TEXT) + 1}, "marks.0.end", id="beyond the end"),
        pytest.param({"skill": SKILL, "start": -1, "end": 3}, "marks.0.start", id="before the start"),
        pytest.param({"skill": SKILL, "start": 3, "end": 3}, "marks.0", id="without length"),
        pytest.param({"skill": SKILL, "start": 0}, "marks.0.end", id="half a span"),
    ],
)
def test_read_response_refuses_a_mark(mark, field):
    with pytest.raises(ResponseRefused) as caught:
        read_response(get("mark_spans"), prompt(), {"marks": [mark]})
    assert caught.value.field == field


def test_read_response_accepts_a_mark_to_the_end():
    data = {"marks": [{"skill": SKILL, "start": 0, "end": len(TEXT)}]}
    assert read_response(get("mark_spans"), prompt(), data).marks[0].span == (0, len(TEXT))


@pytest.mark.parametrize(
    ("granularity", "indices", "quotes"),
    [
        pytest.param("words", ["2", "0", "1", "2"], ["One two three"], id="runs of words"),
        pytest.param("words", ["3", "4", "7", "8"], ["four. Five", "eight", "Nine"], id="on one line"),
        pytest.param("words", [], [], id="none"),
        pytest.param(
            "sentences", ["0", "1"], ["One two three four. Five six seven eight"], id="runs of sentences"
        ),
        pytest.param(
            "sentences",
            ["1", "2"],
            ["Five six seven eight", "Nine ten eleven twelve"],
            id="sentences on one line",
        ),
    ],
)
def test_from_form_joins_units_into_marks(granularity, indices, quotes):
    data = from_form(prompt(granularity), {f"mark-{SKILL}": indices, "mark-certainty": ["1"], "csrf": ["x"]})
    assert data == {"marks": [place(quote) for quote in quotes], "nothing_to_mark": False}


def test_from_form_reads_nothing_to_mark():
    assert from_form(prompt(), {"nothing_to_mark": ["on"]}) == {"marks": [], "nothing_to_mark": True}
    assert from_form(prompt(), {"nothing_to_mark": [""]}) == {"marks": [], "nothing_to_mark": False}


@pytest.mark.parametrize("index", ["", "x", "-1", "16", "1.0", "٣", " 1", "9" * 5000])
def test_from_form_refuses_what_is_no_index(index):
    with pytest.raises(ResponseRefused) as caught:
        from_form(prompt(), {f"mark-{SKILL}": [index]})
    assert caught.value.field == f"mark-{SKILL}"


# Several skills

CERTAINTY = "certainty"


def asked_twice(granularity="words"):
    return Prompt(task="Mark.", skills=(SKILL, CERTAINTY), granularity=granularity, passage=PASSAGE)


def other(kind, quote, ref, **fields):
    """A key span of the second skill."""
    fields = {"rationale": "Because."} | fields
    return KeySpan(ref=ref, kind=kind, **place(quote) | {"skill": CERTAINTY}, **fields)


def marked(first=(), second=()):
    """Marks on these quotes, for the first and for the second skill."""
    drawn = [place(quote) for quote in first]
    drawn += [place(quote) | {"skill": CERTAINTY} for quote in second]
    return Response(marks=tuple(Mark(**mark) for mark in drawn))


BOTH = key(required("two three"), other("required", "Five", "c"), foil("Nine", "f"))


@pytest.mark.parametrize(
    ("spans", "response", "fraction"),
    [
        pytest.param(BOTH, marked(["two three"], ["Five"]), 1, id="all of both"),
        pytest.param(BOTH, marked(["two three"]), 1 / 2, id="all of one, nothing of the other"),
        pytest.param(BOTH, marked(["Five"], ["two three"]), 0, id="the skills changed over"),
        pytest.param(
            BOTH, marked(["two"], ["Five", "Nine"]), (2 / 3 + 2 / 3) / 2, id="the mean of 2/3 and 2/3"
        ),
        pytest.param(BOTH, NOTHING, 0, id="nothing to mark is said for both, wrongly"),
        pytest.param(key(required("two")), marked(["two"]), 1, id="an empty key, left empty: 1"),
        pytest.param(key(required("two")), marked(["two"], ["ten"]), 1 / 2, id="an empty key, marked: 0"),
        pytest.param(key(required("two")), marked([], ["ten"]), 0, id="only the empty key, marked"),
        pytest.param(key(required("two")), NOTHING, 1 / 2, id="nothing to mark is right for one of the two"),
        pytest.param(key(), NOTHING, 1, id="nothing to mark, rightly"),
        pytest.param(key(), marked(["two"]), 1 / 2, id="nothing to find, marked for one skill"),
        pytest.param(
            key(required("two"), other("required", "two", "c")),
            marked(["two"], ["two"]),
            1,
            id="the same words for both",
        ),
        pytest.param(
            key(required("two"), other("acceptable", "two three", "c"), other("required", "six", "d")),
            marked(["two three"], ["six"]),
            (2 / 3 + 1) / 2,
            id="acceptable for one skill is not so for the other: P 1/2, R 1",
        ),
        pytest.param(
            key(required("two"), other("acceptable", "ten", "c")),
            marked(["two"], ["ten"]),
            1,
            id="marks on acceptable words only, for a skill with nothing to find",
        ),
    ],
)
def test_grade_is_the_mean_over_all_skills_asked(spans, response, fraction):
    assert check(asked_twice(), spans) == []
    outcome = grade(asked_twice(), spans, response)
    assert outcome.fraction == pytest.approx(fraction, abs=1e-9)
    assert outcome.answered
    assert [tally.skill for tally in outcome.tallies] == [SKILL, CERTAINTY]
    assert sum(tally.fraction for tally in outcome.tallies) / 2 == pytest.approx(fraction, abs=1e-9)


@pytest.mark.parametrize(
    ("spans", "response", "fraction"),
    [
        pytest.param(BOTH, marked(["One"], ["six"]), 1, id="any word of the sentences"),
        pytest.param(BOTH, marked(["One"], ["bb"]), 1 / 2, id="another sentence for the second"),
        pytest.param(
            key(required("two"), other("foil", "three", "c")),
            marked(["four"], ["One"]),
            1 / 2,
            id="one sentence: a problem for one skill, fine for the other",
        ),
    ],
)
def test_grade_of_several_skills_takes_whole_sentences(spans, response, fraction):
    assert check(asked_twice("sentences"), spans) == []
    outcome = grade(asked_twice("sentences"), spans, response)
    assert outcome.fraction == pytest.approx(fraction, abs=1e-9)


@pytest.mark.parametrize(
    "response", [Response(), marked(["Nine"], ["dd"])], ids=["no mark", "acceptable for either"]
)
def test_grade_of_several_skills_without_a_mark_left_is_not_answered(response):
    spans = key(acceptable("Nine"), other("acceptable", "dd", "d"))
    outcome = grade(asked_twice(), spans, response)
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())
    assert [(tally.fraction, tally.marks) for tally in outcome.tallies] == [(0, 0)] * 2


def test_one_judged_mark_answers_for_every_skill():
    """Words that are acceptable for one skill may be wrong for the other: then the item is answered."""
    spans = key(acceptable("Nine"), other("required", "two", "c"))
    outcome = grade(asked_twice(), spans, marked(["Nine"], ["Nine"]))
    assert (outcome.fraction, outcome.answered) == (1 / 2, True)
    assert len(outcome.units) == 3 + 4


def test_units_of_several_skills_stand_skill_by_skill():
    units = grade(asked_twice(), BOTH, marked(["two"], ["bb"])).units
    assert [(unit.skill, unit.unit, unit.kind, unit.correct) for unit in units] == [
        (SKILL, "1", "problem", True),
        (SKILL, "2", "sound", True),
        (SKILL, "3", "sound", True),
        (SKILL, "4", "sound", True),
        (CERTAINTY, "1", "sound", True),
        (CERTAINTY, "2", "problem", False),
        (CERTAINTY, "3", "sound", True),
        (CERTAINTY, "4", "sound", False),
    ]


def test_findings_of_several_skills_follow_the_text():
    spans = key(
        required("ten", "r"),
        foil("One", "f"),
        other("required", "two", "c"),
        other("foil", "ten eleven", "g"),
        other("acceptable", "Five", "a"),
    )
    outcome = grade(asked_twice(), spans, marked(["ten", "two"], ["One", "Five"]))
    assert [(f.code, f.skill, f.ref, quoted(f)) for f in outcome.findings] == [
        ("left_alone", SKILL, "f", ["One"]),
        ("fine", CERTAINTY, "", ["One"]),
        ("fine", SKILL, "", ["two"]),
        ("missed", CERTAINTY, "c", ["two"]),
        ("differ", CERTAINTY, "a", ["Five"]),
        ("found", SKILL, "r", ["ten"]),
        ("left_alone", CERTAINTY, "g", ["ten eleven"]),
    ]


def test_check_lets_a_foil_share_words_with_what_another_skill_looks_for():
    assert check(asked_twice(), key(required("two"), other("foil", "two three", "c"))) == []


@pytest.mark.parametrize(
    ("skills", "granularity"),
    [((), "words"), ((SKILL, SKILL), "words"), (tuple(f"s{n}" for n in range(13)), "words")],
    ids=["none", "one twice", "thirteen"],
)
def test_prompt_refuses_skills(skills, granularity):
    with pytest.raises(ValidationError):
        Prompt(task="Mark.", skills=skills, granularity=granularity, passage=PASSAGE)


def test_from_form_reads_the_marks_of_each_skill():
    data = from_form(asked_twice(), {f"mark-{SKILL}": ["0"], f"mark-{CERTAINTY}": ["0", "1"]})
    assert data["marks"] == [place("One"), place("One two") | {"skill": CERTAINTY}]


# Laws

stretches = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 20)).map(
    lambda drawn: {"skill": SKILL, "start": drawn[0], "end": min(len(TEXT), sum(drawn))}
)


@given(
    st.lists(stretches, max_size=3),
    st.lists(stretches, max_size=3),
    st.lists(stretches, max_size=3),
    st.lists(stretches, max_size=6),
    st.sampled_from(["words", "sentences"]),
)
def test_grade_keeps_its_laws(to_find, to_either, sound, marked, granularity):
    asked = prompt(granularity)
    spans = [
        KeySpan(ref=f"{kind}-{index}", kind=kind, rationale="Because.", readings=2, **stretch)
        for kind, group in (("required", to_find), ("acceptable", to_either), ("foil", sound))
        for index, stretch in enumerate(group)
    ]
    fitting = key()
    for span in spans:  # those that take a word, and foils that share none with the others
        longer = key(*fitting.spans, span)
        fitting = fitting if check(asked, longer) else longer
    response = Response(marks=tuple(Mark(**stretch) for stretch in marked))
    outcome = grade(asked, fitting, response)
    assert 0 <= outcome.fraction <= 1
    assert grade(asked, fitting, Response(marks=tuple(reversed(response.marks * 2)))) == outcome
    places = sorted(place for finding in outcome.findings for place in finding.spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))

    found = tuple(
        Mark(skill=span.skill, start=span.start, end=span.end)
        for span in fitting.spans
        if span.kind == "required"
    )
    assert grade(asked, fitting, Response(marks=found, nothing_to_mark=not found)).fraction == 1
