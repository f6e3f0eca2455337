"""Every newer type from question to feedback: by mouse, keyboard alone, touch, and without JavaScript.

One visitor a way goes through one practice quiz that holds the example of each type.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations_everywhere
from tests.browser.conftest import Visit, visitors
from tests.browser.examples import CODE, GRADED, PRACTICE, add_examples
from tests.browser.pupils import join, saved, send, start
from tests.browser.site import Site
from tests.browser.test_keyboard import tab_to
from tests.browser.test_touch import PHONE, SMALL

pytestmark = pytest.mark.browser

RADIOS = {
    "true_false": {"chosen": "false"},
    "match": {"place-visits": "tickets", "place-vote": "minutes", "place-finest": "nothing"},
    "source_table": {"place-part": "caretaker", "place-thursday": "note", "place-week": "nobody"},
}
GAPS = {"gap-said": "announced", "gap-parents": "forty"}
TYPED = {
    "short_answer": "the stallholders",
    "number": "25 %",
    "rewrite": "On 3 May the council paid 2,000 crowns for a bench.",
}
PLACES = {"is": "1", "likely": "2", "may": "3", "could": "4"}
FIRST, SECOND = "The ferry is late.", "The ferry is likely to be late."
HEADLINES = {
    "true_false": "That is right.",
    "hottext": "You found 1 of 1.",
    "match": "You got 3 of 3 right.",
    "source_table": "You got 3 of 3 right.",
    "order": "That is right.",
    "inline_choice": "You got 2 of 2 right.",
    "short_answer": "That is right.",
    "number": "That is right.",
    "rewrite": "Read. Here is a hint, not a grade.",
}
WAYS: dict[str, dict[str, Any]] = {
    "mouse": {"bypass_csp": True},  # axe comes from outside the site
    "keyboard": {},
    "touch": PHONE,
    "no script": {"java_script_enabled": False},
}


class Visitor:
    """Somebody of the examples' class in the middle of a quiz."""

    def __init__(self, page: Page, site: Site, quiz: str) -> None:
        self.page, self.site = page, site
        self.attempt = start(page, site, quiz)
        self.positions = {asked.kind: at for at, asked in enumerate(site.questions(quiz), start=1)}

    def open(self, slug: str) -> Page:
        self.page.goto(f"/attempts/{self.attempt}/{self.positions[slug]}/")
        return self.page

    def kept(self, slug: str) -> dict[str, Any]:
        """The newest response that the server has."""
        return self.site.saved(self.attempt, self.positions[slug])[-1][1]


@pytest.fixture(scope="module")
def examples(site: Site) -> Site:
    add_examples(site)
    return site


@pytest.fixture(scope="module")
def visitor(chromium: Browser, examples: Site) -> Iterator[Callable[..., Visitor]]:
    """The visitor who goes a way through a quiz; the same one for all types."""
    known: dict[tuple[str, str], Visitor] = {}
    with visitors(chromium, examples) as visit:

        def found(way: str, quiz: str = PRACTICE) -> Visitor:
            if (way, quiz) not in known:
                page = visit(**WAYS[way])
                join(page.context, f"{way} {quiz}", CODE)
                known[way, quiz] = Visitor(page, examples, quiz)
            return known[way, quiz]

        yield found


@pytest.fixture
def newcomer(visit: Visit, examples: Site) -> Callable[..., Visitor]:
    """A visitor of one's own."""

    def joined(name: str, quiz: str, **options: Any) -> Visitor:
        page = visit(**options)
        join(page.context, name, CODE)
        return Visitor(page, examples, quiz)

    return joined


def item(page: Page, text: str) -> Any:
    return page.locator(f"#order > li[data-text='{text}']")


def texts(page: Page) -> list[str]:
    return [one.get_attribute("data-text") or "" for one in page.locator("#order > li").all()]


# By mouse


