"""What browser tests share: one Chromium, one real site, and people who visit it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.everywhere import READER, Everywhere, travel
from tests.browser.pupils import PASSWORD, join
from tests.browser.site import Site, prepared, running_site

#: Debian's Chromium without windows, if there is one: the same engine for four fifths of the work.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
LONGEST_WAIT_MS = 20_000
expect.set_options(timeout=LONGEST_WAIT_MS)

#: Opens a page of a new, watched visitor; `forgive` are beginnings of complaints that a test provokes.
Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's event loop stays in the thread, where Django refuses to query."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("there is no chromium on this machine")
        pytest.skip("there is no chromium on this machine")
    browser = request.getfixturevalue("playwright").chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield browser
    browser.close()


def a_site(tmp_path_factory: pytest.TempPathFactory, name: str) -> AbstractContextManager[Site]:
    """A site in a folder of this process; who changes what others rely on takes one of their own."""
    ours = tmp_path_factory.getbasetemp()
    shared = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    return running_site(prepared(shared / "prepared-site"), ours / name)


@pytest.fixture(scope="session")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory, "site") as running:
        yield running


@pytest.fixture(scope="session")
def everywhere(chromium: Browser, site: Site) -> Everywhere:
    """Every kind of page, made ready once."""
    context = chromium.new_context(base_url=site.address)
    made = travel(context, site)
    context.close()
    return made


@contextmanager
def visitors(chromium: Browser, site: Site) -> Iterator[Visit]:
    """Opens pages; what scripts, the console, the policy or the server complained of fails at the end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(forgive: tuple[str, ...] = (), **options: Any) -> Page:
        context = chromium.new_context(base_url=site.address, **{**DESKTOP, **options})
        context.set_default_timeout(LONGEST_WAIT_MS)
        contexts.append(context)
        page = context.new_page()

        def complain(text: str) -> None:
            if not text.startswith(tuple(forgive)):
                complaints.append(f"{text} ({page.url})")

        context.on("weberror", lambda error: complain(f"script: {error.error}"))
        context.on("console", lambda said: complain(said.text) if said.type in {"error", "warning"} else None)
        context.on(
            "response",
            lambda answer: complain(f"{answer.status}: {answer.url}") if answer.status >= 500 else None,
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """New visitors, each with a browser of their own."""
    with visitors(chromium, site) as opened:
        yield opened


@pytest.fixture(scope="module")
def open_kind(chromium: Browser, site: Site, everywhere: Everywhere) -> Iterator[Callable[[str], Page]]:
    """Opens a kind of page by name, for checks that leave nothing behind: one page for all of them.

    The policy is off, because axe and a reader's own style sheet come from outside the site.
    """
    pages: dict[bool, Page] = {}
    with visitors(chromium, site) as visit:

        def opened(name: str) -> Page:
            page = pages.get(name in READER) or visit(
                bypass_csp=True, forgive=("Failed to load resource",), **everywhere.of(name)
            )
            pages[name in READER] = page
            page.set_viewport_size(DESKTOP["viewport"])
            page.goto(everywhere.paths[name])
            if "/reauthenticate/?next=" in page.url:  # it was some minutes ago
                page.locator("main [name=password]").fill(PASSWORD)
                page.locator("main form button").click()
            page.wait_for_url(f"{site.address}{everywhere.paths[name]}")
            return page

        yield opened


NUMBERS = count(1)


@pytest.fixture
def pupil(visit: Visit) -> Visit:
    """New visitors who have joined the demo class as somebody of their own."""

    def joined(**options: Any) -> Page:
        page = visit(**options)
        join(page.context, f"reader {next(NUMBERS)}")
        return page

    return joined
