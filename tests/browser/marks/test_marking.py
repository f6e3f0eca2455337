"""Marking in the page: pointer, keys, list, announcements, and what the form then sends."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.marks.pages import ORIGIN, Asked, Server, item_page, marking, marks

pytestmark = pytest.mark.browser

SENT = """() => [...new FormData(document.querySelector("#answer"))]
    .filter(([name]) => name.startsWith("mark-") || name === "nothing_to_mark")
    .map(([name, value]) => `${name}=${value}`)"""


@pytest.fixture
def open_page(tab: Page, server: Server):
    """Open the marking page of a response, as words or as sentences."""

    def opened(*quotes: str, granularity: str = "words", nothing: bool = False) -> Page:
        skill = "loaded-language" if granularity == "words" else "attribution"
        response = marks(*quotes, skill=skill, nothing=nothing)
        asked = Asked("mark_spans", marking(granularity), response)
        server.pages[asked.url] = item_page(asked)
        tab.goto(ORIGIN + asked.url)
        expect(tab.locator("#mode")).to_be_visible()
        return tab

    return opened


def word(page: Page, text: str) -> Locator:
    return page.locator("#passage .w").get_by_text(text, exact=True).first


def sent(page: Page) -> list[str]:
    return page.evaluate(SENT)


def said(page: Page) -> str:
    return page.locator("#said").inner_text()


def listed(page: Page) -> list[str]:
    return page.locator("#marks q").all_inner_texts()


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def start_at(page: Page, text: str) -> None:
    word(page, text).focus()


def test_marking_makes_each_paragraph_a_listbox_named_by_the_task(open_page):
    page = open_page("shrill")
    boxes = page.get_by_role("listbox", name="A school’s phone rule")
    assert boxes.count() == 2
    assert boxes.first.get_attribute("aria-multiselectable") == "true"
    option = page.get_by_role("option", name="shrill, Words that judge")
    assert option.get_attribute("aria-selected") == "true"
    assert page.locator("#passage input").count() == 0


def test_marking_keeps_the_text_as_it_was(open_page):
    page = open_page("shrill")
    assert page.locator("#passage p").all_text_contents() == marking().passage.text.split("\n")


def test_click_marks_and_marks_off(open_page):
    page = open_page()
    word(page, "shrill").click()
    assert said(page) == "Marked “shrill”, Words that judge. 1 mark."
    assert sent(page) == ["mark-loaded-language=27"]
    word(page, "shrill").click()
    assert said(page) == "No longer marked: “shrill”. 0 marks."
    assert sent(page) == []


def test_click_between_the_words_marks_nothing(open_page):
    page = open_page()
    page.locator("#passage .g").first.dispatch_event("click")
    assert page.locator("#count").inner_text() == "0 marks"
    assert said(page) == ""


def test_touching_marks_become_one_in_list_count_and_announcement(open_page):
    page = open_page("shrill")
    word(page, "note").click()
    assert said(page) == "Marked “shrill note”, Words that judge. 1 mark."
    assert listed(page) == ["shrill note"]
    assert page.locator("#count").inner_text() == "1 mark"
    assert sent(page) == ["mark-loaded-language=27", "mark-loaded-language=28"]


def test_stored_marks_are_there_when_the_script_takes_over(open_page):
    page = open_page("heavy-handed rule", "It asks")
    assert page.locator("#count").inner_text() == "2 marks"
    assert sent(page) == [f"mark-loaded-language={index}" for index in (7, 8, 32, 33)]
    assert page.locator("#passage .w.at").all_inner_texts() == ["heavy-handed", "It"]


def test_tab_stops_once_in_the_passage(open_page):
    page = open_page()
    assert page.locator("#passage [tabindex='0']").count() == 1
    page.locator("#mode").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Two"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "nothing_to_mark"


def test_tab_comes_back_to_the_word_that_was_left(open_page):
    page = open_page()
    start_at(page, "shrill")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "shrill"


@pytest.mark.parametrize(
    ("start", "key", "reached"),
    [
        ("Two", "ArrowRight", "days"),
        ("days", "ArrowLeft", "Two"),
        ("school", "ArrowDown", "The"),
        ("shrill", "ArrowUp", "The"),
        ("shrill", "End", "pages"),
        ("shrill", "Home", "The"),
        ("shrill", "Control+End", "read"),
        ("shrill", "Control+Home", "Two"),
        ("pages", "ArrowRight", "It"),
    ],
)
def test_keys_move(open_page, start, key, reached):
    page = open_page()
    start_at(page, start)
    page.keyboard.press(key)
    assert focused(page) == reached


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_space_and_enter_mark_and_do_not_send_the_form(open_page, server, key):
    page = open_page()
    start_at(page, "shrill")
    page.keyboard.press(key)
    assert said(page) == "Marked “shrill”, Words that judge. 1 mark."
    assert server.sent == []
    assert focused(page) == "shrill"


def test_shift_and_arrows_take_a_range_that_space_marks(open_page):
    page = open_page()
    start_at(page, "shrill")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert said(page) == "Selecting “shrill note of”"
    assert page.locator("#passage .range").all_inner_texts() == ["shrill", "note", "of"]
    page.keyboard.press("Space")
    assert said(page) == "Marked “shrill note of”, Words that judge. 1 mark."
    assert page.locator("#passage .range").count() == 0


def test_a_range_over_a_line_break_makes_two_marks(open_page):
    page = open_page()
    start_at(page, "pages")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Space")
    assert page.locator("#count").inner_text() == "2 marks"


def test_moving_without_shift_lets_the_range_go(open_page):
    page = open_page()
    start_at(page, "shrill")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert said(page) == "Marked “of”, Words that judge. 1 mark."


def test_delete_takes_the_whole_mark_off(open_page):
    page = open_page("heavy-handed rule", "shrill")
    start_at(page, "rule")
    page.keyboard.press("Delete")
    assert said(page) == "No longer marked: “heavy-handed rule”. 1 mark."
    assert sent(page) == ["mark-loaded-language=27"]


def test_escape_first_lets_the_range_go_then_goes_to_the_mark_button(open_page):
    page = open_page()
    start_at(page, "shrill")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Escape")
    assert (said(page), focused(page)) == ("Selection let go.", "note")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "mode"


def test_the_digit_says_the_skill_only_in_the_passage(open_page):
    page = open_page()
    page.locator("#mode").focus()
    page.keyboard.press("1")
    assert said(page) == ""
    start_at(page, "shrill")
    page.keyboard.press("1")
    assert said(page) == "Marking as Words that judge."


def test_question_mark_opens_the_keys(open_page):
    page = open_page()
    start_at(page, "shrill")
    page.keyboard.press("?")
    expect(page.locator("#keys dl")).to_be_visible()
    assert focused(page) == "All keys"


def test_reading_is_plain_prose_and_marks_nothing(open_page):
    page = open_page("shrill")
    page.locator("#mode").click()
    assert page.locator("#mode").get_attribute("aria-pressed") == "false"
    assert page.locator("#passage [role], #passage [tabindex], #passage [aria-label]").count() == 0
    word(page, "note").click()
    assert sent(page) == ["mark-loaded-language=27"]
    page.locator("#mode").click()
    assert page.get_by_role("option", name="shrill, Words that judge").count() == 1


def test_nothing_to_mark_takes_the_marks_off(open_page):
    page = open_page("shrill", "It asks")
    page.get_by_label("Nothing to mark here").check()
    assert said(page) == "Nothing to mark here. All marks are taken off."
    assert sent(page) == ["nothing_to_mark=1"]
    assert listed(page) == []


def test_a_mark_takes_nothing_to_mark_back(open_page):
    page = open_page(nothing=True)
    assert sent(page) == ["nothing_to_mark=1"]
    word(page, "shrill").click()
    assert sent(page) == ["mark-loaded-language=27"]


def test_remove_in_the_list_hands_focus_on(open_page):
    page = open_page("heavy-handed", "shrill", "It asks")
    page.get_by_role("button", name="Remove “shrill”, Words that judge").press("Enter")
    assert page.evaluate("document.activeElement.ariaLabel") == "Remove “It asks”, Words that judge"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaLabel") == "Remove “heavy-handed”, Words that judge"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "your-marks"
    assert page.locator("#no-marks").inner_text() == "None yet."


def test_sentences_are_marked_whole(open_page):
    page = open_page(granularity="sentences")
    assert page.get_by_role("option").count() == 3
    page.get_by_role("option").first.click()
    assert sent(page) == ["mark-attribution=0"]
    assert said(page).startswith(
        "Marked “Two days later the school changed its heavy-handed rule: phones with"
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert sent(page) == ["mark-attribution=0", "mark-attribution=1"]
    assert page.locator("#count").inner_text() == "1 mark"


def test_touch_marks_a_word(chromium, server):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    server.serve(page)
    asked = Asked("mark_spans", marking(), marks())
    server.pages[asked.url] = item_page(asked)
    page.goto(ORIGIN + asked.url)
    word(page, "shrill").tap()
    assert sent(page) == ["mark-loaded-language=27"]
    context.close()


def test_the_form_sends_the_same_with_and_without_script(chromium, server, open_page):
    scripted = sent(open_page("heavy-handed rule", "It asks"))
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    server.serve(page)
    page.goto(f"{ORIGIN}{next(iter(server.pages))}")
    page.get_by_role("button", name="Next question").click()
    _path, form = server.sent[-1]
    assert [f"mark-loaded-language={value}" for value in form["mark-loaded-language"]] == scripted
    context.close()


def test_checkboxes_mark_by_keyboard_without_script(chromium, server):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    server.serve(page)
    asked = Asked("mark_spans", marking(), marks("shrill"))
    server.pages[asked.url] = item_page(asked)
    page.goto(ORIGIN + asked.url)
    page.get_by_label("note", exact=True).press("Space")
    page.get_by_role("button", name="Next question").click()
    assert server.sent[-1][1]["mark-loaded-language"] == ["27", "28"]
    context.close()
