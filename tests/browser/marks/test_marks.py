"""The pure functions of marks.js, run in the browser."""

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
def call(tab: Page, server: Server) -> Any:
    """Call an exported function by name; sets go in as lists and come out sorted."""
    tab.goto(f"{ORIGIN}/")

    def called(name: str, *arguments: Any) -> Any:
        return tab.evaluate(
            """async ([name, given]) => {
                const module = await import("/static/quizzes/marks.js");
                const sets = { runs: [0], runAt: [0], toggled: [0], without: [0] }[name] ?? [];
                const result = module[name](...given.map((one, at) => (sets.includes(at) ? new Set(one) : one)));
                return result instanceof Set ? [...result].sort((a, b) => a - b) : result;
            }""",
            [name, list(arguments)],
        )

    return called


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([3], [[3, 3]], id="one word"),
        pytest.param([2, 0, 1], [[0, 2]], id="neighbours, in any order"),
        pytest.param([0, 2], [[0, 0], [2, 2]], id="a word between"),
        pytest.param([3, 4], [[3, 4]], id="across sentences of a line"),
        pytest.param([5, 6], [[5, 5], [6, 6]], id="not across lines"),
    ],
)
def test_runs_join_what_touches_on_one_line(call, marked, expected):
    assert call("runs", marked, UNITS) == expected


@pytest.mark.parametrize(("at", "expected"), [(0, [0, 1]), (1, [0, 1]), (2, None), (5, [5, 5])])
def test_run_at_is_the_mark_that_holds_the_position(call, at, expected):
    assert call("runAt", [0, 1, 5], UNITS, at) == expected


@pytest.mark.parametrize(("one", "other", "expected"), [(2, 4, [2, 3, 4]), (4, 2, [2, 3, 4]), (3, 3, [3])])
def test_between_counts_both_ends_in_either_direction(call, one, other, expected):
    assert call("between", one, other) == expected


@pytest.mark.parametrize(
    ("marked", "positions", "expected"),
    [
        pytest.param([], [1], [1], id="mark one"),
        pytest.param([1], [1], [], id="take one off"),
        pytest.param([1], [0, 1, 2], [0, 1, 2], id="partly marked: mark all"),
        pytest.param([0, 1, 2, 5], [0, 1, 2], [5], id="all marked: take all off, leave the rest"),
    ],
)
def test_toggled_takes_off_only_what_was_wholly_marked(call, marked, positions, expected):
    assert call("toggled", marked, positions) == expected


def test_without_leaves_the_rest(call):
    assert call("without", [0, 1, 5], [1, 2]) == [0, 5]


def test_quote_keeps_the_punctuation_inside_and_drops_what_follows(call):
    assert call("quote", [1, 3], UNITS) == "stunt, he said"


@pytest.mark.parametrize("text", ["one", "one two three", "one, two; three four", "a\u00a0b c d e"])
def test_brief_cuts_as_the_server_does(call, text):
    assert call("brief", text, 3) == truncatewords(text, 3)


@pytest.mark.parametrize(
    ("at", "key", "options", "expected"),
    [
        pytest.param(1, "ArrowRight", {}, 2, id="next word"),
        pytest.param(1, "ArrowLeft", {}, 0, id="word before"),
        pytest.param(1, "ArrowRight", {"rtl": True}, 0, id="right is back in right-to-left text"),
        pytest.param(1, "ArrowLeft", {"rtl": True}, 2, id="left is on in right-to-left text"),
        pytest.param(0, "ArrowLeft", {}, 0, id="stays at the beginning"),
        pytest.param(7, "ArrowRight", {}, 7, id="stays at the end"),
        pytest.param(5, "ArrowRight", {}, 6, id="on into the next line"),
        pytest.param(1, "ArrowDown", {}, 4, id="next sentence"),
        pytest.param(7, "ArrowDown", {}, 7, id="no sentence after"),
        pytest.param(5, "ArrowUp", {}, 4, id="up: this sentence's beginning first"),
        pytest.param(4, "ArrowUp", {}, 0, id="then the sentence before"),
        pytest.param(0, "ArrowUp", {}, 0, id="no sentence before"),
        pytest.param(2, "Home", {}, 0, id="sentence's first word"),
        pytest.param(4, "End", {}, 5, id="sentence's last word"),
        pytest.param(5, "Home", {"ctrl": True}, 0, id="text's first word"),
        pytest.param(1, "End", {"ctrl": True}, 7, id="text's last word"),
        pytest.param(1, "a", {}, None, id="no such key"),
    ],
)
def test_moved_follows_the_keys(call, at, key, options, expected):
    assert call("moved", UNITS, at, key, options) == expected


def test_fill_leaves_names_without_a_value(call):
    assert (
        call("fill", "“{text}”, {skill}. {marks}", {"text": "a {skill}", "skill": "S"})
        == "“a {skill}”, S. {marks}"
    )


@pytest.mark.parametrize(("n", "expected"), [(0, "0 marks"), (1, "1 mark"), (2, "2 marks")])
def test_counted_in_english(call, n, expected):
    assert call("counted", {"marksOne": "1 mark", "marksOther": "{n} marks"}, "marks", n, "en") == expected


@pytest.mark.parametrize(("n", "expected"), [(1, "1 one"), (2, "2 few"), (5, "5 many"), (21, "21 one")])
def test_counted_takes_the_plural_form_of_the_language(call, n, expected):
    words = {"marksOne": "{n} one", "marksFew": "{n} few", "marksMany": "{n} many", "marksOther": "{n} other"}
    assert call("counted", words, "marks", n, "ru") == expected


def test_counted_falls_back_to_other(call):
    assert call("counted", {"marksOther": "{n} marks"}, "marks", 1, "en") == "1 marks"
