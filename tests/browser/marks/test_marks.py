"""The pure state and functions of passage.js, run in the browser."""

from typing import Any

import pytest
from django.template.defaultfilters import truncatewords
from playwright.sync_api import Page

from tests.browser.marks.pages import ORIGIN, Server

pytestmark = pytest.mark.browser

# Two lines: "The stunt, he said. It failed." and "Nobody spoke."
UNITS = [
    {"text": text, "after": after, "line": line, "sentence": sentence}
    for text, after, line, sentence in [
        ("The", " ", 0, 0),
        ("stunt", ", ", 0, 0),
        ("he", " ", 0, 0),
        ("said", ". ", 0, 0),
        ("It", " ", 0, 1),
        ("failed", ".", 0, 1),
        ("Nobody", " ", 1, 2),
        ("spoke", ".", 1, 2),
    ]
]


@pytest.fixture
def run(tab: Page, server: Server) -> Any:
    """Run a script with the module as `m`, the units, and what else is given."""
    tab.goto(f"{ORIGIN}/")

    def ran(script: str, *given: Any) -> Any:
        return tab.evaluate(
            f"""async ([units, ...given]) => {{
                const m = await import("/static/articles/passage.js");
                {script}
            }}""",
            [UNITS, *given],
        )

    return ran


@pytest.fixture
def call(run: Any) -> Any:
    return lambda name, *arguments: run(f"return m.{name}(...given);", *arguments)


def test_neighbours_are_one_mark_on_one_line(run):
    script = """return given.map((marked) => {
        const marks = new m.Marks(units, 1, { marked: marked.map((at) => [0, at]) });
        return [marks.count, marks.runs(0)];
    });"""
    assert run(script, [], [3], [2, 0, 1], [0, 2], [3, 4], [5, 6], [0, 2, 1, 7, 6]) == [
        [0, []],
        [1, [[3, 3]]],
        [1, [[0, 2]]],
        [2, [[0, 0], [2, 2]]],
        [1, [[3, 4]]],  # across sentences
        [2, [[5, 5], [6, 6]]],  # not across lines
        [2, [[0, 2], [6, 7]]],
    ]


def test_a_part_of_the_text_is_looked_at_alone(run):
    script = """const marks = new m.Marks(units, 2, { marked: [[0, 0], [0, 1], [1, 1], [0, 5]] });
        return [marks.run(0, 1), marks.run(0, 2), marks.runs(0, 1, 4), marks.skillsAt(1), marks.positions(0)];"""
    assert run(script) == [[0, 1], None, [[0, 1]], [0, 1], [0, 1, 5]]


def test_toggle_takes_off_only_what_was_wholly_marked(run):
    script = """return given.map(([before, positions]) => {
        const marks = new m.Marks(units, 1, { marked: before.map((at) => [0, at]) });
        const change = marks.toggle(positions);
        return [marks.positions(0), change.flips.map(([, at]) => at), marks.count];
    });"""
    assert run(
        script, [[], [1]], [[1], [1]], [[1], [0, 1, 2]], [[0, 1, 2, 5], [0, 1, 2]], [[0, 1, 2], [1]]
    ) == [
        [[1], [1], 1],
        [[], [1], 0],
        [[0, 1, 2], [0, 2], 1],
        [[5], [0, 1, 2], 1],
        [[0, 2], [1], 2],  # one mark parted in two
    ]


def test_skills_never_interact_but_for_nothing_to_mark(run):
    script = """const marks = new m.Marks(units, 2);
        const seen = [];
        const note = () => seen.push([marks.positions(0), marks.positions(1), marks.nothing, marks.count]);
        marks.toggle([1, 2]); marks.skill = 1; marks.toggle([2]); note();
        marks.remove(0, [1, 2]); note();
        marks.setNothing(true); note();
        marks.toggle([3]); note();
        marks.setNothing(true); marks.setNothing(false); note();
        return [seen, marks.remove(0, [1]), marks.setNothing(false)];"""
    assert run(script) == [
        [
            [[1, 2], [2], False, 2],
            [[], [2], False, 1],
            [[], [], True, 0],
            [[], [3], False, 1],
            [[], [], False, 0],
        ],
        None,
        None,
    ]


def test_undo_goes_back_through_every_act_and_redo_on_again(run):
    """Whatever is done: each undo gives the state before, each redo the state after."""
    script = """let seed = 7;
        const random = (n) => (seed = (seed * 16807) % 2147483647) % n;
        const marks = new m.Marks(units, 3, { marked: [[0, 1], [2, 6]] });
        const sets = () => [0, 1, 2].map((skill) => marks.positions(skill));
        const state = () => JSON.stringify([sets(), marks.nothing, marks.count]);
        const states = [state()];
        const faults = [];
        for (let act = 0; act < 60; act += 1) {
            marks.skill = random(3);
            const positions = m.between(random(8), random(8));
            const acts = [
                () => marks.toggle(positions),
                () => marks.remove(marks.skill, positions),
                () => marks.setNothing(random(2) > 0),
            ];
            if (acts[random(3)]()) states.push(state());
        }
        for (let at = states.length - 2; at >= 0; at -= 1) {
            marks.undo();
            if (state() !== states[at]) faults.push(at);
        }
        const first = [marks.undo(), marks.canUndo, marks.canRedo];
        for (let at = 1; at < states.length; at += 1) {
            marks.redo();
            if (state() !== states[at]) faults.push(-at);
        }
        return [faults, first, [marks.redo(), marks.canUndo, marks.canRedo], states.length > 20];"""
    assert run(script) == [[], [None, False, True], [None, True, False], True]


