"""Marking in the page: pointer, touch, keys, list, announcements, and what the form then sends."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from quizzes.types import mark_spans
from tests.browser.marks.pages import (
    ARABIC,
    ARABIC_ARTICLE,
    MIXED,
    ORIGIN,
    SKILLS,
    TEXT,
    Asked,
    Server,
    asking,
    item_page,
    marking,
    marks,
)

pytestmark = pytest.mark.browser

SENT = """() => [...new FormData(document.querySelector("#answer"))]
    .filter(([name]) => name.startsWith("mark-") || name === "nothing_to_mark")
    .map(([name, value]) => `${name}=${value}`)"""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SENTENCES = [TEXT[start:end] for start, end in marking().passage.sentences]
JUDGES = "mark-loaded-language"
SURE = "mark-certainty"


@pytest.fixture
def open_page(tab: Page, server: Server):
    """Open the marking page of a response, as words or as sentences."""

    def opened(*quotes: str, granularity: str = "words", nothing: bool = False) -> Page:
        skill = "loaded-language" if granularity == "words" else "attribution"
        response = marks(*quotes, skill=skill, nothing=nothing)
        return visit(tab, server, Asked("mark_spans", marking(granularity), response))

    return opened


@pytest.fixture
def open_two(tab: Page, server: Server):
    """Open a question for two skills: quotes by skill."""

    def opened(
        judges: tuple[str, ...] = (), sure: tuple[str, ...] = (), granularity: str = "words", text: str = TEXT
    ) -> Page:
        made = [*marks(*judges).marks, *marks(*sure, skill="certainty").marks]
        return visit(
            tab,
            server,
            Asked("mark_spans", asking(granularity, SKILLS, text), mark_spans.Response(marks=tuple(made))),
        )

    return opened


def visit(page: Page, server: Server, asked: Asked) -> Page:
    server.pages[asked.url] = item_page(asked)
    page.goto(ORIGIN + asked.url)
    expect(page.locator("#mode")).to_be_visible()
    return page


@pytest.fixture
def on_phone(chromium: Browser, server: Server):
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    server.serve(page)
    yield page
    context.close()


@pytest.fixture
def without_script(chromium: Browser, server: Server):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    server.serve(page)
    yield page
    context.close()


def word(page: Page, text: str) -> Locator:
    return page.locator("#passage .w", has_text=re.compile(f"^{text}$")).first


def settled(page: Page) -> None:
    """What can wait until a frame has shown the mark is done."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done))))")


def sent(page: Page) -> list[str]:
    settled(page)
    return page.evaluate(SENT)


def said(page: Page) -> str:
    settled(page)
    return page.locator("#said").inner_text()


def count(page: Page) -> str:
    settled(page)
    return page.locator("#count").inner_text()


def listed(page: Page) -> list[str]:
    settled(page)
    return page.locator("#marks q").all_inner_texts()


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def focus_name(page: Page) -> str:
    return page.evaluate("document.activeElement.ariaLabel")


def start_at(page: Page, text: str) -> None:
    """As assistive technology does: open the sentence, unless it is open, and go to the word."""
    settled(page)
    word(page, text).evaluate("(one) => one.closest('.s').role === 'option' && one.closest('.s').click()")
    word(page, text).focus()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def middle(where: Locator) -> tuple[float, float]:
    box = where.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], *then: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for point in then:
        page.mouse.move(*point, steps=4)


def after(where: Locator, by: float = 3) -> tuple[float, float]:
    """A point in the gap after a word."""
    box = where.bounding_box()
    assert box is not None
    return box["x"] + box["width"] + by, box["y"] + box["height"] / 2


# Structure


def test_marking_keeps_the_text_and_the_marks_that_were_stored(open_page):
    page = open_page("heavy-handed rule", "It asks")
    assert page.locator("#passage p").all_text_contents() == TEXT.split("\n")
    assert count(page) == "2 marks"
    assert sent(page) == [f"{JUDGES}={index}" for index in (7, 8, 32, 33)]
    assert page.locator("#passage .w.at").all_inner_texts() == ["heavy-handed", "It"]
    assert listed(page) == ["heavy-handed rule", "It asks"]
    assert page.locator("#passage input").count() == 0