def by_mouse(page: Page, slug: str) -> None:
    for name, value in RADIOS.get(slug, {}).items():
        page.locator(f"[name='{name}'][value='{value}']").check()
    if slug == "hottext":
        page.get_by_text("stubborn", exact=True).click()
    if slug == "inline_choice":
        for name, value in GAPS.items():
            page.locator(f"[name='{name}']").select_option(value)
    if slug == "order":
        drag(page, FIRST, above="The ferry may be late.")
        drag(page, SECOND, above="The ferry may be late.")
        expect(page.locator("#said")).to_have_text(f"“{SECOND}” is now 2 of 4.")
    if slug in TYPED:
        page.locator("#text").fill(TYPED[slug])
    if slug == "rewrite":
        page.get_by_label("I kept every fact.").check()


def drag(page: Page, text: str, *, above: str) -> None:
    handle, goal = item(page, text).locator(".handle").bounding_box(), item(page, above).bounding_box()
    x = handle["x"] + handle["width"] / 2
    page.mouse.move(x, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, goal["y"] + 4, steps=8)
    page.mouse.up()


@pytest.mark.parametrize("slug", HEADLINES)
def test_by_mouse_and_axe_finds_nothing(visitor, slug):
    page = visitor("mouse").open(slug)
    by_mouse(page, slug)
    saved(page)
    assert violations_everywhere(page) == {}
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#headline")).to_have_text(HEADLINES[slug])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert violations_everywhere(page) == {}


# By keyboard alone


def by_keyboard(page: Page, slug: str) -> None:
    for name, value in RADIOS.get(slug, {}).items():
        tab_to(page, f"[name='{name}']")
        page.keyboard.press("Space")
        for _ in range(4):
            if page.evaluate("document.activeElement.value") != value:
                page.keyboard.press("ArrowDown")
        expect(page.locator(f"[name='{name}'][value='{value}']")).to_be_checked()
    if slug == "hottext":
        tab_to(page, "[value=stubborn]")
        page.keyboard.press("Space")
    if slug == "inline_choice":
        tab_to(page, "[name=gap-said]")
        page.keyboard.type("ann")
        tab_to(page, "[name=gap-parents]")
        page.keyboard.type("par")
    if slug == "order":
        tab_to(page, f"li[data-text='{FIRST}'] .btn[data-by='-1']")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.closest('li').dataset.text") == FIRST
        tab_to(page, f"li[data-text='{SECOND}'] .handle")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.closest('li').dataset.text") == SECOND
        expect(page.locator("#said")).to_have_text(f"“{SECOND}” is now 2 of 4.")
    if slug in TYPED:
        tab_to(page, "#text")
        page.keyboard.type(TYPED[slug])
    if slug == "rewrite":
        tab_to(page, "[name=checked]")
        page.keyboard.press("Space")


@pytest.mark.parametrize("slug", HEADLINES)
def test_by_keyboard_alone(visitor, slug):
    page = visitor("keyboard").open(slug)
    by_keyboard(page, slug)
    tab_to(page, "button[value=check]")
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_be_focused()
    assert page.locator("#headline").inner_text() == HEADLINES[slug]


# By touch


def by_touch(page: Page, slug: str) -> None:
    for name, value in RADIOS.get(slug, {}).items():
        page.locator(f"label:has([name='{name}'][value='{value}'])").tap()
    if slug == "hottext":
        page.locator("label.spot", has_text="stubborn").tap()
    if slug == "inline_choice":
        for name, value in GAPS.items():
            page.locator(f"[name='{name}']").select_option(value)
    if slug == "order":
        item(page, FIRST).locator("[data-by='-1'].btn").tap()
        finger_drag(page, SECOND, above="The ferry may be late.")
        assert texts(page)[:2] == [FIRST, SECOND]
    if slug in TYPED:
        page.locator("#text").tap()
        page.locator("#text").fill(TYPED[slug])
    if slug == "rewrite":
        page.locator("label", has_text="I kept every fact.").tap()


