"""Small screens, 400 % zoom and a reader's own spacing: nothing is cut off and nothing moves by itself."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.everywhere import READER, STRANGER
from tests.browser.pupils import start

pytestmark = pytest.mark.browser

SIZES = [(360, 740), (320, 640), (320, 256)]  # the last is 1280 by 1024 at 400 %
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
    " p { margin-block-end: 2em !important; }"
)
#: Boxes that hide part of their text.
CUT = """() => [...document.querySelectorAll("body *")].flatMap((one) => {
  const style = getComputedStyle(one);
  const clips = [style.overflowX, style.overflowY].some((way) => way === "hidden" || way === "clip");
  const over = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
  const heardOnly = one.closest(".hush") || style.clipPath === "inset(50%)"; // not to be seen at all
  return clips && over && one.textContent.trim() && !heardOnly ? [one.outerHTML.slice(0, 120)] : [];
})"""
WIDTH = "document.documentElement.scrollWidth"


@pytest.mark.parametrize("name", STRANGER + READER)
def test_nothing_is_cut_off_or_needs_to_be_scrolled_sideways(open_kind, name):
    page = open_kind(name)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(WIDTH) <= width
        assert page.evaluate(CUT) == []
    page.add_style_tag(content=SPACING)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDTH) <= width, "with the reader's spacing"
        assert page.evaluate(CUT) == [], "with the reader's spacing"


def test_at_400_percent_the_bar_leaves_room_for_the_text(pupil, site):
    page = pupil(viewport={"width": 320, "height": 256})
    start(page, site, "closing-quiz", 3)
    bar = page.locator(".bar").bounding_box()
    assert bar is not None
    assert bar["height"] <= 256 / 3


BOXES = """() => [...document.querySelectorAll("#passage .w, #passage, .bar, .acts, aside, .steps li")]
  .flatMap((one) => [...one.getClientRects()].map(({ x, y, width, height }) => [x, y, width, height]))"""
#: The sum of what moved. A space that the browser drops at the end of a line ends up without a box: not seen.
SHIFTS = """new PerformanceObserver((list) => {
  for (const { sources, value } of list.getEntries()) {
    const seen = sources.some(({ currentRect }) => currentRect.width && currentRect.height);
    if (seen) globalThis.shifted = (globalThis.shifted ?? 0) + value;
  }
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["words-asked", "sentences-asked"])
def test_nothing_moves_when_the_script_takes_over(visit, everywhere, name, width):
    plain = visit(
        forgive=("Failed to load resource",), viewport={"width": width, "height": 900}, **everywhere.of(name)
    )
    plain.route("**/*.js", lambda route: route.abort())
    scripted = visit(viewport={"width": width, "height": 900}, **everywhere.of(name))
    scripted.add_init_script(SHIFTS)
    boxes = [_boxes(page, everywhere.paths[name]) for page in (plain, scripted)]
    expect(scripted.locator("#mode")).to_be_visible()
    assert boxes[0] == boxes[1]
    assert scripted.evaluate("globalThis.shifted ?? 0") == 0


def _boxes(page: Page, path: str) -> list[list[float]]:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page.evaluate(BOXES)
