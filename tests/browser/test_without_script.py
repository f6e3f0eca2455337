"""Without JavaScript everything that a pupil must do can be done: the page is a form."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pupils import marking, start, to_find, units

pytestmark = pytest.mark.browser


@pytest.fixture
def page(pupil) -> Page:
    return pupil(java_script_enabled=False)


def tick(page: Page, at: int) -> None:
    """Press Space on the checkbox of a unit: it cannot be seen, but it takes the focus."""
    page.locator("#passage input").nth(at).press("Space")


@pytest.mark.parametrize(
    ("quiz", "granularity"), [("judge-practice", "words"), ("who-practice", "sentences")]
)
def test_words_and_sentences_are_marked_by_checkbox_and_checked(page, site, quiz, granularity):
    position, asked = marking(site, quiz, granularity)
    start(page, site, quiz, position)
    expect(page.locator("#mode")).to_be_hidden()
    for at in units(asked, {"required"}):
        tick(page, at)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#headline")).to_have_text(f"You found {to_find(asked)} of {to_find(asked)}.")
    expect(page.locator("mark.v-found").first).to_be_visible()


def test_a_tap_on_a_word_marks_it(page, site):
    attempt = start(page, site, "closing-quiz", 3)
    page.locator("#passage label.w").nth(4).click()
    page.get_by_role("button", name="Next question").click()
    expect(page.locator(".kicker")).to_contain_text("question 4 of 12")
    assert len(site.saved(attempt, 3)) == 1


def test_answers_are_kept_between_next_and_back_and_handed_in(page, site):
    attempt = start(page, site, "closing-quiz", 5)
    _, petition = site.question("closing-quiz", "closing-petition")
    for unit in petition.key["units"]:
        page.locator(f"[name='place-{unit['ref']}'][value='{unit['accepted'][0]}']").check()
    page.get_by_role("button", name="Next question").click()
    page.locator("[name=chosen][value=c]").check()
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".kicker")).to_contain_text("question 5 of 12")
    assert page.locator("[type=radio]:checked").count() == 5
    page.goto(f"/attempts/{attempt}/12/")
    page.get_by_role("button", name="Look over and hand in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("10 questions are still open.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Question by question")).to_be_visible()
    page.get_by_role("link", name="Sums and names").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You placed 5 of 5 sentences right.")
    expect(page.locator("li.v-found")).to_have_count(5)


def test_a_choice_is_checked_and_tried_again(page, site):
    position, _ = site.question("who-practice", "who-editor")
    start(page, site, "who-practice", position)
    page.locator("[name=chosen][value=a]").check()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#headline")).to_have_text("Not this time. Here is why.")
    page.get_by_role("link", name="Try again").click()
    page.locator("[name=chosen][value=c]").check()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#headline")).to_have_text("That is right.")


def test_what_only_a_script_can_do_is_not_there(page, site):
    start(page, site, "closing-quiz", 3)
    for selector in ["#mode", "#help", "#keys", "#count", "#your-marks"]:
        expect(page.locator(selector)).to_be_hidden()
