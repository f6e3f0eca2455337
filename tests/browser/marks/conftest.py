from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.marks.pages import ORIGIN, Server

SIZE: ViewportSize = {"width": 1280, "height": 900}


def watched(chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page of 1280 by 900, and what scripts have thrown on it."""
    context = chromium.new_context(viewport=SIZE, reduced_motion="reduce")
    context.set_default_timeout(5_000)
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page, thrown
    context.close()


shared = pytest.fixture(watched, scope="module")
single = pytest.fixture(watched)


@pytest.fixture
def tab(shared: tuple[Page, list[str]]) -> Iterator[Page]:
    """A page that fails the test when a script throws. It is opened once a module, and left as it was."""
    page, thrown = shared
    thrown.clear()
    page.set_viewport_size(SIZE)
    yield page
    if page.url.startswith(ORIGIN):
        page.evaluate("localStorage.clear(); addEventListener('pagehide', () => sessionStorage.clear())")
    page.goto("about:blank")
    page.context.unroute_all()
    page.context.clear_cookies()
    assert thrown == []


@pytest.fixture
def fresh_tab(single: tuple[Page, list[str]]) -> Iterator[Page]:
    """As `tab`, in a browser of its own: for clocks, dialogs and what else cannot be taken back."""
    page, thrown = single
    yield page
    assert thrown == []


@pytest.fixture
def server(tab: Page) -> Server:
    served = Server()
    served.serve(tab)
    return served