def tree(page: Page) -> list[tuple[int, str, str]]:
    """What Chromium tells assistive technology of the passage: depth, role and name of what has a name."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}

    def walk(node: dict[str, Any], depth: int):
        role = node["role"]["value"]
        shown = not node["ignored"] and role in {"listbox", "option", "group"}
        if shown:
            yield depth, role, node["name"]["value"]
        for child in node.get("childIds", ()):
            yield from walk(nodes[child], depth + shown)

    boxes = [one for one in nodes.values() if not one["ignored"] and one["role"]["value"] == "listbox"]
    return [line for box in boxes for line in walk(box, 0)]


def test_a_listener_walks_sentences_and_opens_one_to_reach_its_words(open_page):
    page = open_page("shrill")
    first, second, third = SENTENCES
    task = marking().task
    shrill = f"{second} Marked: “shrill”, Words that judge."
    assert tree(page) == [
        (0, "listbox", task),
        (1, "option", first),
        (1, "option", shrill),
        (0, "listbox", task),
        (1, "option", third),
    ]
    assert page.locator("#passage [tabindex='0']").count() == 1
    page.locator("[name=nothing_to_mark]").focus()
    press(page, "Tab", "ArrowDown")
    assert focus_name(page) == shrill
    press(page, "Enter")
    words = ["The", "parents", "council", "answered", "with", "a", "shrill, Words that judge", "note", "of"]
    assert tree(page)[2:13] == [
        (1, "group", "The parents’ council answered with a shrill note …"),
        *((2, "option", name) for name in [*words, "two"]),
    ]
    press(page, "End")
    assert focused(page) == "pages"
    press(page, "Escape")
    assert focus_name(page) == shrill
    assert tree(page)[2] == (1, "option", shrill)
    press(page, "Escape")
    assert page.evaluate("document.activeElement.id") == "mode"


def test_options_tell_whether_they_are_marked_for_the_current_skill(open_two):
    page = open_two(judges=("shrill note",), sure=("note",))
    start_at(page, "note")
    selected = page.locator("#passage [aria-selected=true]")
    assert selected.all_inner_texts() == ["shrill", "note"]
    assert focus_name(page) == "note, Words that judge, How sure is it?"
    press(page, "2")
    assert selected.all_inner_texts() == ["note"]


def test_sentences_are_options_where_they_are_marked(open_page):
    page = open_page(granularity="sentences")
    assert [role for _depth, role, _name in tree(page)] == [
        "listbox",
        "option",
        "option",
        "listbox",
        "option",
    ]
    page.get_by_role("option").first.click()
    assert sent(page) == ["mark-attribution=0"]
    assert said(page).startswith("Marked “Two days later the school changed its heavy-handed rule: phones")
    press(page, "ArrowDown", "Space")
    assert sent(page) == ["mark-attribution=0", "mark-attribution=1"]
    assert count(page) == "1 mark"
    press(page, "Escape")
    assert page.evaluate("document.activeElement.id") == "mode"


def test_an_assistive_click_opens_a_sentence_and_marks_a_word(open_page):
    page = open_page()
    for _ in range(2):  # first the sentence opens, then the word is marked
        word(page, "note").evaluate("(one) => one.click()")
    assert sent(page) == [f"{JUDGES}=28"]


def test_reading_is_plain_prose_that_can_be_selected_and_marks_nothing(open_page):
    page = open_page("shrill")
    start_at(page, "shrill")
    page.locator("#mode").click()
    assert page.locator("#mode").get_attribute("aria-pressed") == "false"
    assert page.locator("#passage :is([role], [tabindex], [aria-label], [aria-selected])").count() == 0
    word(page, "note").dblclick()
    assert page.evaluate("getSelection().toString().trim()") == "note"
    assert sent(page) == [f"{JUDGES}=27"]
    page.locator("#mode").click()
    assert page.get_by_role("option", name="shrill, Words that judge", exact=True).count() == 1


# Pointer


def test_a_click_marks_and_a_second_one_takes_the_mark_off(open_page):
    page = open_page()
    word(page, "shrill").click()
    assert said(page) == "Marked “shrill”, Words that judge. 1 mark."
    assert sent(page) == [f"{JUDGES}=27"]
    word(page, "note").click()
    assert said(page) == "Marked “shrill note”, Words that judge. 1 mark."
    assert (listed(page), count(page)) == (["shrill note"], "1 mark")
    assert page.locator("#passage .g.m").count() == 1
    assert focused(page) == "note"
    for text in ("note", "shrill"):
        word(page, text).click()
    assert said(page) == "No longer marked: “shrill”. 0 marks."
    assert (sent(page), page.locator("#passage .m").count()) == ([], 0)


def test_what_is_no_click_on_a_word_marks_nothing(open_page):
    page = open_page()
    x, y = page.locator("#passage p").last.evaluate(
        "(one) => [one.getBoundingClientRect().left + 60, one.getBoundingClientRect().top + 2]"
    )
    page.mouse.click(x, y)
    word(page, "shrill").click(button="right")
    word(page, "shrill").click(button="middle")
    drag(page, middle(word(page, "shrill")), middle(word(page, "of")))
    press(page, "Escape")  # lets go of what the pointer holds
    page.mouse.up()
    page.mouse.move(*middle(word(page, "shrill")))
    page.mouse.down()
    page.locator("#passage").dispatch_event("pointercancel")
    page.mouse.up()
    assert (sent(page), count(page), page.locator("#passage .range").count()) == ([], "0 marks", 0)


def test_a_drag_marks_what_it_was_drawn_across(open_page):
    page = open_page()
    drag(page, middle(word(page, "shrill")), middle(word(page, "of")))
    assert page.locator("#passage .range").all_inner_texts() == ["shrill", "note", "of"]
    assert sent(page) == []
    page.mouse.move(*middle(word(page, "note")))
    assert page.locator("#passage .range").all_inner_texts() == ["shrill", "note"]
    page.mouse.up()
    assert said(page) == "Marked “shrill note”, Words that judge. 1 mark."
    assert (sent(page), page.locator("#passage .range").count()) == ([f"{JUDGES}=27", f"{JUDGES}=28"], 0)
    assert focused(page) == "note"


def test_a_drag_goes_over_lines_from_either_end_and_from_gaps(open_page):
    page = open_page()
    drag(page, after(word(page, "note"), -2), after(word(page, "The"), 1))  # backwards, up a line
    page.mouse.up()
    assert listed(page) == ["The parents’ council answered with a shrill note"]
    press(page, "Control+z")
    drag(page, middle(word(page, "pages")), middle(word(page, "asks")))  # into the next paragraph
    page.mouse.up()
    assert listed(page) == ["pages", "It asks"]
    press(page, "Control+z")
    x, y = after(word(page, "shrill"), 1)  # a gap, nearer to the word before
    drag(page, (x, y), middle(word(page, "of")))
    page.mouse.up()
    assert listed(page) == ["shrill note of"]
    drag(page, middle(word(page, "of")), middle(word(page, "shrill")))  # all of it marked: off again
    page.mouse.up()
    assert listed(page) == []
    bottom = page.locator("#passage p").first.bounding_box()
    assert bottom is not None
    drag(page, middle(word(page, "of")), (bottom["x"] + bottom["width"] - 4, middle(word(page, "of"))[1]))
    page.mouse.up()
    assert listed(page) == ["of two pages"]  # to beyond the end of the line


class Fingers:
    """Touch points by CDP, as a hand gives them."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)

    def do(self, kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": at})

    def draw(self, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
        self.do("Start", start)
        for step in range(1, steps + 1):
            self.do("Move", tuple(a + (b - a) * step / steps for a, b in zip(start, end, strict=True)))


def test_fingers_tap_draw_and_scroll(on_phone, server):
    page = visit(on_phone, server, Asked("mark_spans", marking(), marks()))
    fingers = Fingers(page)
    word(page, "shrill").tap()
    assert sent(page) == [f"{JUDGES}=27"]
    word(page, "shrill").tap()
    assert sent(page) == []
    fingers.draw(middle(word(page, "answered")), middle(word(page, "shrill")))
    assert page.locator("#passage .range").all_inner_texts() == ["answered", "with", "a", "shrill"]
    fingers.do("End")
    assert listed(page) == ["answered with a shrill"]
    x, y = middle(word(page, "owners"))
    fingers.draw((x, y), (x + 4, y - 250))
    fingers.do("End")
    page.wait_for_function("() => scrollY > 100")
    assert listed(page) == ["answered with a shrill"]
    one, other = middle(word(page, "two")), middle(word(page, "pages"))
    fingers.do("Start", one)
    fingers.do("Start", one, other)
    fingers.do("End")
    assert (listed(page), page.locator("#passage .range").count()) == (["answered with a shrill"], 0)


# Several skills


def test_a_word_takes_a_second_skill_and_both_are_seen(open_two):
    page = open_two()
    page.locator("[value=certainty]").check()
    assert said(page) == "Marking as How sure is it?"
    word(page, "shrill").click()
    boxes = """() => [...document.querySelectorAll('#passage .w')].map((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return [left, right, Math.round(top + bottom)];
    })"""
    before = page.evaluate(boxes)
    page.locator("[value=loaded-language]").check()
    drag(page, middle(word(page, "shrill")), middle(word(page, "note")))
    page.mouse.up()
    assert page.evaluate(boxes) == before
    assert sent(page) == [f"{JUDGES}=27", f"{JUDGES}=28", f"{SURE}=27"]
    assert page.locator("#marks li").all_inner_texts() == [
        "shrill note\nWords that judge\nRemove",
        "shrill\nHow sure is it?\nRemove",
    ]
    lines = """() => [...document.querySelectorAll('#passage .w .m, #passage .w.m')].map((one) => {
      const { textDecorationStyle, textUnderlineOffset, fontSize } = getComputedStyle(one);
      const letter = getComputedStyle(one, '::before').content.split('"')[1];
      return [one.textContent, letter, textDecorationStyle, parseFloat(textUnderlineOffset) / parseFloat(fontSize)];
    })"""
    assert page.evaluate(lines) == [
        ["shrill", "J", "dashed", pytest.approx(0.24, abs=0.01)],
        ["shrill", "S", "dotted", pytest.approx(0.43, abs=0.01)],
        ["note", None, "dashed", pytest.approx(0.24, abs=0.01)],
    ]
    page.get_by_role("button", name="Remove “shrill note”, Words that judge").click()
    assert sent(page) == [f"{SURE}=27"]
    assert said(page) == "No longer marked: “shrill note”. 1 mark."


def test_digits_choose_the_skill_only_in_the_passage(open_two):
    page = open_two()
    page.locator("#mode").focus()
    press(page, "2")
    assert page.locator("[value=loaded-language]").is_checked()
    start_at(page, "shrill")
    press(page, "2", "Space", "9")
    assert page.locator("[value=certainty]").is_checked()
    assert sent(page) == [f"{SURE}=27"]
    assert focus_name(page) == "shrill, How sure is it?"


def test_sentences_take_several_skills_too(open_two):
    page = open_two(judges=("shrill",), granularity="sentences")
    page.get_by_role("option").nth(1).focus()
    press(page, "2", "Space", "Shift+ArrowDown", "Space")
    assert sent(page) == [f"{JUDGES}=1", f"{SURE}=1", f"{SURE}=2"]
    assert page.locator("#passage .tiles").count() == 0


# Keys


def test_tab_stops_once_in_the_passage_where_it_was_left(open_page):
    page = open_page()
    start_at(page, "shrill")
    press(page, "Tab")
    assert focused(page) == "Next question"
    press(page, "Shift+Tab")
    assert focused(page) == "shrill"
    page.reload()
    expect(page.locator("#passage")).to_have_class("prose gap1 k-loaded-language marking-on")
    stop = page.locator("#passage [tabindex='0']")
    assert stop.all_inner_texts() == [SENTENCES[1]]
    stop.focus()
    press(page, "End")
    assert focused(page) == "pages"


def test_keys_move(open_page):
    page = open_page()
    for start, key, reached in [
        ("Two", "ArrowRight", "days"),
        ("days", "ArrowLeft", "Two"),
        ("school", "ArrowDown", "The"),
        ("shrill", "ArrowUp", "The"),
        ("shrill", "End", "pages"),
        ("shrill", "Home", "The"),
        ("shrill", "Control+End", "read"),
        ("shrill", "Control+Home", "Two"),
        ("pages", "ArrowRight", "It"),
        ("It", "ArrowLeft", "pages"),
    ]:
        start_at(page, start)
        press(page, key)
        assert (start, key, focused(page)) == (start, key, reached)


def test_keys_move_among_sentences_until_one_is_opened(open_page):
    page = open_page()
    page.locator("#passage [tabindex='0']").focus()
    first, second, third = SENTENCES
    for key, reached in [
        ("ArrowDown", second),
        ("ArrowDown", third),
        ("ArrowDown", third),
        ("ArrowUp", second),
        ("Control+Home", first),
        ("Control+End", third),
        ("ArrowLeft", "pages"),
        ("ArrowRight", "It"),
        ("Escape", third),
        ("ArrowRight", "It"),
        ("Escape", third),
        ("End", "read"),
        ("Escape", third),
        ("Space", "It"),
    ]:
        press(page, key)
        assert (key, focused(page)) == (key, reached)
    assert sent(page) == []


def test_space_and_enter_toggle_and_delete_takes_the_whole_mark_off(open_page):
    page = open_page("heavy-handed rule")
    start_at(page, "shrill")
    press(page, "Space", "ArrowRight", "Enter")
    assert listed(page) == ["heavy-handed rule", "shrill note"]
    press(page, "Enter")
    assert listed(page) == ["heavy-handed rule", "shrill"]
    start_at(page, "rule")
    press(page, "Delete")
    assert said(page) == "No longer marked: “heavy-handed rule”. 1 mark."
    assert sent(page) == [f"{JUDGES}=27"]


def test_shift_takes_a_range_that_is_marked_or_let_go(open_page):
    page = open_page()
    start_at(page, "shrill")
    press(page, "Shift+ArrowRight", "Shift+ArrowRight")
    assert said(page) == "Selecting “shrill note of”"
    assert page.locator("#passage .range").all_inner_texts() == ["shrill", "note", "of"]
    press(page, "Shift+ArrowLeft", "Escape")
    assert (said(page), focused(page)) == ("Selection let go.", "note")
    press(page, "Shift+ArrowLeft", "ArrowRight", "Space")
    assert said(page) == "Marked “note”, Words that judge. 1 mark."
    press(page, "Shift+ArrowDown", "Space")  # on into the next sentence, in the next paragraph
    assert listed(page) == ["note of two pages", "It"]
    assert page.locator("#passage .range").count() == 0
    assert focused(page) == "It"


def test_question_mark_opens_the_keys(open_page):
    page = open_page()
    start_at(page, "shrill")
    press(page, "?")
    expect(page.locator("#keys dl")).to_be_visible()
    assert focused(page) == "All keys"


def test_focus_is_never_under_the_bar(open_two):
    page = open_two(text="\n".join([TEXT] * 5))
    page.set_viewport_size({"width": 900, "height": 420})
    page.locator("#passage [tabindex='0']").focus()
    covered = """() => {
      const focus = document.activeElement.getClientRects()[0];
      const bar = document.querySelector(".bar").getBoundingClientRect();
      return focus.top < bar.bottom && focus.bottom > bar.top;
    }"""
    for key in ("ArrowRight", "Control+End", *["ArrowUp"] * 12, "Escape", *["ArrowUp"] * 3, "Control+End"):
        press(page, key)
        assert page.evaluate(covered) is False, key


# Undo


def test_undo_and_redo_go_over_marks_removals_and_nothing_to_mark(open_page):
    page = open_page("It asks")
    undo, redo = page.locator("#undo"), page.locator("#redo")
    assert undo.get_attribute("aria-disabled") == "true"
    undo.click(force=True)
    assert said(page) == "Nothing to undo."
    word(page, "shrill").click()
    page.get_by_role("button", name="Remove “It asks”, Words that judge").click()
    page.get_by_label("Nothing to mark here").check()
    assert said(page) == "Nothing to mark here. All marks are taken off."
    assert (sent(page), listed(page)) == (["nothing_to_mark=1"], [])
    undo.click()
    assert said(page) == "Undone. 1 mark."
    assert sent(page) == [f"{JUDGES}=27"]
    start_at(page, "of")
    press(page, "Control+z", "Control+Shift+z")  # with Shift: redo
    assert said(page) == "Redone. 1 mark."
    press(page, "Control+z", "Control+z", "Control+z")
    assert (said(page), listed(page)) == ("Nothing to undo.", ["It asks"])
    press(page, "Control+y", "Control+y")
    assert listed(page) == ["shrill"]
    redo.click()
    assert sent(page) == ["nothing_to_mark=1"]
    assert redo.get_attribute("aria-disabled") == "true"
    word(page, "note").click()
    assert sent(page) == [f"{JUDGES}=28"]
    assert redo.get_attribute("aria-disabled") == "true"
    press(page, "Control+z")
    assert sent(page) == ["nothing_to_mark=1"]
    stored = page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    assert "flips" not in stored


def test_remove_in_the_list_hands_focus_on(open_page):
    page = open_page("heavy-handed", "shrill", "It asks")
    page.get_by_role("button", name="Remove “shrill”, Words that judge").press("Enter")
    assert focus_name(page) == "Remove “It asks”, Words that judge"
    press(page, "Enter")
    assert focus_name(page) == "Remove “heavy-handed”, Words that judge"
    press(page, "Enter")
    assert page.evaluate("document.activeElement.id") == "your-marks"
    assert page.locator("#no-marks").inner_text() == "None yet."


# Any text


@pytest.mark.parametrize("text", [ARABIC, MIXED], ids=["Arabic", "letters beyond the first plane"])
def test_what_is_marked_is_what_the_server_reads(tab, server, text):
    asked = asking("words", SKILLS, text)
    page = visit(tab, server, Asked("mark_spans", asked, mark_spans.Response()))
    words = page.locator("#passage .w")
    assert words.all_text_contents() == [asked.passage.text[start:end] for start, end in asked.passage.words]
    for at in range(0, words.count(), 2):
        words.nth(at).click()
    form: dict[str, list[str]] = {}
    for name, value in (pair.split("=") for pair in sent(page)):
        form.setdefault(name, []).append(value)
    made = mark_spans.from_form(asked, form)["marks"]
    assert [(mark["start"], mark["end"]) for mark in made] == list(asked.passage.words[::2])
    page.locator("#passage .w").first.evaluate("(one) => one.focus()")


def test_right_to_left_text_turns_the_keys_and_the_drag_round(tab, server):
    asked = asking("words", SKILLS, ARABIC)
    page = visit(tab, server, Asked("mark_spans", asked, mark_spans.Response(), article=ARABIC_ARTICLE))
    page.locator("#passage [tabindex='0']").focus()
    press(page, "ArrowLeft", "ArrowLeft")
    words = page.locator("#passage .w")
    assert focused(page) == words.nth(1).inner_text()
    first, second = words.nth(3).bounding_box(), words.nth(5).bounding_box()
    assert first is not None
    assert second is not None
    drag(page, (first["x"] - 2, first["y"] + 9), (second["x"] - 1, second["y"] + 9))
    page.mouse.up()
    assert sent(page) == [f"{JUDGES}=3", f"{JUDGES}=4", f"{JUDGES}=5"]


# The form


def test_a_skill_that_is_chosen_is_no_answer(open_two, server):
    page = open_two(judges=("shrill note",), sure=("shrill note",))
    page.locator("[value=certainty]").check()
    page.locator("#mode").click()
    page.wait_for_timeout(600)
    assert server.saves == []


def test_the_form_sends_the_same_with_and_without_script(open_two, without_script, server):
    scripted = sent(open_two(judges=("heavy-handed rule", "It asks"), sure=("rule",)))
    without_script.goto(f"{ORIGIN}{next(iter(server.pages))}")
    without_script.get_by_role("button", name="Next question").click()
    _path, form = server.sent[-1]
    assert [f"{name}={value}" for name in (JUDGES, SURE) for value in form[name]] == scripted


def test_checkboxes_mark_without_script(without_script, server):
    page = without_script

    def show(prompt: mark_spans.Prompt, response: mark_spans.Response) -> None:
        asked = Asked("mark_spans", prompt, response)
        server.pages[asked.url] = item_page(asked)
        page.goto(ORIGIN + asked.url)

    def hand_in() -> dict[str, list[str]]:
        page.get_by_role("button", name="Next question").click()
        return {name: values for name, values in server.sent[-1][1].items() if name.startswith("mark-")}

    show(marking(), marks("shrill"))
    page.get_by_label("note", exact=True).press("Space")
    assert hand_in() == {JUDGES: ["27", "28"]}
    show(asking("words", SKILLS), marks("shrill"))
    page.locator("#passage .w").nth(28).click()
    page.locator("[value=certainty]").check()
    page.locator("#passage .w").nth(27).click()
    page.get_by_label("note, How sure is it?").press("Space")
    assert page.locator("#passage .w").nth(3).locator("input:visible").count() == 1
    assert hand_in() == {JUDGES: ["27", "28"], SURE: ["27", "28"]}
    show(asking("sentences", SKILLS), marks("shrill"))
    page.get_by_label("How sure is it?: The parents’ council answered with a shrill note …").check()
    assert hand_in() == {JUDGES: ["1"], SURE: ["1"]}
