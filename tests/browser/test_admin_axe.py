"""The admin in a browser: the policy holds, axe finds nothing serious, both colour schemes are ours."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.axe import COLOURS
from tests.browser.site import Site

pytestmark = pytest.mark.browser
#: Django's two-list widget names a bare span, which axe minds.
NOT_OURS = {"exclude": [[".search-label-icon"]]}
LISTS = ["accounts/user", "quizzes/questionrevision", "accounts/joincode", "quizzes/attempt"]
#: A list, and where on it the page to open stands.
FORMS = [
    "accounts/user",
    "accounts/cohort",
    "courses/course",
    "courses/lessonrevision",
    "quizzes/questionrevision",
]
ADD_FORMS = ["accounts/user", "accounts/cohortmember", "accounts/joincode", "courses/enrolment"]


@pytest.fixture
def sign_in(visit: Any, site: Site) -> Any:
    def signed_in(**options: Any) -> Page:
        page = visit(**options)
        page.goto("/admin/")
        expect(page).to_have_url(re.compile(r"/accounts/login/\?next=%2Fadmin%2F$"))
        page.locator("[name=login]").fill("admin")
        page.locator("form:has([name=login]) [name=password]").fill(site.accounts["admin"])
        page.locator(
            "form:has([name=login]) button[type=submit], form:has([name=login]) button"
        ).first.click()
        expect(page).to_have_url(re.compile(r"/admin/$"))
        return page

    return signed_in


def findings(page: Page, scheme: str) -> list[str]:
    """What axe calls serious or critical, and where; in the dark, only what colours can change."""
    only = {"runOnly": {"type": "rule", "values": COLOURS}} if scheme == "dark" else {}
    found = Axe().run(page, context=NOT_OURS, options={"resultTypes": ["violations"], **only}).response
    return [
        f"{violation['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:300]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def first_row(page: Page, table: str) -> None:
    page.goto(f"/admin/{table}/")
    page.locator("#result_list tbody tr th a").first.click()
    expect(page.locator("#content h1")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(sign_in: Any, scheme: str) -> None:
    page = sign_in(color_scheme=scheme, bypass_csp=True)  # axe itself writes inline styles
    found = {"index": findings(page, scheme)}
    for table in LISTS:
        page.goto(f"/admin/{table}/")
        found[table] = findings(page, scheme)
    for table in FORMS:
        first_row(page, table)
        found[f"{table} form"] = findings(page, scheme)
    for table in ADD_FORMS:
        page.goto(f"/admin/{table}/add/")
        found[f"{table} add"] = findings(page, scheme)
    assert [f"{name}: {one}" for name, said in found.items() for one in said] == []


def test_the_policy_holds_on_every_kind_of_page(sign_in: Any) -> None:
    page = sign_in()
    for table in LISTS:
        page.goto(f"/admin/{table}/")
    for table in FORMS:
        first_row(page, table)
        page.goto(f"{page.url.split('/change/')[0]}/history/")
    for table in ADD_FORMS:
        page.goto(f"/admin/{table}/add/")
    page.goto("/admin/password_change/")
    expect(page.locator("#content h1")).to_be_visible()


def test_the_policy_holds_where_scripts_are_busy(sign_in: Any) -> None:
    """`visit` fails the test on anything that the console says; here the widgets are used."""
    page = sign_in()
    answer = page.goto("/admin/accounts/cohortmember/add/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page.locator(".field-cohort .select2-selection").click()
    page.locator(".select2-search__field").fill("9b")
    page.locator(".select2-results__option", has_text="Class 9b").click()
    expect(page.locator(".field-cohort .select2-selection__rendered")).to_contain_text("Class 9b")
    first_row(page, "accounts/cohort")
    page.locator("#members-group .add-row a").click()
    expect(page.locator("#members-group tr.dynamic-members").last).to_be_visible()
    page.goto("/admin/accounts/joincode/add/")
    page.locator(".field-expires_at .date-icon").click()
    expect(page.locator(".calendarbox").first).to_be_visible()
    page.goto("/admin/accounts/joincode/")
    page.locator("#action-toggle").check()
    expect(page.locator(".action-counter")).to_have_text("1 of 1 selected")
    page.goto("/admin/accounts/user/")
    page.locator("#searchbar").fill("learner")
    page.locator("#searchbar").press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    first_row(page, "accounts/user")
    expect(page.locator("#id_groups_from")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "switched", "ground"),
    [
        ("light", 0, "rgb(252, 252, 250)"),
        ("dark", 0, "rgb(20, 22, 25)"),
        ("light", 1, "rgb(20, 22, 25)"),
        ("dark", 1, "rgb(252, 252, 250)"),
    ],
)
def test_the_ground_is_paper_in_both_schemes(sign_in: Any, scheme: str, switched: int, ground: str) -> None:
    page = sign_in(color_scheme=scheme)
    for _click in range(switched):
        page.locator("button.theme-toggle:visible").click()
    expect(page.locator("body")).to_have_css("background-color", ground)


def test_nothing_scrolls_sideways_on_a_phone(sign_in: Any) -> None:
    page = sign_in(viewport={"width": 390, "height": 800})
    for path in "/admin/", "/admin/accounts/user/add/":
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
