"""axe-core on every kind of page outside the admin: no violation, in light, in dark and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations, violations_everywhere
from tests.browser.everywhere import READER, STRANGER

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", STRANGER + READER)
def test_axe_finds_nothing(open_kind, name):
    page = open_kind(name)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert violations_everywhere(page) == {}


def test_axe_sees_what_is_wrong(open_kind):
    page = open_kind("sign-in")
    page.locator("label").first.evaluate("(label) => label.remove()")
    page.locator(".deck").evaluate("(deck) => { deck.style.color = 'silver' }")
    found = violations_everywhere(page)
    assert sorted(found) == ["light", "phone"]
    assert {line.split(":")[0] for line in found["light"]} == {"label", "color-contrast"}


def test_axe_finds_nothing_on_a_refused_form(visit):
    page = visit(bypass_csp=True, forgive=("Failed to load resource",))
    page.goto("/join/")
    page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').remove()")
    page.get_by_role("textbox", name="Class code").fill("RMXT47")
    page.get_by_role("textbox", name="Nickname", exact=True).fill("wren")
    page.get_by_label("A password, new").fill("three calm words")
    page.get_by_role("button", name="Join class").click()
    expect(page.locator(".kicker")).to_have_text("403")
    assert violations(page) == []


def test_axe_finds_nothing_in_the_dialog_before_signing_out(visit, everywhere):
    page = visit(bypass_csp=True, forgive=("Failed to load resource",), **everywhere.of("single-asked"))
    page.goto(everywhere.paths["single-asked"])
    page.route(
        "**/attempts/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.locator("[name=chosen]:not(:checked)").first.check()
    expect(page.locator("#saved")).to_have_text("Not saved, trying again")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations_everywhere(page) == {}
    page.evaluate("localStorage.clear()")
