"""From an own article to a running exercise, in a browser: how much work it is."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.authors import Effort, author
from tests.browser.axe import serious_in_light_and_dark
from tests.browser.site import Site

pytestmark = pytest.mark.browser
TEXT = (
    "The board votes on Tuesday. Everybody knows that the boat loses money.\n"
    "It carried 41,200 people last year, the board's annual report says.\n"
    "The crossing is said to be unsafe. The director put the costs at two million a year."
)
FACTS = {"title": "The last boat", "source": "Invented for practice.", "licence": "CC BY 4.0"}
#: First words of a sentence, its kind, and the reason that is given.
MARKS = [
    ("Everybody", "To find", "It names nobody who could know."),
    ("41", "Fine as written", "The report is named."),
    ("crossing", "To find", "Nobody says it."),
]


def annotate(page: Page, effort: Effort) -> None:
    effort.click(page.get_by_role("link", name="Annotate"))
    effort.click(page.get_by_role("link", name="Sentences", exact=True))
    page.locator("#mark-skill").select_option("attribution")
    for words, kind, why in MARKS:
        effort.click(page.locator(".seg label", has_text=kind))
        effort.click(page.locator("#passage .w", has_text=words).first)
        effort.fill("rationale", why)
        expect(page.locator("#saved")).to_have_text("Saved")


def test_an_article_becomes_a_running_exercise(visit: Any, site: Site) -> None:
    page = author(visit, site, bypass_csp=True)  # axe itself writes inline styles
    effort = Effort(page)
    effort.click(page.get_by_role("link", name="Paste an article"))
    for name, text in {**FACTS, "pasted": TEXT}.items():
        effort.fill(name, text)
    effort.click(page.get_by_role("button", name="Clean, and show me"))
    effort.click(page.get_by_role("button", name="Keep as a draft").first)
    annotate(page, effort)
    effort.click(page.locator(".breadcrumbs a").last)
    effort.click(page.get_by_role("button", name="Save and publish"))
    effort.click(page.get_by_role("link", name="Make an exercise from this article"))
    expect(page.get_by_role("button", name="Make it and publish")).to_be_visible()
    assert serious_in_light_and_dark(page) == []
    effort.click(page.get_by_role("button", name="Make it and publish"))
    expect(page.get_by_role("heading", name="What comes next")).to_be_visible()
    print(f"From a pasted article to an exercise that runs: {effort}")
    assert (effort.clicks, effort.pages, effort.fields) == (15, 9, 7)
    assert serious_in_light_and_dark(page) == []
    page.get_by_role("link", name="Preview as learner").click()
    expect(page.get_by_role("main")).to_contain_text("Mark each sentence that makes a claim")
