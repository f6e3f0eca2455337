"""A lesson from the code on the wall to the exit ticket: the teacher in Chromium, six pupils over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations, violations_everywhere
from tests.browser.conftest import Visit, a_site
from tests.browser.everywhere import give
from tests.browser.pupils import join, send
from tests.browser.site import Site

pytestmark = pytest.mark.browser
PUPILS = 6


@pytest.fixture(scope="module")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Of its own: here a whole class does a lesson."""
    with a_site(tmp_path_factory, "site-to-present-on") as running:
        yield running


def teacher(visit: Visit, site: Site) -> Page:
    page = visit(bypass_csp=True)
    page.goto("/accounts/login/?next=/classes/")
    form = page.locator("form:has([name=login])")
    form.locator("[name=login]").fill("teacher")
    form.locator("[name=password]").fill(site.accounts["teacher"])
    form.locator("[name=password]").press("Enter")
    page.locator("main h3 a").first.click()
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def practise(context: Any, site: Site) -> None:
    """All marking questions of the first practice, checked, and handed in."""
    attempt = send(context, f"{site.quiz('judge-try')}start/").split("/attempts/")[1].split("/")[0]
    for at, asked in enumerate(site.questions("judge-try"), start=1):
        give(context, f"/attempts/{attempt}/{at}/", asked, right=True, do="check")
    send(context, f"/attempts/{attempt}/submit/")


def test_a_class_does_a_lesson_together(visit: Visit, chromium: Browser, site: Site) -> None:
    page = teacher(visit, site)
    page.get_by_role("link", name="Present", exact=True).click()
    assert violations_everywhere(page) == {}
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("li:has(h3:text-is('Words that judge')) button").click()
    expect(page.locator(".bigcode")).to_contain_text("RMX T47")
    told = [page.content()]

    pupils = [chromium.new_context(base_url=site.address) for _pupil in range(PUPILS)]
    for number, context in enumerate(pupils, start=1):
        join(context, f"Quick Fox {number}")
    expect(page.locator("#n-joined")).to_have_text(f"{PUPILS + 1} have joined")  # and the demo's learner
    press(page, "Start together")
    for context in pupils:
        assert context.request.get("/lessons/now/").json()["link"] == "Words that judge"
        practise(context, site)
    expect(page.locator("#n-finished")).to_have_text(f"0 of {PUPILS + 1} have finished")

    press(page, "Show the class’s marks")
    expect(page.locator("h1")).to_contain_text("What 6 of you marked")
    assert page.locator(".h.heat-5").count() > 0
    assert violations_everywhere(page) == {}
    page.set_viewport_size({"width": 1280, "height": 900})
    told.append(page.content())
    page.keyboard.press("PageDown")
    expect(page.locator(".finding")).to_contain_text("6 of 6 marked it.")
    expect(page.locator(".here")).to_have_text(page.locator(".finding h2").inner_text().strip("“”"))
    assert violations(page) == []
    told.append(page.content())
    page.keyboard.press("PageUp")
    expect(page.locator(".finding")).to_contain_text("Look first")

    press(page, "Skip to the exit ticket")
    for context in pupils:
        ticket = context.request.get("/lessons/now/").json()["url"]
        context.request.get(ticket)
        send(context, ticket, answer="alone")
    expect(page.locator("#n-tickets")).to_have_text(f"{PUPILS} of {PUPILS + 1} have answered")
    told.append(page.content())
    press(page, "End")
    expect(page.locator("#ticket + p")).to_contain_text("“I can do this alone”: 6.")
    told.append(page.content())
    assert [number for number, content in enumerate(told) if "Quick Fox" in content] == []

    page.get_by_role("link", name="Live", exact=True).click()
    expect(page.locator("#live")).to_contain_text("0 at work, 6 handed in, 1 not begun")
    assert violations_everywhere(page) == {}
    page.get_by_role("link", name="Present", exact=True).click()
    page.get_by_role("link", name="Worksheet", exact=True).first.click()
    assert violations_everywhere(page) == {}
    for context in pupils:
        context.close()
