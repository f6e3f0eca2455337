"""axe-core on an open page, in the three ways in which pages are seen: light, dark, on a phone."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RULES = {"target-size": {"enabled": True}}  # axe leaves it out unless it is asked for
COLOURS = ["color-contrast", "link-in-text-block"]  # all that another colour scheme can change
# Without fetching style sheets anew: axe would look for what they import beside the page, which is not there.
RUN = """([part, options]) =>
  axe.run(part || document, { preload: false, ...options }).then((found) => found.violations)"""


#: Django's two-list widget names a bare span, which axe minds.
NOT_OURS = {"exclude": [[".search-label-icon"]]}


def serious(page: Page, *, colours_only: bool = False) -> list[str]:
    """What axe calls serious or critical on the page as it stands, by all of its rules or by those of colour."""
    only = {"runOnly": {"type": "rule", "values": COLOURS}} if colours_only else {}
    found = _violations(page, NOT_OURS, only)
    return [
        f"{page.url} {one['id']}: {node['html'][:150]} {node.get('failureSummary', '')[:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def serious_in_light_and_dark(page: Page) -> list[str]:
    """As `serious`; then, in the dark, what colours can change."""
    page.wait_for_load_state()  # a click that leads elsewhere may have returned before there is a page to look at
    page.emulate_media(color_scheme="light", reduced_motion="reduce")  # no colour on its way to another
    page.add_style_tag(content="* { transition: none !important }")
    found = serious(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"dark: {one}" for one in serious(page, colours_only=True)]
    page.emulate_media(color_scheme="light")
    return found


def violations(page: Page, part: str = "") -> list[str]:
    """What axe finds on the page as it stands; or on the part of it that a selector names."""
    return _run(page, {"runOnly": WCAG, "rules": RULES}, part)


def violations_everywhere(page: Page) -> dict[str, list[str]]:
    """What axe finds on the page on a desktop, on a phone, and of colours in the dark."""
    page.emulate_media(reduced_motion="reduce")  # no colour on its way to another
    page.set_viewport_size({"width": 1280, "height": 900})
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = _run(page, {"runOnly": {"type": "rule", "values": COLOURS}})
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    found["phone"] = violations(page)
    return {view: said for view, said in found.items() if said}


def _run(page: Page, options: dict[str, Any], part: str = "") -> list[str]:
    found = _violations(page, part, options)
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def _violations(page: Page, part: Any, options: dict[str, Any]) -> list[dict[str, Any]]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN, [part, {"resultTypes": ["violations"], **options}])
    return found
