"""The outbox and the answer form: nothing that was answered is lost, and nothing is said too early."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Page, expect

from quizzes.types import single_choice
from tests.browser.marks.pages import (
    ATTEMPT,
    CHOICE,
    CHOICES,
    ORIGIN,
    OTHER_USER,
    USER,
    WHEN,
    Asked,
    Server,
    item_page,
    marking,
    marks,
)

pytestmark = pytest.mark.browser

ASKED = Asked("single_choice", CHOICE.prompt, single_choice.Response())
KEY = f"read-twice:outbox:{USER}:{ATTEMPT}:2"
UNAVAILABLE = (503, {"type": "about:blank", "status": 503})
SAVED = "#saved"


@pytest.fixture
def tab(fresh_tab: Page) -> Page:
    return fresh_tab


def problem(status: int, kind: str, **members: object) -> tuple[int, dict[str, object]]:
    return status, {"type": f"https://read.test/problems/{kind}", "status": status, **members}


@pytest.fixture
def open_page(tab: Page, server: Server):
    def opened(asked: Asked = ASKED, who: str = USER) -> Page:
        server.pages[asked.url] = item_page(asked, who)
        tab.goto(ORIGIN + asked.url)
        return tab

    return opened


def waiting(page: Page) -> dict[str, dict[str, object]]:
    stored = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    return {key: json.loads(value) for key, value in stored.items()}


def stop_the_clock(page: Page) -> None:
    """From here the page's timers run only by `clock.run_for`."""
    page.clock.install(time=WHEN)
    page.clock.pause_at(WHEN + timedelta(seconds=1))


def leave_waiting(page: Page, *, user: str = USER, position: int = 2, sequence: int = 1, body: str) -> None:
    """An answer that an earlier page could not send."""
    page.goto(f"{ORIGIN}/elsewhere")
    entry = {
        "user": user,
        "attempt": ATTEMPT,
        "position": str(position),
        "url": f"{ORIGIN}/attempts/{ATTEMPT}/{position}/",
        "sequence": sequence,
        "body": f"{body}&sequence={sequence}",
        "at": position,
    }
    key = f"read-twice:outbox:{user}:{ATTEMPT}:{position}"
    page.evaluate("([key, entry]) => localStorage.setItem(key, JSON.stringify(entry))", [key, entry])


def test_a_choice_is_saved_and_only_then_said_to_be(open_page, server):
    page = open_page()
    expect(page.locator(SAVED)).to_have_text("")
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert server.saves == [{"chosen": ["engineer"], "sequence": ["1"]}]
    assert waiting(page) == {}
    assert page.locator(".steps [aria-current] small").inner_text() == "Saved"


def test_each_change_takes_the_next_number_from_the_one_of_the_page(open_page, server):
    page = open_page(Asked("single_choice", CHOICE.prompt, single_choice.Response(), sequence=5))
    for label in ["The engineer", "The reporter"]:
        page.get_by_label(label).check()
        expect(page.locator(SAVED)).to_have_text("Saved")
    assert [save["sequence"] for save in server.saves] == [["5"], ["6"]]


def test_the_token_goes_as_a_header_and_never_into_the_outbox(open_page, server):
    server.answers = ["down"]
    page = open_page()
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Not saved, trying again")
    assert server.tokens == ["fresh"]
    assert waiting(page)[KEY]["body"] == "chosen=engineer&sequence=1"


def test_marks_are_saved_once_after_a_pause(open_page, server):
    page = open_page(Asked("mark_spans", marking(), marks()))
    for index in range(3):
        page.locator("#passage .w").nth(index).click()
    expect(page.locator(SAVED)).to_have_text("Saving…")
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert server.saves == [{"mark-loaded-language": ["0", "1", "2"], "sequence": ["3"]}]


def test_nothing_to_mark_is_saved(open_page, server):
    page = open_page(Asked("mark_spans", marking(), marks("shrill")))
    page.get_by_label("Nothing to mark here").check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert server.saves == [{"nothing_to_mark": ["1"], "sequence": ["1"]}]


@pytest.mark.parametrize(
    "failure",
    ["down", UNAVAILABLE, (429, {}), (403, {})],
    ids=["offline", "unavailable", "too many", "forbidden"],
)
def test_what_fails_is_kept_and_tried_again(open_page, server, failure):
    page = open_page()
    server.answers = [failure, failure, "down"]
    stop_the_clock(page)
    page.get_by_label("The engineer").check()
    page.clock.run_for(10)
    expect(page.locator(SAVED)).to_have_text("Not saved, trying again")
    assert list(waiting(page)) == [KEY]
    server.answers = []
    page.clock.run_for(30_000)
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert waiting(page) == {}


