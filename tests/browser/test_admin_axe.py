"""The admin in a browser: the policy holds, axe finds nothing serious, both colour schemes are ours."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious_in_light_and_dark
from tests.browser.site import Site

pytestmark = pytest.mark.browser
#: Pages that authors, and those who look after people, use; a form is that of the list's first row.
PATHS = ["", "accounts/user/", "accounts/user/add/", "accounts/cohortmember/add/", "accounts/joincode/add/"]
PATHS += ["articles/article/", "quizzes/question/", "quizzes/questionrevision/", "quizzes/attempt/"]
PATHS += ["courses/course/", "courses/course/import/", "courses/enrolment/add/", "admin/logentry/"]
FORMS = [
    "accounts/user",
    "accounts/cohort",
    "accounts/organisation",
    "articles/article",
    "articles/articlerevision",
]
FORMS += ["quizzes/questionrevision", "quizzes/quizrevision", "courses/course", "courses/lessonrevision"]


def sign_in_as_admin(page: Page, site: Site) -> Page:
    page.goto("/admin/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=%2Fadmin%2F$"))
    form = page.locator("form:has([name=login])")
    form.locator("[name=login]").fill("admin")
    form.locator("[name=password]").fill(site.accounts["admin"])
    form.locator("button").first.click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
    return page


@pytest.fixture
def sign_in(visit: Any, site: Site) -> Any:
    return lambda **options: sign_in_as_admin(visit(**options), site)


def first_row(page: Page, table: str) -> None:
    page.goto(f"/admin/{table}/")
    page.locator("#result_list tbody tr th a").first.click()
    expect(page.locator("#content h1")).to_be_visible()


def form_addresses(page: Page) -> list[str]:
    """The form of each list's first row, found without opening the lists in the browser."""
    script = """async (table) => {
      const text = await (await fetch(`/admin/${table}/`)).text();
      const link = new DOMParser().parseFromString(text, "text/html").querySelector("#result_list tbody th a");
      return link.getAttribute("href");
    }"""
    return [page.evaluate(script, table) for table in FORMS]


def test_axe_finds_nothing_serious_in_light_and_dark(sign_in: Any) -> None:
    page = sign_in(bypass_csp=True)  # axe itself writes inline styles
    addresses = [f"/admin/{path}" for path in PATHS] + form_addresses(page)
    found = []
    for address in addresses:
        page.goto(address)
        found += serious_in_light_and_dark(page)
    assert "\n".join(found) == ""


def test_the_policy_holds_on_every_kind_of_page(sign_in: Any) -> None:
    page = sign_in()
    forms = form_addresses(page)
    histories = [f"{address.split('/change/')[0]}/history/" for address in forms[:1]]
    for address in [*(f"/admin/{path}" for path in PATHS), *forms, *histories, "/admin/password_change/"]:
        page.goto(address)
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
