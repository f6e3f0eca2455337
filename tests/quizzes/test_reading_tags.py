"""What the templates of question types are given."""

import pytest
from django.template import Context, Template

from quizzes import wording
from quizzes.feedback import Feedback
from quizzes.templatetags import reading
from quizzes.types import mark_spans
from quizzes.types.base import Option, Passage

pytestmark = pytest.mark.pure

SKILL = "attribution"
TEXT = "The mayor came. Everyone knows why.\nThe board voted."
PASSAGE = Passage.of(TEXT)


def prompt(granularity="words"):
    return mark_spans.Prompt(task="Mark.", skills=(SKILL,), granularity=granularity, passage=PASSAGE)


def place(quote):
    start = TEXT.index(quote)
    return {"skill": SKILL, "start": start, "end": start + len(quote)}


def response(*quotes, **more):
    return mark_spans.Response(marks=tuple(mark_spans.Mark(**place(quote)) for quote in quotes), **more)


def key(**kinds):
    """Places by their words, `_` for a blank, with their kinds; each has a rationale of its own."""
    return mark_spans.Key(
        spans=tuple(
            mark_spans.KeySpan(
                ref=f"span-{n}",
                kind=kind,
                rationale=f"Because {n}.",
                instead=f"Rather {n}.",
                minority=f"Some {n}.",
                **place(quote.replace("_", " ")),
            )
            for n, (quote, kind) in enumerate(kinds.items(), start=1)
        ),
        praise="All of it is on record.",
    )


def judged(answers, given, granularity="words"):
    outcome = mark_spans.MARK_SPANS.grade(prompt(granularity), answers, given)
    return Feedback(outcome=outcome, key=answers, response=given, headline=wording.headline(outcome))


def test_get_takes_a_value_or_nothing():
    assert (reading.get({"a": "b"}, "a"), reading.get({}, "a")) == ("b", "")


OPTIONS = [Option(ref=ref, text=ref.upper()) for ref in ("a", "b", "c")]


@pytest.mark.parametrize(
    ("order", "refs"), [(["c", "a", "b"], "cab"), (["c"], "cab"), ([], "abc"), (["x", "b"], "bac")]
)
def test_in_order_puts_options_as_this_learner_sees_them(order, refs):
    assert "".join(option.ref for option in reading.in_order(OPTIONS, order)) == refs


def test_tags_can_be_used_in_a_template():
    page = "{% load reading %}{% in_order options order as shown %}"
    page += "{% for option in shown %}{{ words|get:option.ref }}{% endfor %}"
    context = Context({"options": OPTIONS, "order": ["b"], "words": {"a": "1", "b": "2"}})
    assert Template(page).render(context) == "21"


def test_unit_lines_are_words_to_tap():
    lines = reading.unit_lines(prompt(), response("mayor came", "board"))
    assert [[(s.text, s.index, s.sentence, s.checked) for s in line.segments] for line in lines] == [
        [
            ("The", 0, 0, False),
            (" ", None, 0, False),
            ("mayor", 1, 0, True),
            (" ", None, 0, False),
            ("came", 2, 0, True),
            (". ", None, 0, False),
            ("Everyone", 3, 1, False),
            (" ", None, 0, False),
            ("knows", 4, 1, False),
            (" ", None, 0, False),
            ("why", 5, 1, False),
            (".", None, 0, False),
        ],
        [
            ("The", 6, 2, False),
            (" ", None, 0, False),
            ("board", 7, 2, True),
            (" ", None, 0, False),
            ("voted", 8, 2, False),
            (".", None, 0, False),
        ],
    ]


def test_unit_lines_are_sentences_to_tap():
    lines = reading.unit_lines(prompt("sentences"), response("knows"))
    assert [[(s.text, s.index, s.sentence, s.checked) for s in line.segments] for line in lines] == [
        [
            ("The mayor came.", 0, 0, False),
            (" ", None, 0, False),
            ("Everyone knows why.", 1, 1, True),
        ],
        [("The board voted.", 2, 2, False)],
    ]


def test_unit_lines_of_no_response_check_nothing():
    lines = reading.unit_lines(prompt(), mark_spans.Response())
    assert not any(segment.checked for line in lines for segment in line.segments)


