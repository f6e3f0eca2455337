"""A learner goes through the whole module: every step, every question, the closing quiz, the results."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pupils import answer, saved
from tests.browser.site import Site

pytestmark = pytest.mark.browser

PICTURES = bool(os.environ.get("CAVEAT_PICTURES"))
LEFT_OPEN = (5, 7)  # of the closing quiz
WRONG = (3, 6, 9, 12)


class Shots:
    """Pictures of the pages on the way, one of each kind, to look at: with CAVEAT_PICTURES=1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, page: Page, kind: str) -> None:
        if PICTURES and not (path := self.folder / f"{kind}.png").exists():
            page.screenshot(path=path, full_page=True)


@pytest.fixture
def shots(tmp_path: Path) -> Shots:
    return Shots(tmp_path)


def test_a_learner_goes_through_the_whole_module(pupil, site, shots):
    page = pupil()
    page.goto("/lessons/")
    _follow(page, page.get_by_role("link", name="Begin: A first try"))
    steps = _walk(page, site, shots)
    assert steps == {"practice": 6, "explain": 12, "read": 3}
    _closing_quiz(page, site, shots)
    page.goto(f"{site.lesson('closing-quiz')}off-the-page/")
    _follow(page, page.locator(".btn.first"))
    page.goto("/lessons/")
    expect(page.locator(".deck")).to_have_text(
        "All steps are done. Read the reasons again whenever you like."
    )
    expect(page.locator(".lessons .state")).to_have_text(["Done"] * 4)
    _progress(page, shots)


def _walk(page: Page, site: Site, shots: Shots) -> dict[str, int]:
    """Every step before the closing quiz, by the buttons that lead on; how many there were of each kind."""
    seen = {"practice": 0, "explain": 0, "read": 0}
    closing = site.quiz("closing-quiz")
    while closing not in page.url:
        if "/quizzes/" in page.url:
            seen["practice"] += 1
            _practise(page, site, shots)
        else:
            reading = page.get_by_text("Read a paragraph, decide for yourself").count()
            seen["read" if reading else "explain"] += 1
            if reading:
                _open_a_note(page)
            shots.take(page, "read" if reading else "explain")
            _follow(page, page.locator(".btn.first"))
    return seen


def _follow(page: Page, way: Locator) -> None:
    """Press what leads to another page, and wait until it is there."""
    with page.expect_navigation():
        way.click()


def _open_a_note(page: Page) -> None:
    note = page.locator("details.note").first
    expect(note.locator("section")).to_be_hidden()
    note.locator("summary").click()
    expect(note.locator("section")).to_contain_text("Why.")


def _practise(page: Page, site: Site, shots: Shots) -> None:
    """One practice: each question checked wrong, tried again, checked right."""
    address = page.url.removeprefix(site.address)
    quiz = next(ref for ref in PRACTICES if site.quiz(ref) == address)
    page.get_by_role("button", name="Start").click()
    questions = site.questions(quiz)
    for number, asked in enumerate(questions, start=1):
        if len(questions) > 1:
            expect(page.locator(".kicker")).to_contain_text(f"question {number} of {len(questions)}")
        if number == 1:
            _check(page, site, asked, right=False)
            expect(page.get_by_text("Some readers say:").or_(page.get_by_text("Why.")).first).to_be_attached()
            shots.take(page, f"{asked.kind}-wrong")
            page.get_by_role("link", name="Try again").click()
            page.wait_for_selector("#answer")
            _clear(page)
        _check(page, site, asked, right=True)
        shots.take(page, f"{asked.kind}-right")
        if number < len(questions):
            page.get_by_role("link", name="Next question").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Question by question")).to_be_visible()
    _follow(page, page.get_by_role("link", name=re.compile("^Next: ")))


PRACTICES = ("who-try", "who-practice", "reports-try", "reports-practice", "judge-try", "judge-practice")


def _check(page: Page, site: Site, asked, *, right: bool) -> None:
    answer(page, asked, right=right)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#headline")).to_be_focused()
    verdict = page.locator("#headline").inner_text()
    good = re.fullmatch(
        r"You (?:found|placed|got) (\d+) of \1(?: sentences?)?(?: right)?\.|That is right\..*|Right: .*|Read\. .*",
        verdict,
    )
    assert bool(good) is right, f"{asked.ref}: {verdict}"


def _clear(page: Page) -> None:
    """Take back an answer that was tried, where the next one would add to it."""
    for _ in range(page.locator("#marks button").count()):
        page.locator("#marks button").first.click()
    nothing = page.locator("[name=nothing_to_mark]")
    if nothing.count() and nothing.is_checked():
        nothing.uncheck()
    for box in page.locator("[type=checkbox][name=chosen]").all():
        box.uncheck()


def _closing_quiz(page: Page, site: Site, shots: Shots) -> None:
    expect(page.locator(".facts")).to_contain_text("12 questions")
    expect(page.locator(".facts")).to_contain_text("2 tries")
    page.get_by_role("button", name="Start").click()
    questions = site.questions("closing-quiz")
    assert len(questions) == 12
    for number, asked in enumerate(questions, start=1):
        expect(page.locator(".kicker")).to_contain_text(f"question {number} of 12")
        if number not in LEFT_OPEN:
            answer(page, asked, right=number not in WRONG)
            saved(page)
        shots.take(page, f"{asked.kind}-asked")
        page.locator("button.first").click()
    _look_over(page, shots)
    _results(page, site, shots)


def _look_over(page: Page, shots: Shots) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("2 questions are still open.")
    still_open = page.locator(".steps li").filter(has_text="Still open")
    expect(still_open).to_have_count(2)
    expect(still_open.first).to_contain_text("Sums and names")
    shots.take(page, "review")
    page.get_by_role("button", name="Hand in").click()


def _results(page: Page, site: Site, shots: Shots) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^You found \d+ of \d+\."))
    expect(page.locator(".steps .outcome")).to_have_count(12)
    expect(page.locator(".steps .outcome.unanswered")).to_have_text(["Left open"] * 2)
    expect(page.locator(".rows .say")).to_have_count(3)
    shots.take(page, "result")
    attempt = page.url
    page.goto(site.quiz("closing-quiz"))
    expect(page).to_have_url(attempt)
    page.get_by_role("link", name="Radio and letter").click()
    expect(page.locator("mark.v-missed").first).to_be_visible()
    expect(page.locator("mark.v-fine")).to_have_count(1)
    expect(page.locator("#answer")).to_have_count(0)
    shots.take(page, "feedback")


def _progress(page: Page, shots: Shots) -> None:
    page.get_by_role("link", name="What you can do").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you can do so far")
    for title in ["Reports, explains or urges?", "Who says so?", "Words that judge"]:
        line = page.locator(".skills li").filter(has_text=title)
        expect(line.locator(".say")).to_contain_text(re.compile(r"You (found|placed|answered) \d+ of \d+"))
        expect(line.get_by_role("img")).to_have_count(2)
    shots.take(page, "progress")