def finger_drag(page: Page, text: str, *, above: str) -> None:
    """One finger on an item's handle, to another item's place."""
    item(page, text).scroll_into_view_if_needed()
    handle, goal = item(page, text).locator(".handle").bounding_box(), item(page, above).bounding_box()
    session = page.context.new_cdp_session(page)
    x, y, last = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2, goal["y"] + 4

    def touch(kind: str, *points: dict[str, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 9):
        touch("touchMove", {"x": x, "y": y + (last - y) * step / 8})
    page.wait_for_timeout(200)  # let go at rest: a tap that follows a fling only stops it
    touch("touchMove", {"x": x, "y": last})
    touch("touchEnd")


@pytest.mark.parametrize("slug", HEADLINES)
def test_by_touch_and_fingers_find_their_targets(visitor, slug):
    page = visitor("touch").open(slug)
    by_touch(page, slug)
    saved(page)
    controls = "main :is(a.btn, button, summary, input, select, textarea), .steps a"
    assert page.evaluate(SMALL, [controls, 24]) == []
    large = ".acts :is(.btn, button), .order .btn, .choice, .sources td label, .seg label, .gaps select"
    assert page.evaluate(SMALL, [f"{large}, .field :is(input, select)", 44]) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Check").tap()
    expect(page.locator("#headline")).to_have_text(HEADLINES[slug])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_swipe_over_an_item_scrolls_and_moves_nothing(newcomer):
    visitor = newcomer("a swiper", GRADED, **PHONE)
    page = visitor.open("order")
    before = texts(page)
    label = item(page, before[0]).locator("label")
    assert label.evaluate("(label) => getComputedStyle(label).touchAction") == "auto"
    handle = item(page, before[0]).locator(".handle")
    assert handle.evaluate("(handle) => getComputedStyle(handle).touchAction") == "none"
    label.tap()
    assert texts(page) == before
    expect(page.locator("#saved")).to_have_text("")


# Without JavaScript


def by_form(page: Page, slug: str) -> None:
    for name, value in RADIOS.get(slug, {}).items():
        page.locator(f"[name='{name}'][value='{value}']").check()
    if slug == "hottext":
        page.locator("label.spot", has_text="stubborn").click()
    for name, value in {"inline_choice": GAPS, "order": {f"place-{k}": v for k, v in PLACES.items()}}.get(
        slug, {}
    ).items():
        page.locator(f"[name='{name}']").select_option(value)
    if slug in TYPED:
        page.locator("#text").fill(TYPED[slug])
    if slug == "rewrite":
        page.get_by_label("I kept every fact.").check()


@pytest.mark.parametrize("slug", HEADLINES)
def test_without_script(visitor, slug):
    page = visitor("no script").open(slug)
    by_form(page, slug)
    expect(page.locator(".scripted:visible")).to_have_count(0)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#headline")).to_have_text(HEADLINES[slug])


# Kept as it is given


@pytest.mark.parametrize("slug", ["hottext", "source_table", "order", "inline_choice", "rewrite"])
def test_what_is_given_is_saved_by_itself_and_there_after_a_reload(visitor, slug):
    somebody = visitor("touch", GRADED)
    page = somebody.open(slug)
    by_touch(page, slug)
    saved(page)
    given = somebody.kept(slug)
    page.reload()
    assert page.evaluate(FIELDS) == fields(slug)
    assert given != {}


FIELDS = """() => [...new FormData(document.getElementById("answer"))]
  .filter(([name]) => !["csrfmiddlewaretoken", "sequence", "told"].includes(name))
  .map(([name, value]) => `${name}=${value}`).sort()"""


def fields(slug: str) -> list[str]:
    """The form of the right answer, as `FIELDS` reads it."""
    given = {
        "hottext": {"chosen": "stubborn"},
        "order": {f"place-{ref}": place for ref, place in PLACES.items()},
        "inline_choice": GAPS,
        "rewrite": {"text": TYPED["rewrite"], "checked": "facts"},
        "number": {"text": TYPED["number"]},
    }.get(slug) or RADIOS[slug]
    return sorted(f"{name}={value}" for name, value in given.items())


@pytest.mark.parametrize("slug", ["order", "inline_choice", "rewrite", "number"])
def test_what_could_not_be_saved_waits_in_the_browser(newcomer, slug):
    visitor = newcomer(f"offline {slug}", GRADED, forgive=("Failed to load resource",))
    page = visitor.open(slug)
    page.route(
        "**/attempts/**",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    by_keyboard(page, slug)
    expect(page.locator("#saved")).to_have_text("Not saved, trying again")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.evaluate(FIELDS) == fields(slug)
    if slug == "order":
        assert texts(page)[:2] == [FIRST, SECOND]
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    saved(page)
    assert visitor.kept(slug) != {}


def test_an_order_as_shown_is_kept_and_taken_back(newcomer):
    visitor = newcomer("a keeper", GRADED)
    page = visitor.open("order")
    keep = page.get_by_role("button", name="Keep this order")
    expect(page.locator("#kept")).to_contain_text("Not an answer yet")
    keep.click()
    saved(page)
    assert visitor.kept("order") == {"order": ["may", "is", "could", "likely"]}
    expect(keep).to_have_attribute("aria-pressed", "true")
    keep.click()
    expect(page.locator("#kept")).to_contain_text("Not an answer yet")
    handle = item(page, FIRST).locator(".handle").bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 8, handle["y"] + 140, steps=6)
    assert texts(page)[1] != FIRST
    page.keyboard.press("Escape")
    page.mouse.up()
    assert texts(page)[1] == FIRST
    expect(page.locator("#said")).to_have_text("The order is as it was before.")


def test_a_number_that_cannot_be_read_is_asked_for_again(newcomer):
    visitor = newcomer("a guesser", GRADED)
    page = visitor.open("number")
    notice = page.locator("#notice")
    page.locator("#text").fill("a quarter")
    saved(page)
    expect(notice).to_have_text("")  # not under the hands of somebody who types
    page.keyboard.press("Tab")
    expect(notice).to_have_text("This cannot be read as a number. Type it again, like 1,200 or 3.5.")
    expect(page.locator("#text")).to_have_attribute("aria-invalid", "true")
    page.locator("#text").fill("25 %")
    expect(notice).to_have_text("")
    page.locator("#text").fill("none")
    page.get_by_role("button", name="Next question").click()
    expect(page.locator("#text")).to_be_focused()
    expect(notice).to_contain_text("cannot be read")
    page.get_by_role("button", name="Next question").click()
    expect(page.locator(".kicker")).to_contain_text("question 8 of")


def test_the_room_left_is_said_after_a_pause(newcomer):
    page = newcomer("a writer", GRADED).open("rewrite")
    room = page.locator("#room")
    expect(room).to_have_text("At most 200 characters.")
    page.locator("#text").fill("é" * 150)
    assert room.inner_text() == "At most 200 characters."
    expect(room).to_have_text("50 characters left.")
    page.locator("#text").fill("é" * 199)
    expect(room).to_have_text("1 character left.")


def test_a_text_that_was_handed_in_waits_for_the_teacher(newcomer):
    visitor = newcomer("a sender", GRADED, bypass_csp=True)
    page = visitor.open("rewrite")
    page.locator("#text").fill("The reckless council bought a bench.")
    saved(page)
    send(page.context, f"/attempts/{visitor.attempt}/submit/")
    visitor.open("rewrite")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your teacher reads this one.")
    assert violations_everywhere(page) == {}
    page.goto(f"/attempts/{visitor.attempt}/")
    expect(page.locator(".outcome.waiting")).to_have_text("Waits for your teacher")
    assert violations_everywhere(page) == {}
