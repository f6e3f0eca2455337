"""A stranger's first minute: a sentence, a reason, a sound passage, and into the class."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pupils import CODE, PASSWORD

pytestmark = pytest.mark.browser


def stored(page: Page) -> list[object]:
    """What a page has left in this browser: cookies, and both storages."""
    kept = page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return [*page.context.cookies(), *kept]


def test_one_tap_and_check_give_the_reason_on_the_text(visit):
    page = visit()
    page.goto("/")
    page.get_by_text("The real aim is to stop pupils from filming their teachers").click()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You found it.")
    expect(page.locator("mark.v-found")).to_contain_text("The real aim is to stop pupils")
    reason = page.get_by_role("region", name="1 Found")
    expect(reason).to_contain_text("Why.")
    expect(reason).to_contain_text("Some readers say:")
    assert stored(page) == []


@pytest.mark.parametrize(
    ("button", "sign"), [("Nothing wrong here", None), ("Something is", "Marked, but fine")]
)
def test_what_sounds_bad_can_be_fine(visit, button, sign):
    page = visit()
    page.goto("/?sentence=3&try=1")
    expect(page.get_by_role("heading", name="Now one that sounds bad")).to_be_visible()
    page.get_by_role("button", name=button).click()
    expect(page).to_have_url(re.compile("#second$"))
    second = page.locator("section[aria-labelledby=second]")
    expect(second).to_contain_text("“It is a disaster for working parents,”")
    assert second.locator(".verdict").all_inner_texts() == ([f"1 {sign}"] if sign else [])
    expect(page.get_by_role("heading", name="That is the whole idea: read it twice.")).to_be_visible()
    assert stored(page) == []


def test_check_without_a_tap_asks_for_one(visit):
    page = visit()
    page.goto("/")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_have_text("Tap a sentence first, then press Check.")


def test_a_class_code_leads_into_the_course(visit):
    page = visit()
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="I have a class code").click()
    page.get_by_role("textbox", name="Class code").fill(CODE.lower())
    page.get_by_label("Nickname", exact=True).fill("Quiet Wren")
    page.get_by_label("A password, new").fill(PASSWORD)
    page.get_by_role("button", name="Join class").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are in.")
    expect(page.get_by_role("main")).to_contain_text("You sign in as quiet-wren.")
    page.get_by_role("link", name="To the lessons").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Read it twice")
    expect(page.get_by_role("contentinfo")).to_contain_text("Signed in as Quiet Wren")
    expect(page.get_by_role("link", name="Begin: A first try")).to_be_visible()


def test_a_wrong_code_is_told_at_its_field(visit):
    page = visit(forgive=("Failed to load resource",))
    page.goto("/join/")
    page.get_by_role("textbox", name="Class code").fill("ZZZZ99")
    page.get_by_label("Nickname", exact=True).fill("Quiet Wren")
    page.get_by_label("A password, new").fill(PASSWORD)
    page.get_by_role("button", name="Join class").click()
    code = page.get_by_role("textbox", name="Class code")
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(code).to_have_value("ZZZZ99")
    described = code.get_attribute("aria-describedby") or ""
    assert page.locator(f"#{described.split()[0]}").inner_text() != ""
