"""Places that a prompt offers, written as quotes of its passage."""

import pytest

from articles.skills import TITLES
from courses.bundles.bundle import read_bundle
from courses.bundles.faults import Faults
from tests.courses.bundles.plain_bundle import edit

SKILLS = frozenset(TITLES)
TRY = "quizzes/try.yaml"
HOTTEXT = """\
title: A first try
mode: practice
questions:
  - ref: offered
    type: hottext
    skills: [loaded-language]
    title: The letter
    prompt:
      task: "Choose what judges."
      offered:
        - {ref: wrote, quote: "wrote"}
        - {ref: whining, quote: "a whining letter."}
        - {ref: long, quote: "four pages"}
      passage: {article: ferry, from: 3, to: 3}
    key:
      spans:
        - {ref: wrote, kind: foil, rationale: "What mayors do."}
        - {ref: whining, kind: required, rationale: "It judges."}
        - {ref: long, kind: foil, rationale: "It can be counted."}
"""
TEXT = "The mayor wrote a whining letter. It is four pages long."


@pytest.fixture
def hottext(bundle):
    write_try(bundle, HOTTEXT)
    return bundle


def write_try(bundle, text):
    """Another practice quiz; the front page would want one that asks to mark sentences."""
    (bundle / TRY).write_text(text)
    edit(bundle, "course.yaml", "opening: try\n", "")


def read(folder):
    faults = Faults()
    content = read_bundle(folder, SKILLS, faults)
    return content, [str(fault) for fault in faults.found]


def offered(folder):
    content, faults = read(folder)
    assert faults == []
    (question,) = content.quizzes["try"].questions
    return [(place.ref, TEXT[place.start : place.end]) for place in question.prompt.offered]


def test_quotes_of_a_prompt_become_places_of_its_passage(hottext):
    """The passage may stand after them; a quote is trimmed to its words."""
    assert offered(hottext) == [("wrote", "wrote"), ("whining", "a whining letter"), ("long", "four pages")]


def test_occurrence_says_which_of_several_quotes_is_meant(hottext):
    edit(hottext, TRY, "from: 3, to: 3", "from: 1, to: 3")
    edit(hottext, TRY, 'ref: wrote, quote: "wrote"', 'ref: wrote, quote: "The board", occurrence: 2')
    content, faults = read(hottext)
    assert faults == []
    (question,) = content.quizzes["try"].questions
    assert question.prompt.offered[0].span == (28, 37)


def test_places_may_be_given_as_positions_too(hottext):
    edit(hottext, TRY, '{ref: wrote, quote: "wrote"}', "{ref: wrote, start: 10, end: 15}")
    assert offered(hottext)[0] == ("wrote", "wrote")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "four pages",
            "four cages",
            [
                f"{TRY}:13: questions[0].prompt.offered[2].quote: in the passage, “four cages” is not there. "
                "Did you mean “four pages”?"
            ],
            id="a quote that is not there",
        ),
        pytest.param(
            'quote: "four pages"',
            'quote: "four pages", occurrence: 2',
            [
                f"{TRY}:13: questions[0].prompt.offered[2].quote: in the passage, “four pages” has no occurrence 2 "
                "there; the last is 1."
            ],
            id="an occurrence that is not there",
        ),
        pytest.param(
            'quote: "four pages"',
            'quote: "four pages", margin: "is four pages"',
            [
                f"{TRY}:13: questions[0].prompt.offered[2].margin: there is no such field. There is: ref, start, end."
            ],
            id="a margin, which only keys have",
        ),
        pytest.param(
            'quote: "four pages"',
            'quote: ""',
            [f"{TRY}:13: questions[0].prompt.offered[2].quote: the text must not be blank."],
            id="a blank quote",
        ),
        pytest.param(
            "from: 3, to: 3",
            "from: 3, to: 9",
            [
                f"{TRY}:14: questions[0].prompt.passage.to: “ferry” has 4 paragraphs, so it has no paragraph 9."
            ],
            id="a passage that is not there: nothing more is said of its quotes",
        ),
        pytest.param(
            '- {ref: long, quote: "four pages"}',
            '- {ref: long, quote: "wrote a"}',
            [f"{TRY}:8: questions[0].prompt: “long” must come after “whining” and share no word with it."],
            id="places out of order",
        ),
    ],
)
def test_faults_are_told_once_where_they_were_written(hottext, old, new, expected):
    edit(hottext, TRY, old, new)
    assert read(hottext)[1] == expected


def test_quote_of_a_prompt_without_a_passage_is_left_to_its_type(hottext):
    edit(hottext, TRY, "      passage: {article: ferry, from: 3, to: 3}\n", "")
    faults = read(hottext)[1]
    assert f"{TRY}:8: questions[0].prompt.passage: this field is missing." in faults
    assert any("offered[0].quote: there is no such field" in fault for fault in faults)


SEVERAL = """\
title: A first try
mode: practice
questions:
  - ref: several
    type: mark_spans
    skills: [attribution, loaded-language]
    title: The letter
    prompt:
      task: "Mark what has no source, and what judges."
      granularity: words
      skills: [attribution, loaded-language]
      passage: {article: ferry, from: 3, to: 3}
    key:
      spans:
        - {ref: whining, skill: loaded-language, kind: required, quote: "whining", rationale: "It judges.", readings: 2}
        - {ref: wrote, skill: attribution, kind: foil, quote: "wrote", rationale: "Anyone can see a letter."}
      praise: "Each claim can be seen."
"""


def test_key_for_several_skills_names_the_skill_of_each_quote(bundle):
    write_try(bundle, SEVERAL)
    content, faults = read(bundle)
    assert faults == []
    (question,) = content.quizzes["try"].questions
    assert [(span.ref, span.skill) for span in question.key.spans] == [
        ("whining", "loaded-language"),
        ("wrote", "attribution"),
    ]
    edit(bundle, TRY, "ref: wrote, skill: attribution,", "ref: wrote,")
    assert read(bundle)[1] == [f"{TRY}:16: questions[0].key.spans[1].skill: this field is missing."]


def test_annotations_are_copied_for_every_skill_that_is_asked(bundle):
    write_try(
        bundle, SEVERAL[: SEVERAL.index("      spans:")] + "      annotations: true\n      praise: Well.\n"
    )
    edit(bundle, TRY, "from: 3, to: 3", "from: 1, to: 4")
    content, faults = read(bundle)
    assert faults == []
    (question,) = content.quizzes["try"].questions
    assert [(span.ref, span.skill) for span in question.key.spans] == [
        ("vote", "attribution"),
        ("cruise", "attribution"),
        ("whining", "loaded-language"),
        ("whining-margin", "loaded-language"),
    ]