@pytest.mark.parametrize(
    ("granularity", "quotes", "spans"),
    [
        ("words", ["ayor ca"], ["mayor came"]),
        ("words", ["why.\nThe"], ["why", "The"]),
        ("words", ["."], []),
        ("sentences", ["knows"], ["Everyone knows why"]),
        ("sentences", ["came. Every"], ["The mayor came. Everyone knows why"]),
    ],
)
def test_marked_spans_are_whole_units(granularity, quotes, spans):
    found = reading.marked_spans(prompt(granularity), response(*quotes))
    assert [TEXT[start:end] for start, end in found] == spans


def test_overlay_lays_findings_and_reasons_line_by_line():
    answers = key(Everyone_knows_why="required", mayor="foil", board_voted="required")
    shown = reading.overlay(prompt(), judged(answers, response("mayor", "Everyone knows")))
    assert [[(p.text, p.verdict, p.number, p.mine) for p in line.pieces] for line in shown.lines] == [
        [
            ("The ", "", 0, False),
            ("mayor", "fine", 1, True),
            (" came. ", "", 0, False),
            ("Everyone knows", "found", 2, True),
            (" why", "found", 2, False),
            (".", "", 0, False),
        ],
        [("The ", "", 0, False), ("board voted", "missed", 3, False), (".", "", 0, False)],
    ]
    assert [
        [
            (f.number, f.verdict, str(f.label), f.quote, f.rationale, f.instead, f.minority)
            for f in line.findings
        ]
        for line in shown.lines
    ] == [
        [
            (1, "fine", "Marked, but fine", "mayor", "Because 2.", "Rather 2.", "Some 2."),
            (2, "found", "Found", "Everyone knows why", "Because 1.", "Rather 1.", "Some 1."),
        ],
        [(3, "missed", "Missed", "board voted", "Because 3.", "Rather 3.", "Some 3.")],
    ]
    assert [(code, str(label)) for code, label in shown.verdicts] == [
        ("found", "Found"),
        ("missed", "Missed"),
        ("fine", "Marked, but fine"),
    ]
    assert (shown.left_alone, shown.praise) == ([], "")


def test_overlay_lists_foils_that_were_left_alone():
    answers = key(Everyone_knows_why="required", mayor="foil")
    shown = reading.overlay(prompt(), judged(answers, response("Everyone knows why")))
    assert [(f.number, f.verdict, f.label, f.quote, f.rationale) for f in shown.left_alone] == [
        (0, "left_alone", "", "mayor", "Because 2.")
    ]


def test_overlay_names_where_readers_differ():
    answers = key(Everyone_knows_why="required", mayor="acceptable")
    shown = reading.overlay(prompt(), judged(answers, response("Everyone knows why")))
    assert [(f.verdict, f.quote) for f in shown.lines[0].findings] == [
        ("differ", "mayor"),
        ("found", "Everyone knows why"),
    ]


@pytest.mark.parametrize(
    "answers", [key(Everyone="foil"), mark_spans.Key(spans=())], ids=["praised", "plain"]
)
def test_overlay_has_a_reason_of_its_own_for_a_mark_that_was_fine(answers):
    shown = reading.overlay(prompt(), judged(answers, response("board")))
    assert [(f.verdict, f.quote, f.rationale) for f in shown.lines[1].findings] == [
        ("fine", "board", "Nothing to find in these words: they are fine as written.")
    ]


@pytest.mark.parametrize(
    ("answers", "given", "praise"),
    [
        (key(), response(nothing_to_mark=True), "All of it is on record."),
        (key(mayor="foil"), response("board"), ""),
        (key(), response(), ""),
        (key(mayor="required"), response(nothing_to_mark=True), ""),
    ],
    ids=["nothing, said", "nothing, marked", "nothing, left open", "something"],
)
def test_overlay_praises_only_where_nothing_was_to_be_marked(answers, given, praise):
    assert reading.overlay(prompt(), judged(answers, given)).praise == praise


def test_overlay_shows_each_reason_once_where_a_finding_goes_over_a_line_break():
    answers = mark_spans.Key(
        spans=(mark_spans.KeySpan(ref="it", kind="required", rationale="R.", **place("why.\nThe board")),)
    )
    shown = reading.overlay(prompt(), judged(answers, response("why")))
    assert [[(f.verdict, f.quote) for f in line.findings] for line in shown.lines] == [
        [("found", "why")],
        [("missed", "The board")],
    ]
