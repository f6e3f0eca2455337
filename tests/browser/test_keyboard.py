"""Everything by keyboard: marking, choosing, sorting, checking, handing in; and the focus can be seen."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pupils import marking, saved, start, to_find, units

pytestmark = pytest.mark.browser

MOST_STOPS = 60
#: Whether the focused element has a visible ring, and how much of it other boxes cover.
FOCUS = """() => {
  const one = document.activeElement;
  const ring = [one, ...one.parentElement ? [one.parentElement] : []].some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const boxes = [...one.getClientRects()].filter((box) => box.width && box.height);
  const seen = boxes.some((box) => {
    const at = document.elementFromPoint(box.x + Math.min(box.width / 2, 8), box.y + box.height / 2);
    return at && (one.contains(at) || at.contains(one));
  });
  return { name: one.textContent.trim().slice(0, 40) || one.name || one.tagName, ring, seen };
}"""


def tab_to(page: Page, reached: str) -> None:
    """Press Tab until the focused element matches a selector; each stop on the way must be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["ring"], f"no ring round {focus['name']}"
        assert focus["seen"], f"{focus['name']} is hidden under something"
        if page.evaluate("(reached) => document.activeElement.matches(reached)", reached):
            return
    raise AssertionError(f"Tab never reached {reached}")


@pytest.mark.parametrize("size", [(1280, 900), (390, 600)], ids=["desktop", "phone"])
def test_marking_and_checking_by_keyboard_alone(pupil, site, size):
    page = pupil(viewport={"width": size[0], "height": size[1]})
    position, asked = marking(site, "judge-practice", "words")
    start(page, site, "judge-practice", position)
    tab_to(page, "#passage [role=option]")
    page.keyboard.press("ArrowRight")  # into the first sentence
    wanted = units(asked, {"required"})
    for at in range(len(asked.prompt["passage"]["words"])):
        focus = page.evaluate(FOCUS)
        assert focus["ring"]
        assert focus["seen"], f"“{focus['name']}” is hidden under something"
        if at in wanted:
            page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    saved(page)
    tab_to(page, "button[value=check]")
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_be_focused()
    assert page.locator("#headline").inner_text() == f"You found {to_find(asked)} of {to_find(asked)}."


def test_choosing_and_checking_by_keyboard_alone(pupil, site):
    page = pupil()
    position, asked = site.question("who-practice", "who-editor")
    start(page, site, "who-practice", position)
    tab_to(page, "[name=chosen]")
    page.keyboard.press("Space")  # the first, whichever that is in this attempt
    while page.evaluate("document.activeElement.value") != asked.key["right"][0]:
        page.keyboard.press("ArrowDown")
    saved(page)
    tab_to(page, "button[value=check]")
    page.keyboard.press("Space")
    expect(page.locator("#headline")).to_be_focused()
    assert page.locator("#headline").inner_text() == "That is right."


def test_sorting_and_checking_by_keyboard_alone(pupil, site):
    page = pupil()
    position, asked = site.question("who-practice", "who-sort")
    start(page, site, "who-practice", position)
    accepted = {f"place-{unit['ref']}": unit["accepted"][0] for unit in asked.key["units"]}
    for name in accepted:
        tab_to(page, f"[name='{name}']")
        page.keyboard.press("Space")
        for _ in asked.prompt["categories"]:
            if page.evaluate("document.activeElement.value") != accepted[name]:
                page.keyboard.press("ArrowRight")
        expect(page.locator(f"[name='{name}'][value='{accepted[name]}']")).to_be_checked()
    saved(page)
    tab_to(page, "button[value=check]")
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_be_focused()
    said = f"You placed {len(accepted)} of {len(accepted)} sentences right."
    assert page.locator("#headline").inner_text() == said


def test_handing_in_by_keyboard_alone(pupil, site):
    page = pupil()
    start(page, site, "closing-quiz", 12)
    tab_to(page, "button[value=review]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("12 questions are still open.")
    tab_to(page, "form.acts button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Question by question")).to_be_visible()


def test_the_first_tab_skips_to_the_page(pupil):
    page = pupil()
    page.goto("/lessons/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