def test_waits_grow_from_two_to_thirty_seconds(open_page, server):
    page = open_page()
    server.answers = ["down"] * 20
    stop_the_clock(page)
    page.get_by_label("The engineer").check()
    page.clock.run_for(10)
    for count, seconds in enumerate([2, 4, 8, 16, 30, 30], start=1):
        _until(page, lambda count=count: len(server.saves) == count)
        page.clock.run_for(seconds * 1000 - 100)
        assert len(server.saves) == count
        page.clock.run_for(200)
    _until(page, lambda: len(server.saves) == 7)


def _until(page: Page, reached: Callable[[], bool]) -> None:
    """Let the browser work, in real time, until `reached()` and a moment longer; five seconds at most."""
    for _ in range(50):
        if reached():
            page.wait_for_timeout(100)
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to that")


def test_a_refused_token_is_fetched_anew_once(open_page, server):
    server.answers = [(403, {})]
    page = open_page()
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert len(server.saves) == 2


def test_coming_online_sends_at_once(open_page, server):
    server.answers = ["down"]
    page = open_page()
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Not saved, trying again")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SAVED)).to_have_text("Saved", timeout=1500)


@pytest.mark.parametrize(
    ("answer", "said", "link"),
    [
        pytest.param(
            problem(409, "stale-response", sequence=9),
            "A newer answer was saved elsewhere. Reload",
            "Reload",
            id="changed elsewhere",
        ),
        pytest.param(
            problem(409, "attempt-closed"), "This was handed in already. Reload", "Reload", id="handed in"
        ),
        pytest.param(
            problem(422, "response-refused", detail="Choose one."),
            "Not saved: Choose one.",
            None,
            id="refused",
        ),
    ],
)
def test_what_the_server_refuses_is_said_and_dropped(open_page, server, answer, said, link):
    server.answers = [answer]
    page = open_page()
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text(said)
    assert page.locator(f"{SAVED} a").all_inner_texts() == ([link] if link else [])
    assert waiting(page) == {}
    assert page.get_by_label("The engineer").is_checked()


def test_signed_out_keeps_the_answer_and_offers_to_sign_in(open_page, server):
    server.answers = [problem(401, "signed-out")]
    page = open_page()
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text(
        "You are signed out. Sign in again; your answer waits here. Sign in"
    )
    href = page.locator(f"{SAVED} a").get_attribute("href")
    assert href is not None
    assert href.endswith(f"?next=%2Fattempts%2F{ATTEMPT}%2F2%2F")
    assert list(waiting(page)) == [KEY]


def test_a_waiting_answer_is_shown_and_sent_when_the_page_comes_back(tab, open_page, server):
    leave_waiting(tab, body="chosen=engineer")
    page = open_page()
    assert page.get_by_label("The engineer").is_checked()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert server.saves == [{"chosen": ["engineer"], "sequence": ["1"]}]
    page.get_by_label("The reporter").check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert server.saves[-1]["sequence"] == ["2"]


def test_waiting_marks_are_shown_by_the_passage(tab, open_page, server):
    leave_waiting(tab, body="mark-loaded-language=27&mark-loaded-language=28")
    page = open_page(Asked("mark_spans", marking(), marks("It asks")))
    assert page.locator("#passage .w.m").all_inner_texts() == ["shrill", "note"]


def test_a_waiting_answer_that_the_server_has_overtaken_is_let_go(tab, open_page, server):
    leave_waiting(tab, body="chosen=engineer", sequence=3)
    page = open_page(
        Asked("single_choice", CHOICE.prompt, single_choice.Response(chosen="reporter"), sequence=7)
    )
    assert page.get_by_label("The reporter").is_checked()
    assert waiting(page) == {}
    assert server.saves == []


def test_any_page_sends_what_waits_in_order_of_time(tab, open_page, server):
    leave_waiting(tab, position=3, body="chosen=b")
    leave_waiting(tab, position=1, body="chosen=a")
    page = open_page()
    page.wait_for_function("() => localStorage.length === 0")
    assert server.save_paths == [f"/attempts/{ATTEMPT}/1/", f"/attempts/{ATTEMPT}/3/"]


def test_another_user_s_answer_is_neither_shown_nor_sent(tab, open_page, server):
    leave_waiting(tab, user=OTHER_USER, body="chosen=engineer")
    page = open_page()
    page.get_by_label("The reporter").check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert server.saves == [{"chosen": ["reporter"], "sequence": ["1"]}]
    assert list(waiting(page)) == [KEY.replace(USER, OTHER_USER)]


