"""Every page in every state: what the accessibility rules, the CSP and small screens ask of all."""

import gzip
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page

from tests.browser.axe import violations, violations_everywhere
from tests.browser.marks.pages import ORIGIN, TEXT, Server, everything

pytestmark = pytest.mark.browser

NAMES = [
    *("mark", "mark-empty", "mark-sentences", "mark-nothing", "mark-judged", "mark-judged-open"),
    *("mark-two-words", "mark-two-sentences", "mark-many", "mark-two-judged", "mark-rtl"),
    *("single", "single-judged", "multiple", "multiple-judged-0", "multiple-judged-1", "multiple-judged-2"),
    *("classify", "classify-judged-0", "classify-judged-1", "classify-judged-2", "classify-judged-3"),
    *("not-due", "quiz", "quiz-again", "review", "review-all", "result"),
    *("400", "403", "403_csrf", "404", "429", "500"),
]
LAST_SENTENCE = TEXT.splitlines()[-1]


@cache
def rendered() -> dict[str, str]:
    return dict(everything())


@pytest.fixture
def shown(server: Server):
    def opened(page: Page, name: str) -> Page:
        server.pages["/shown/"] = rendered()[name]
        page.goto(f"{ORIGIN}/shown/")
        return page

    return opened


#: Pages that differ from another one only in words.
ALIKE = {
    *("mark-empty", "mark-nothing", "multiple-judged-1", "multiple-judged-2", "quiz-again", "review-all"),
    *("classify-judged-2", "classify-judged-3", "400", "403", "429"),
}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ALIKE])
def test_axe_finds_nothing(tab, shown, name):
    page = shown(tab, name)
    if "judged" in name:  # verdicts that no page of the running site may show: in every view
        assert violations_everywhere(page) == {}
        return
    if page.locator("#passage .s").count():
        page.locator("#passage .s").last.evaluate("(one) => one.click()")  # open, so that words are options
    assert violations(page) == []


def test_no_page_scrolls_sideways(tab, shown):
    for name in NAMES:
        page = shown(tab, name)
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def test_no_page_needs_more_than_the_policy_allows():
    assert set(NAMES) <= set(rendered())
    for name, html in rendered().items():
        assert re.findall(r"""\sstyle=|\son\w+=["']|<style|javascript:""", html) == [], name
        assert re.findall(r"<script(?![^>]*\ssrc=)", html) == [], name
        assert re.findall(r"""(?:src|href)=["']https?:""", html) == [], name


PLACES = """() => [...document.querySelectorAll("#passage .w")].map((one) =>
    [...one.getClientRects()].filter(({ width }) => width).map(({ left, width }) => [left, width]))"""


def test_nothing_moves_between_reading_marking_and_no_script(tab, chromium, server, shown):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    plain = context.new_page()
    server.serve(plain)
    for name in ("mark", "mark-sentences", "mark-two-words", "mark-rtl"):
        page = shown(tab, name)
        places = page.evaluate(PLACES)
        page.locator("#mode").click()
        assert page.evaluate(PLACES) == places, name
        plain.goto(f"{ORIGIN}/shown/")
        words = plain.locator("#passage .w")
        lefts = [words.nth(at).bounding_box()["x"] for at in (0, words.count() - 1)]
        assert lefts == [pytest.approx(min(r[0] for r in places[at]), abs=0.1) for at in (0, -1)], name
    context.close()


@pytest.mark.parametrize(("name", "rows"), [("mark", 1), ("mark-two-words", 1), ("mark-many", 2)])
def test_the_bar_of_a_phone_is_one_row_up_to_two_skills(tab, shown, name, rows):
    page = shown(tab, name)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#saved").evaluate(
        "(one) => { one.className = 'saved is-saved'; one.textContent = 'Saved'; }"
    )
    bar = page.locator(".bar").bounding_box()
    assert bar is not None
    assert bar["height"] <= 62 * rows
    small = page.locator(".bar :is(button, label)").evaluate_all(
        "(all) => all.filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < 44).map((one) => one.textContent)"
    )
    assert small == []


def test_rows_of_words_are_tall_enough_for_a_finger(tab, shown):
    page = shown(tab, "mark-empty")
    tops = page.evaluate(
        "() => [...new Set([...document.querySelectorAll('#passage p:first-child .w')]"
        ".map((one) => Math.round(one.getClientRects()[0].top)))]"
    )
    assert all(after - before >= 32 for before, after in pairwise(tops))


def test_forced_colours_keep_underlines_and_letters(chromium, server, shown):
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    server.serve(page)
    shown(page, "mark-two-words")
    kept = page.locator("#passage .m.at").evaluate_all(
        "(all) => all.map((one) => [getComputedStyle(one).textDecorationLine,"
        " getComputedStyle(one).textDecorationStyle, getComputedStyle(one, '::before').content[1]])"
    )
    assert kept[:2] == [["underline", "dashed", "J"], ["underline", "dotted", "S"]]
    context.close()


def test_the_scripts_of_an_item_page_fit_in_thirty_kilobytes():
    quizzes = [f"quizzes/{name}.js" for name in ("outbox", "item", "feedback")]
    files = [*quizzes, *(f"articles/{name}.js" for name in ("marking", "passage"))]
    assert sum(len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in files) <= 30_000