def test_history_is_bounded_and_a_new_act_ends_what_could_be_redone(run):
    script = """const marks = new m.Marks(units, 1);
        for (let act = 0; act < 300; act += 1) marks.toggle([act % 8]);
        let steps = 0;
        while (marks.undo()) steps += 1;
        marks.redo(); marks.undo(); marks.toggle([5]);
        return [steps, marks.canRedo];"""
    assert run(script) == [200, False]


def test_blocks_are_what_a_change_touched(run):
    assert run("return m.blocks({ flips: [[1, 4], [0, 2], [0, 1], [1, 6], [1, 5]] });") == [
        [0, 1, 2],
        [1, 4, 6],
    ]


def test_between_counts_both_ends_in_either_direction(run):
    assert run("return [m.between(2, 4), m.between(4, 2), m.between(3, 3)];") == [[2, 3, 4], [2, 3, 4], [3]]


def test_quote_keeps_the_punctuation_inside_and_drops_what_follows(run):
    assert run("return m.quote([1, 3], units);") == "stunt, he said"


def test_brief_cuts_as_the_server_does(run):
    texts = ["one", "one two three", "one, two; three four", "a\u00a0b c d e"]
    assert run("return given.map((text) => m.brief(text, 3));", *texts) == [
        truncatewords(text, 3) for text in texts
    ]


MOVES: list[tuple[int, str, dict[str, bool], int | None]] = [
    (1, "ArrowRight", {}, 2),
    (1, "ArrowLeft", {}, 0),
    (1, "ArrowRight", {"rtl": True}, 0),
    (1, "ArrowLeft", {"rtl": True}, 2),
    (0, "ArrowLeft", {}, 0),
    (7, "ArrowRight", {}, 7),
    (5, "ArrowRight", {}, 6),  # on into the next line
    (1, "ArrowDown", {}, 4),
    (7, "ArrowDown", {}, 7),
    (5, "ArrowUp", {}, 4),  # this sentence's beginning first
    (4, "ArrowUp", {}, 0),
    (0, "ArrowUp", {}, 0),
    (2, "Home", {}, 0),
    (4, "End", {}, 5),
    (5, "Home", {"ctrl": True}, 0),
    (1, "End", {"ctrl": True}, 7),
    (1, "a", {}, None),
]
WALKS: list[tuple[int, str, dict[str, bool], list[Any] | None]] = [
    (0, "ArrowDown", {}, [4, False]),
    (6, "ArrowDown", {}, [6, False]),
    (6, "ArrowUp", {}, [4, False]),
    (7, "ArrowUp", {}, [4, False]),  # the stop was left on a word
    (0, "ArrowUp", {}, [0, False]),
    (4, "Enter", {}, [4, True]),
    (4, " ", {}, [4, True]),
    (4, "ArrowRight", {}, [4, True]),
    (4, "ArrowLeft", {}, [3, True]),
    (4, "ArrowLeft", {"rtl": True}, [4, True]),
    (4, "ArrowRight", {"rtl": True}, [3, True]),
    (0, "ArrowLeft", {}, [0, False]),
    (4, "Home", {}, [4, True]),
    (4, "End", {}, [5, True]),
    (4, "Home", {"ctrl": True}, [0, False]),
    (0, "End", {"ctrl": True}, [6, False]),
    (4, "Delete", {}, None),
]


@pytest.mark.parametrize(("name", "cases"), [("moved", MOVES), ("walked", WALKS)])
def test_keys_lead_where_they_should(run, name, cases):
    script = f"return given.map(([at, key, options]) => m.{name}(units, at, key, options));"
    reached = run(script, *[case[:3] for case in cases])
    assert list(zip(cases, reached, strict=True)) == [(case, case[3]) for case in cases]


def test_fill_leaves_names_without_a_value(call):
    values = {"text": "a {skill}", "skill": "S"}
    assert call("fill", "“{text}”, {skill}. {marks}", values) == "“a {skill}”, S. {marks}"


def test_counted_takes_the_plural_form_of_the_language(run):
    words = {"marksOne": "{n} one", "marksFew": "{n} few", "marksMany": "{n} many", "marksOther": "{n} other"}
    script = "return given.map(([words, n, language]) => m.counted(words, 'marks', n, language));"
    cases = [(words, 0, "en"), (words, 1, "en"), (words, 2, "en"), ({"marksOther": "{n} other"}, 1, "en")]
    russian = [(words, n, "ru") for n in (1, 2, 5, 21)]
    assert run(script, *cases, *russian) == [
        *("0 other", "1 one", "2 other", "1 other"),
        *("1 one", "2 few", "5 many", "21 one"),
    ]
