"""What the templates of question types are given."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template

from quizzes import wording
from quizzes.feedback import Feedback
from quizzes.overlay import Own
from quizzes.templatetags import reading
from quizzes.types import mark_spans
from quizzes.types.base import Finding, Option, Outcome, Passage

pytestmark = pytest.mark.pure

SKILL = "attribution"
OTHER = "certainty"
TEXT = "The mayor came. Everyone knows why.\nThe board voted."
PASSAGE = Passage.of(TEXT)


def prompt(granularity="words"):
    return mark_spans.Prompt(task="Mark.", skills=(SKILL,), granularity=granularity, passage=PASSAGE)


def two_skills():
    return mark_spans.Prompt(task="Mark.", skills=(SKILL, OTHER), granularity="words", passage=PASSAGE)


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


def unit_texts(lines):
    """Sentences in brackets, units with their index, marked ones with the skills."""

    def drawn(group):
        text = "".join(
            f"{s.index}{s.text}{'*' * len(s.skills)}" if s.index is not None else s.text
            for s in group.segments
        )
        return text if group.sentence is None else f"[{text}]"

    return ["".join(drawn(group) for group in line) for line in lines]


def test_unit_lines_are_words_to_tap():
    assert unit_texts(reading.unit_lines(prompt(), response("mayor came", "board"))) == [
        "[0The 1mayor* 2came*.] [3Everyone 4knows 5why.]",
        "[6The 7board* 8voted.]",
    ]


def test_unit_lines_are_sentences_to_tap():
    assert unit_texts(reading.unit_lines(prompt("sentences"), response("knows"))) == [
        "[0The mayor came.] [1Everyone knows why.*]",
        "[2The board voted.]",
    ]


def test_unit_lines_say_for_which_skills_a_unit_is_marked():
    marks = tuple(
        mark_spans.Mark(**{**place(quote), "skill": skill})
        for quote, skill in [("mayor", OTHER), ("mayor", SKILL), ("mayor came", SKILL), ("board", OTHER)]
    )
    [first, second] = reading.unit_lines(two_skills(), mark_spans.Response(marks=marks))
    skills = {s.text: s.skills for group in [*first, *second] for s in group.segments if s.skills}
    assert skills == {"mayor": (SKILL, OTHER), "came": (SKILL,), "board": (OTHER,)}


def test_marks_are_listed_in_text_order():
    given = response("board", "mayor")
    assert [mark.start for mark in reading.in_text_order(given)] == [4, 40]


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
def test_own_spans_are_whole_units(granularity, quotes, spans):
    own = prompt(granularity).own_spans(response(*quotes))
    assert [(TEXT[start:end], skill) for (start, end), skill in own] == [(words, SKILL) for words in spans]


def test_overlay_lays_findings_and_reasons_line_by_line():
    answers = key(Everyone_knows_why="required", mayor="foil", board_voted="required")
    shown = reading.overlay(prompt(), judged(answers, response("mayor", "Everyone knows")))
    assert [
        [(p.text, [(o.number, o.mine) for o in p.opens]) for p in line.pieces] for line in shown.lines
    ] == [
        [
            ("The ", []),
            ("mayor", [(1, True)]),
            (" came. ", []),
            ("Everyone knows", [(2, True)]),
            (" why", [(2, False)]),
            (".", []),
        ],
        [("The ", []), ("board voted", [(3, False)]), (".", [])],
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


def test_overlay_shows_findings_of_two_skills_on_the_same_words_each_with_its_reason():
    spans = [("Everyone knows why", SKILL), ("knows", OTHER), ("knows", SKILL), ("why", OTHER)]
    answers = mark_spans.Key(
        spans=tuple(
            mark_spans.KeySpan(
                **{**place(quote), "skill": skill}, ref=f"r{n}", kind="required", rationale=f"Because {n}."
            )
            for n, (quote, skill) in enumerate(spans)
        )
    )
    given = mark_spans.Response(marks=(mark_spans.Mark(**{**place("knows"), "skill": OTHER}),))
    outcome = mark_spans.MARK_SPANS.grade(two_skills(), answers, given)
    shown = reading.overlay(two_skills(), Feedback(outcome, answers, given, ""))
    refs = [part.number for line in shown.lines for piece in line.pieces for part in piece.refs]
    assert refs == [2, 1, 3]
    reasons = shown.lines[0].findings
    assert [(f.number, f.verdict, f.skill, f.rationale, f.quote, f.of, f.follows) for f in reasons] == [
        (1, "missed", SKILL, "Because 0.", "Everyone knows why", "key", False),
        (1, "missed", SKILL, "Because 2.", "Everyone knows why", "key", True),  # it has no place of its own
        (2, "found", OTHER, "Because 1.", "knows", "mine key", False),
        (3, "missed", OTHER, "Because 3.", "why", "key", False),
    ]
    assert (shown.skills, shown.count) == ((SKILL, OTHER), 3)


def test_overlay_gives_the_reason_of_a_finding_that_has_no_place_at_all():
    answers = key(mayor="required")
    finding = Finding(code="missed", ref="span-1")
    outcome = Outcome(fraction=0, answered=True, findings=(finding, Finding(code="left_alone", ref="span-1")))
    shown = reading.overlay(prompt(), Feedback(outcome, answers, response(), ""))
    [reason] = shown.lines[0].findings
    assert (reason.number, reason.rationale, reason.quote) == (0, "Because 1.", "")
    assert [alone.rationale for alone in shown.left_alone] == ["Because 1."]


def test_overlay_asks_a_type_only_for_its_passage_and_what_was_answered():
    """As another type has it: offered spans with refs, chosen by ref; key spans without positions."""
    prompt = SimpleNamespace(passage=PASSAGE, own_spans=lambda response: [Own(response)])
    span = SimpleNamespace(ref="b", kind="foil", rationale="R.", instead="", minority="")
    outcome = Outcome(
        fraction=0, answered=True, findings=(Finding(code="fine", ref="b", spans=((4, 9),), response="b"),)
    )
    shown = reading.overlay(prompt, Feedback(outcome, SimpleNamespace(spans=[span]), (4, 9), ""))
    [reason] = shown.lines[0].findings
    assert (reason.quote, reason.rationale, reason.of) == ("mayor", "R.", "mine")
    assert [part.mine for piece in shown.lines[0].pieces for part in piece.opens] == [True]
