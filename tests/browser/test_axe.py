"""axe-core on every kind of page outside the admin: no violation, in light, in dark and on a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.everywhere import READER, STRANGER

pytestmark = pytest.mark.browser

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
}
VIEWS = [(1280, "light"), (1280, "dark"), (390, "light")]


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("name", STRANGER + READER)
def test_axe_finds_nothing(visit, everywhere, name):
    page = visit(bypass_csp=True, forgive=("Failed to load resource",), **everywhere.of(name))
    page.goto(everywhere.paths[name])
    for details in page.locator("details:not([open]) > summary").all():
        if details.is_visible():
            details.click()
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], f"at {width} px, {scheme}"


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
    page.locator("[name=chosen]").last.check()
    expect(page.locator("#saved")).to_have_text("Not saved, trying again")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    page.evaluate("localStorage.clear()")
