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


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(tab, shown, name):
    page = shown(tab, name)
    if "judged" in name:  # verdicts that no page of the running site may show: in every view
        assert violations_everywhere(page) == {}
    else:
        assert violations(page) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_page_scrolls_sideways(tab, shown, name):
    page = shown(tab, name)
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", NAMES)
def test_no_page_needs_more_than_the_policy_allows(name):
    html = rendered()[name]
    assert re.findall(r"""\sstyle=|\son\w+=["']|<style|javascript:""", html) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert re.findall(r"""(?:src|href)=["']https?:""", html) == []


@pytest.mark.parametrize("name", ["mark", "mark-sentences"])
def test_reading_and_marking_stand_in_the_same_place(tab, shown, name):
    page = shown(tab, name)
    boxes = "() => [...document.querySelectorAll('#passage .w')].map((one) => JSON.stringify(one.getClientRects()))"
    marking_boxes = page.evaluate(boxes)
    page.locator("#mode").click()
    assert page.evaluate(boxes) == marking_boxes


def test_rows_of_words_are_tall_enough_for_a_finger(tab, shown):
    page = shown(tab, "mark-empty")
    tops = page.evaluate(
        "() => [...new Set([...document.querySelectorAll('#passage p:first-child .w')]"
        ".map((one) => Math.round(one.getClientRects()[0].top)))]"
    )
    assert all(after - before >= 32 for before, after in pairwise(tops))


def test_forced_colours_keep_underline_and_letter(chromium, server, shown):
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    server.serve(page)
    shown(page, "mark")
    mark = page.locator("#passage .w.at").first
    line, letter = mark.evaluate(
        "(one) => [getComputedStyle(one).textDecorationLine, getComputedStyle(one, '::before').content]"
    )
    assert line == "underline"
    assert letter.startswith('"J"')
    context.close()


def test_the_scripts_of_an_item_page_fit_in_thirty_kilobytes():
    files = [f"quizzes/{name}.js" for name in ("outbox", "item", "marking", "marks")]
    assert sum(len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in files) <= 30_000
