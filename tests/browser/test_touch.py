"""A phone: a tap marks, a swipe scrolls and marks nothing, and fingers find their targets."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pupils import saved, start

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
#: Controls that stand alone and are smaller than `least` CSS pixels either way, as a finger meets them.
SMALL = """([selector, least]) => [...document.querySelectorAll(selector)].flatMap((one) => {
  const target = one.matches("input") ? one.closest("label") ?? one : one;
  const { width, height } = target.getBoundingClientRect();
  const shown = width > 1 && height > 1 && getComputedStyle(target).visibility === "visible";
  return shown && (width < least || height < least) ? [`${target.textContent.trim()} ${width}x${height}`] : [];
})"""


def swipe_up(page: Page, x: float, y: float, by: int) -> None:
    """One finger, from (x, y) upwards by `by` pixels."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *at: dict[str, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(at)})

    touch("touchStart", {"x": x, "y": y})
    for moved in range(20, by + 1, 20):
        touch("touchMove", {"x": x, "y": y - moved})
    touch("touchEnd")


def test_a_tap_marks_and_a_second_one_takes_the_mark_off(pupil, site):
    page = pupil(**PHONE)
    attempt = start(page, site, "closing-quiz", 3)
    page.locator("#passage .w").nth(4).tap()
    saved(page)
    expect(page.locator("#count")).to_have_text("1 mark")
    assert len(site.saved(attempt, 3)[-1][1]["marks"]) == 1
    page.locator("#passage .w").nth(4).tap()
    expect(page.locator("#count")).to_have_text("0 marks")


def test_a_vertical_swipe_over_the_words_scrolls_and_marks_nothing(pupil, site):
    page = pupil(**PHONE)
    start(page, site, "closing-quiz", 3)
    box = page.locator("#passage .w").nth(4).bounding_box()
    assert box is not None
    swipe_up(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 300)
    page.wait_for_function("() => scrollY >= 200")
    expect(page.locator("#count")).to_have_text("0 marks")
    expect(page.locator("#saved")).to_have_text("")


@pytest.mark.parametrize("position", [1, 2, 3, 5, 6])
def test_targets_are_large_enough_for_a_finger(pupil, site, position):
    page = pupil(**PHONE)
    start(page, site, "closing-quiz", position)
    if page.locator("#passage").count():
        page.locator("#passage .w").nth(1).tap()
    controls = "main :is(a.btn, button, summary, input[type=radio], input[type=checkbox]), nav a, nav button, .steps a"
    assert page.evaluate(SMALL, [controls, 24]) == []
    assert page.evaluate(SMALL, [".bar :is(button, a, input), .acts :is(.btn, button)", 44]) == []


def test_words_are_far_enough_apart_for_a_finger(pupil, site):
    """A word of one letter is narrower than a finger: its place in the row is 24 pixels high and clear."""
    page = pupil(**PHONE)
    start(page, site, "closing-quiz", 3)
    tops = page.evaluate(
        "() => [...new Set([...document.querySelectorAll('#passage p:first-child .w')]"
        ".map((one) => Math.round(one.getClientRects()[0].top)))]"
    )
    assert min(after - before for before, after in pairwise(tops)) >= 32