def test_storage_that_throws_is_made_up_for_by_memory(tab, open_page, server):
    tab.add_init_script(
        "for (const name of ['setItem', 'getItem', 'removeItem'])"
        " Storage.prototype[name] = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    server.answers = ["down"]
    page = open_page()
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Not saved, trying again")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert [save["chosen"] for save in server.saves] == [["engineer"], ["engineer"]]


def test_a_button_sends_the_form_after_what_waits(open_page, server):
    page = open_page()
    page.get_by_label("The engineer").check()
    page.get_by_role("button", name="Next question").click()
    page.wait_for_selector("h1:has-text('Sent')")
    assert server.saves == [{"chosen": ["engineer"], "sequence": ["1"]}]
    assert server.sent == [
        (
            ASKED.url,
            {"csrfmiddlewaretoken": ["a-token"], "sequence": ["1"], "chosen": ["engineer"], "do": ["next"]},
        )
    ]


def test_a_button_sends_the_form_where_nothing_waits(open_page, server):
    page = open_page()
    page.get_by_role("button", name="Back").click()
    page.wait_for_selector("h1:has-text('Sent')")
    assert server.sent[0][1]["do"] == ["previous"]
    assert server.saves == []


def test_a_check_takes_a_number_of_its_own(open_page, server):
    page = open_page(Asked("single_choice", CHOICE.prompt, single_choice.Response(), practice=True))
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    page.get_by_role("button", name="Check").click()
    page.wait_for_selector("h1:has-text('Sent')")
    assert server.sent[0][1]["sequence"] == ["2"]
    assert server.sent[0][1]["do"] == ["check"]


def test_a_button_stays_where_the_answer_cannot_be_sent(open_page, server):
    server.answers = ["down"] * 5
    page = open_page()
    page.get_by_label("The engineer").check()
    page.get_by_role("button", name="Next question").click()
    expect(page.locator(SAVED)).to_have_text("Not saved yet, so this page stays. Trying again")
    assert server.sent == []


def test_a_button_stays_where_the_answer_was_changed_elsewhere(open_page, server):
    server.answers = [problem(409, "stale-response", sequence=9)]
    page = open_page()
    page.get_by_label("The engineer").check()
    page.get_by_role("button", name="Next question").click()
    expect(page.locator(SAVED)).to_contain_text("A newer answer was saved elsewhere.")
    assert server.sent == []


def test_leaving_warns_only_while_something_is_unsaved(open_page, server):
    page = open_page()
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    warned = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert page.evaluate(warned) is False
    server.answers = ["down"]
    page.get_by_label("The reporter").check()
    expect(page.locator(SAVED)).to_have_text("Not saved, trying again")
    assert page.evaluate(warned) is True


def test_a_link_waits_for_what_is_being_saved(open_page, server):
    page = open_page(Asked("mark_spans", marking(), marks()))
    page.locator("#passage .w").first.click()
    page.get_by_role("link", name="Bad news").click()
    page.wait_for_url(f"{ORIGIN}/attempts/{ATTEMPT}/3/")
    assert server.saves == [{"mark-loaded-language": ["0"], "sequence": ["1"]}]


def test_none_of_these_and_the_options_exclude_each_other(open_page, server):
    page = open_page(Asked("multiple_choice", CHOICES.prompt, CHOICES.right))
    page.get_by_label("None of these").check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert server.saves[-1] == {"none_of_these": ["1"], "sequence": ["1"]}
    first = CHOICES.prompt.options[0]
    page.get_by_label(first.text).check()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert server.saves[-1] == {"chosen": [first.ref], "sequence": ["2"]}


def test_signing_out_sends_first_what_waits(open_page, server):
    page = open_page(Asked("mark_spans", marking(), marks()))
    page.locator("#passage .w").first.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("h1:has-text('Sent')")
    assert len(server.saves) == 1
    assert len(server.sent) == 1


def test_signing_out_goes_at_once_where_nothing_waits(open_page, server):
    page = open_page()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("h1:has-text('Sent')")
    assert [form["csrfmiddlewaretoken"] for _path, form in server.sent] == [["a-token"]]


def test_signing_out_asks_before_answers_are_lost(tab, open_page, server):
    leave_waiting(tab, position=3, body="chosen=b")
    server.answers = ["down"] * 20
    page = open_page()
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Not saved, trying again")
    button = page.get_by_role("button", name="Sign out")
    button.press("Enter")
    dialog = page.get_by_role(
        "dialog", name="2 answers are not saved yet. If you sign out now they are lost."
    )
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == "Stay"
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    assert len(waiting(page)) == 2
    assert server.sent == []


def test_signing_out_loses_answers_only_when_told_to(open_page, server):
    server.answers = ["down"] * 20
    page = open_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: _accept(dialog, asked))
    page.get_by_label("The engineer").check()
    expect(page.locator(SAVED)).to_have_text("Not saved, trying again")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out and lose it").click()
    page.wait_for_selector("h1:has-text('Sent')")
    assert asked == []
    page.goto(f"{ORIGIN}/elsewhere")
    assert waiting(page) == {}


def _accept(dialog: Dialog, asked: list[str]) -> None:
    asked.append(dialog.type)
    dialog.accept()


def test_feedback_takes_the_focus_after_a_check(open_page):
    key = CHOICE.key
    page = open_page(Asked("single_choice", CHOICE.prompt, CHOICE.right, key, practice=True))
    expect(page.locator("h1")).to_be_focused()
    assert re.sub(r"\s+", " ", page.locator("h1").inner_text()) == "That is right."
