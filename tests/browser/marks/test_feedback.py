"""Feedback on the text: what is shown of it, the way from finding to finding, print, and no script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.marks.pages import (
    ARTICLE,
    CROSSING,
    CROSSING_KEY,
    MARKING_KEY,
    ORIGIN,
    SKILLS,
    Asked,
    Server,
    asking,
    item_page,
    marking,
    marks,
)

pytestmark = pytest.mark.browser

CROSSED = Asked("mark_spans", asking("words", SKILLS), CROSSING, CROSSING_KEY, practice=True, article=ARTICLE)
PLAIN = Asked("mark_spans", marking(), marks("heavy-handed", "trial"), MARKING_KEY, practice=True)

#: Boxes as they can be seen: the words, and the verdict.
SEEN = """() => [...document.querySelectorAll("article mark")]
    .filter((one) => getComputedStyle(one).backgroundColor !== "rgba(0, 0, 0, 0)"
      || !["rgba(0, 0, 0, 0)", "transparent"].includes(getComputedStyle(one).borderTopColor))
    .map((one) => {
      const copy = one.cloneNode(true);
      for (const hidden of copy.querySelectorAll(".hush, .ref")) hidden.remove();
      return `${one.classList[0].slice(2)}: ${copy.textContent}`;
    })"""


@pytest.fixture
def open_page(tab: Page, server: Server):
    def opened(asked: Asked) -> Page:
        server.pages[asked.url] = item_page(asked)
        tab.goto(ORIGIN + asked.url)
        return tab

    return opened


def reasons(page: Page) -> list[str]:
    return [one.split("\n")[0].strip() for one in page.locator(".reason:visible .verdict").all_inner_texts()]


def status(page: Page) -> str:
    return page.locator("[data-said]").inner_text()


def test_every_finding_has_its_box_its_number_and_its_reason(open_page):
    page = open_page(CROSSED)
    assert page.evaluate(SEEN) == [
        "found: changed its ",
        "found: heavy-handed rule",
        "found: heavy-handed",
        "differ: may",
        "found: may",
        "missed: answered with a shrill",
        "missed: shrill",
        "missed:  note",
        "fine: one month, and it hangs",
    ]
    refs = page.locator("a.ref")
    assert sorted(refs.all_inner_texts()) == ["1", "2", "3", "4", "5", "6", "7"]
    assert reasons(page) == [
        *("1 Found", "2 Found", "3 Readers differ", "4 Found", "5 Missed", "6 Missed", "7 Marked, but fine"),
    ]
    for ref in refs.all():
        number = ref.inner_text()
        assert ref.get_attribute("href") == f"#r{number}"
        assert page.locator(f"#r{number}").count() == page.locator(f"mark#m{number}").count() == 1
    spoken = page.locator("article .prose").first.text_content()
    assert spoken is not None
    assert (
        "[found, Words that judge: changed its (your mark: [found, How sure is it?: heavy-handed]2 rule)]"
        in spoken
    )
    assert "(your mark" not in page.locator("article .prose").last.text_content()


def test_my_marks_the_key_or_both(open_page):
    page = open_page(CROSSED)
    boxes = "() => [...document.querySelectorAll('article .prose mark')].map((one) => one.getBoundingClientRect().left)"
    places = page.evaluate(boxes)
    page.get_by_label("My marks").check()
    assert page.evaluate(SEEN) == [
        "found: heavy-handed rule",
        "found: heavy-handed",
        "found: may",
        "fine: one month, and it hangs",
    ]
    assert reasons(page) == ["1 Found", "2 Found", "4 Found", "7 Marked, but fine"]
    page.get_by_label("Key", exact=True).check()
    assert reasons(page) == ["1 Found", "2 Found", "3 Readers differ", "4 Found", "5 Missed", "6 Missed"]
    assert page.locator(".ref:visible").count() == 6
    assert page.locator("details.why:visible").count() == 1  # none is left at the second paragraph
    assert page.evaluate(boxes) == places  # nothing moves
    page.get_by_label("Both").check()
    page.get_by_label("Skill").select_option(label="How sure is it?")
    assert page.evaluate(SEEN) == [
        "found: heavy-handed",
        "found: may",
        "missed: shrill",
        "missed:  note",
        "fine: one month, and it hangs",
    ]
    assert reasons(page) == ["2 Found", "4 Found", "6 Missed", "7 Marked, but fine"]


def test_next_and_previous_go_through_what_is_shown(open_page):
    page = open_page(CROSSED)
    following = page.get_by_role("button", name="Next finding")
    before = page.get_by_role("button", name="Previous finding")
    following.click()
    assert (page.evaluate("document.activeElement.id"), status(page)) == ("m1", "1 of 7: 1 Found")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "m2"
    page.get_by_label("Skill").select_option(label="Words that judge")
    following.click()
    assert status(page) == "2 of 3: 3 Readers differ"
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert status(page) == "That was the last finding."
    assert page.evaluate("document.activeElement.id") == "m5"
    before.click()
    before.click()
    before.click()
    assert status(page) == "That was the first finding."
    page.set_viewport_size({"width": 390, "height": 500})
    page.get_by_label("Skill").select_option(label="All skills")
    clear = """() => {  // it scrolls to there, and not under the bar
      const { top } = document.activeElement.getBoundingClientRect();
      return document.activeElement.matches("mark")
        && document.querySelector(".bar").getBoundingClientRect().bottom <= top && top < 500;
    }"""
    for button in [following] * 6 + [before] * 6:
        button.click()
        assert page.evaluate(clear), status(page)


def test_a_reference_opens_its_reason_on_a_phone(open_page):
    page = open_page(CROSSED)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#r5")).to_be_hidden()
    # Chromium opens it by itself when the address leads there; other browsers do not.
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")
    page.locator(".ref", has_text="5").click()
    expect(page.locator("#r5")).to_be_visible()


def test_print_shows_every_reason_and_no_control(open_page):
    page = open_page(CROSSED)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.why:not([open])").count() == 0
    page.emulate_media(media="print")
    assert page.locator(".reason:visible").count() == 7
    assert page.locator(".bar:visible, .acts:visible, .masthead ul:visible").count() == 0
    page.emulate_media(media="screen")


def test_one_skill_needs_no_filter_and_a_found_margin_is_told_apart(open_page):
    page = open_page(PLAIN)
    assert page.locator("[name=skill]").count() == 0
    assert reasons(page) == ["1 Found", "2 Readers differ", "3 Missed", "4 Marked, but fine"]


def test_without_script_all_of_it_is_shown(chromium, server):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    server.serve(page)
    server.pages[CROSSED.url] = item_page(CROSSED)
    page.goto(ORIGIN + CROSSED.url)
    assert len(reasons(page)) == 7
    assert page.locator(".bar:visible").count() == 0
    page.locator(".ref", has_text="5").click()
    assert page.url.endswith("#r5")
    context.close()
