"""No network, two tabs, two pupils at one computer: what was answered is neither lost nor given away."""

import json
import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.pupils import join, saved, send, start

pytestmark = pytest.mark.browser

SAVED = "#saved"
FAILED = "Not saved, trying again"
#: What the console says of requests that a test makes fail.
PROVOKED = ("Failed to load resource",)
FREE = 6  # a single choice of the closing quiz


@pytest.fixture
def page(pupil) -> Page:
    return pupil(forgive=PROVOKED)


def choose(page: Page, ref: str) -> None:
    page.locator(f"[name=chosen][value={ref}]").check()


def waiting(page: Page) -> list[dict[str, str]]:
    """What waits in this browser, of whoever."""
    return [json.loads(entry) for entry in page.evaluate("Object.values(localStorage)")]


def no_saving(page: Page) -> None:
    """Every save fails as without a network; pages still come."""
    page.route(
        "**/attempts/**",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )


def accept_all(page: Page) -> list[str]:
    """Say yes to the browser's own questions; the kinds of what it asked."""
    asked: list[str] = []

    def say_yes(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", say_yes)
    return asked


def test_an_answer_waits_for_the_network_and_the_newest_wins(page, site):
    attempt = start(page, site, "closing-quiz", FREE)
    choose(page, "a")
    saved(page)
    page.context.set_offline(True)
    choose(page, "b")
    expect(page.locator(SAVED)).to_have_text(FAILED)
    choose(page, "c")
    expect(page.locator(SAVED)).to_have_text(FAILED)
    assert [entry["sequence"] for entry in waiting(page)] == [3]
    assert [sequence for sequence, _ in site.saved(attempt, FREE)] == [1]
    page.context.set_offline(False)
    saved(page)
    assert [(number, data["chosen"]) for number, data in site.saved(attempt, FREE)] == [(1, "a"), (3, "c")]
    assert waiting(page) == []


def test_answers_to_several_questions_go_in_the_order_in_which_they_were_given(page, site):
    attempt = start(page, site, "closing-quiz", FREE)
    other = page.context.new_page()
    other.goto(f"/attempts/{attempt}/2/")
    page.context.set_offline(True)
    choose(other, "crew")
    expect(other.locator(SAVED)).to_have_text(FAILED)
    choose(page, "c")
    expect(page.locator(SAVED)).to_have_text(FAILED)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    other.close(run_before_unload=False)
    page.context.set_offline(False)
    saved(page)
    page.wait_for_function("() => localStorage.length === 0")
    assert [url.split("/")[-2] for url in sent][-2:] == ["2", str(FREE)]
    assert [site.saved(attempt, at)[0][1]["chosen"] for at in (2, FREE)] == [["crew"], "c"]


def test_marks_wait_for_the_network_too(page, site):
    attempt = start(page, site, "closing-quiz", 3)
    page.context.set_offline(True)
    page.locator("#passage .w").nth(2).click()
    expect(page.locator(SAVED)).to_have_text(FAILED)
    page.context.set_offline(False)
    saved(page)
    ((_, data),) = site.saved(attempt, 3)
    assert len(data["marks"]) == 1


def test_leaving_asks_first_while_an_answer_is_unsaved(page, site):
    start(page, site, "closing-quiz", FREE)
    choose(page, "a")
    saved(page)
    asked = accept_all(page)
    page.goto("/lessons/")
    assert asked == []
    page.go_back()
    no_saving(page)
    choose(page, "b")
    expect(page.locator(SAVED)).to_have_text(FAILED)
    page.goto("/lessons/")
    assert asked == ["beforeunload"]
    assert len(waiting(page)) == 1


def test_a_page_that_was_left_sends_its_answer_from_the_next_one(page, site):
    attempt = start(page, site, "closing-quiz", FREE)
    no_saving(page)
    choose(page, "b")
    expect(page.locator(SAVED)).to_have_text(FAILED)
    accept_all(page)
    page.unroute_all()
    page.goto("/progress/")
    page.wait_for_function("() => localStorage.length === 0")
    assert [data["chosen"] for _, data in site.saved(attempt, FREE)] == ["b"]


def sign_out_with_unsaved(page: Page, site) -> str:
    attempt = start(page, site, "closing-quiz", FREE)
    no_saving(page)
    choose(page, "b")
    expect(page.locator(SAVED)).to_have_text(FAILED)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("1 answer is not saved yet.")
    return attempt


def test_signing_out_can_wait(page, site):
    attempt = sign_out_with_unsaved(page, site)
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(waiting(page)) == 1
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    saved(page)
    assert [data["chosen"] for _, data in site.saved(attempt, FREE)] == ["b"]


def test_signing_out_and_losing_them_leaves_nothing_behind(page, site):
    attempt = sign_out_with_unsaved(page, site)
    asked = accept_all(page)
    page.get_by_role("button", name="Sign out and lose it").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert asked == []
    assert waiting(page) == []
    assert site.saved(attempt, FREE) == []


def test_the_next_pupil_at_the_same_computer_sees_and_sends_nothing_of_the_first(page, site):
    attempt = start(page, site, "closing-quiz", FREE)
    no_saving(page)
    choose(page, "b")
    expect(page.locator(SAVED)).to_have_text(FAILED)
    page.unroute_all()
    page.context.clear_cookies()  # the browser was closed, or the session ran out
    accept_all(page)
    page.goto("/join/")
    join(page.context, "second pupil")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/lessons/")
    start(page, site, "closing-quiz", FREE)
    assert page.locator("[name=chosen]:checked").count() == 0
    expect(page.locator(SAVED)).to_have_text("")
    choose(page, "d")
    saved(page)
    assert [url for url in sent if attempt in url] == []
    assert site.saved(attempt, FREE) == []
    assert [entry["attempt"] for entry in waiting(page)] == [attempt]


def test_of_two_tabs_the_older_one_is_told(page, site):
    attempt = start(page, site, "closing-quiz", FREE)
    other = page.context.new_page()
    other.goto(page.url)
    choose(other, "c")
    saved(other)
    choose(page, "a")
    expect(page.locator(SAVED)).to_have_text("A newer answer was saved elsewhere. Reload")
    assert [data["chosen"] for _, data in site.saved(attempt, FREE)] == ["c"]
    page.get_by_role("link", name="Reload").click()
    expect(page.locator("[name=chosen][value=c]")).to_be_checked()


def test_a_tab_of_an_attempt_that_was_handed_in_is_told(page, site):
    attempt = start(page, site, "closing-quiz", FREE)
    send(page.context, f"/attempts/{attempt}/submit/")
    choose(page, "c")
    expect(page.locator(SAVED)).to_have_text("This was handed in already. Reload")
    assert waiting(page) == []
    page.get_by_role("link", name="Reload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You left this one open.")


def test_an_answer_waits_for_somebody_to_sign_in_again(page, site):
    attempt = start(page, site, "closing-quiz", FREE)
    name = page.get_by_role("contentinfo").inner_text().split("Signed in as ")[1].strip()
    page.context.clear_cookies(name="sessionid")
    choose(page, "c")
    expect(page.locator(SAVED)).to_have_text(
        re.compile("^You are signed out. Sign in again; your answer waits here.")
    )
    assert len(waiting(page)) == 1
    accept_all(page)
    page.locator(f"{SAVED} a").click()
    page.get_by_label("Nickname or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill("three calm words")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(f"/attempts/{attempt}/{FREE}/$"))
    expect(page.locator("[name=chosen][value=c]")).to_be_checked()
    page.wait_for_function("() => localStorage.length === 0")
    assert [data["chosen"] for _, data in site.saved(attempt, FREE)] == ["c"]
