"""An author in the admin, in a browser; counts what it takes."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.site import Site

#: Everything that can be filled in and is seen; a group of round buttons is one.
VISIBLE_FIELDS = """() => {
  const seen = [...document.querySelectorAll("#sheet input:not([type=hidden]), #sheet textarea, #sheet select")]
    .filter((field) => field.checkVisibility());
  return new Set(seen.map((field) => field.type === "radio" ? field.name : field.id || field.name)).size;
}"""


def sign_in(page: Page, site: Site) -> Page:
    """Sign in as the demo's admin, wherever the page sends those who are not."""
    page.locator("[name=login]").fill("admin")
    form = page.locator("form:has([name=login])")
    form.locator("[name=password]").fill(site.accounts["admin"])
    form.locator("button").first.click()
    return page


def author(visit: Any, site: Site, **options: Any) -> Page:
    page: Page = visit(**options)
    page.goto("/admin/")
    sign_in(page, site)
    expect(page).to_have_url(re.compile(r"/admin/$"))
    return page


class Effort:
    """Clicks, pages and fields filled in, as one works."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.pages = self.fields = 0
        page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        self.pages += request.is_navigation_request() and request.redirected_from is None

    def click(self, what: Any) -> None:
        what.click()
        self.clicks += 1

    def fill(self, name: str, text: str) -> None:
        field = self.page.locator(f"[name={name}]")
        if field.evaluate("(field) => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
        self.fields += 1

    def __str__(self) -> str:
        return f"{self.clicks} clicks, {self.pages} pages, {self.fields} fields"
