from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.marks.pages import Server


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A page of 1280 by 900 that fails the test when a script throws."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    context.close()
    assert thrown == []


@pytest.fixture
def server(tab: Page) -> Server:
    served = Server()
    served.serve(tab)
    return served
