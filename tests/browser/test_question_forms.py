"""Questions written in a browser: how much work one is, by mouse and keyboard, and nothing is lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizzes.types import registry
from tests.browser.authors import VISIBLE_FIELDS, Effort, author, sign_in
from tests.browser.axe import serious_in_light_and_dark, violations
from tests.browser.site import Site

pytestmark = pytest.mark.browser
ADD = "/admin/quizzes/questionrevision/add/?type="


def fill_single_choice(page: Page, effort: Effort) -> None:
    effort.fill("skill", "attribution")
    effort.fill("task", "Who says that the pier is unsafe?")
    for at, (text, why) in enumerate([("The engineer", "She is named."), ("Nobody", "Somebody is.")]):
        effort.fill(f"options-{at}-text", text)
        effort.fill(f"options-{at}-feedback", why)


def test_a_single_choice_question_is_written_on_one_page(visit: Any, site: Site) -> None:
    page = author(visit, site)
    page.goto("/admin/quizzes/question/")
    effort = Effort(page)
    effort.click(page.locator(".object-tools .addlink"))
    effort.click(page.get_by_role("link", name="One answer of several"))
    expect(page.locator("#sheet")).to_be_visible()
    visible = page.evaluate(VISIBLE_FIELDS)
    fill_single_choice(page, effort)
    effort.click(page.get_by_label("This is right").first)
    effort.click(page.get_by_role("button", name="Save", exact=True))
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    print(f"A single choice question: {effort}; {visible} fields are visible before “More”.")
    assert (effort.clicks, effort.pages, effort.fields + 1, visible) == (4, 3, 7, 7)


def test_rows_move_by_keyboard_and_the_focus_stays_with_them(visit: Any, site: Site) -> None:
    page = author(visit, site)
    page.goto(f"{ADD}classify")
    page.locator("[name=categories-0-text]").fill("Reports")
    expect(page.locator("[name=units-0-accepted]")).to_contain_text("Reports")
    page.locator("[name=units-0-accepted]").select_option(label="Reports")
    down = page.get_by_role("button", name="Category 1: move down")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=categories-1-text]")).to_have_value("Reports")
    expect(page.locator("[name=categories-1-text]")).to_be_focused()
    expect(page.locator("[name=units-0-accepted] option:checked")).to_have_text("Reports")
    page.get_by_role("button", name="Add a sentence").press("Enter")
    expect(page.locator("[name=units-3-text]")).to_be_focused()
    page.get_by_role("button", name="Sentence 4: remove").press("Enter")
    expect(page.locator("[name=units-3-text]")).to_have_count(0)


def test_a_marking_item_is_made_from_annotations_by_mouse_and_keyboard(visit: Any, site: Site) -> None:
    page = author(visit, site)
    page.goto("/admin/articles/articlerevision/")
    page.locator("#result_list tr", has_text="The empty chair").locator("th a").click()
    page.get_by_role("link", name="Questions from the annotations").click()
    page.get_by_label("Who says so?").check()
    page.get_by_label("From paragraph").fill("2")
    page.get_by_label("To paragraph").fill("3")
    page.get_by_role("button", name="Show what can be made").click()
    page.get_by_role("link", name="Mark in the passage").click()
    places = page.locator("[name$=-quote]")
    expect(places.nth(2)).to_be_attached()
    before = places.count()
    words = page.locator("#pick [data-at]")
    words.nth(1).click()
    words.nth(4).click(modifiers=["Shift"])
    page.locator("#pick_add").click()
    expect(places).to_have_count(before + 1)
    expect(page.locator(f"[name=spans-{before}-kind]")).to_be_focused()
    page.locator(f"[name=spans-{before}-kind]").select_option("foil")
    page.locator(f"[name=spans-{before}-rationale]").fill("It is on record.")
    page.locator("#pick").focus()
    for key in ("End", "ArrowDown", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(places).to_have_count(before + 2)
    assert len(places.nth(before + 1).input_value().split()) == 2
    page.get_by_role("button", name=f"Place {before + 2}: remove").press("Enter")
    expect(places).to_have_count(before + 1)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview and try the key").click()
    preview = opened.value
    expect(preview.get_by_role("row", name=re.compile("What is to be found 100 %"))).to_be_visible()
    preview.get_by_label("Nothing to mark here").check()
    preview.get_by_role("button", name="Check").click()
    expect(preview.locator("#headline")).to_contain_text("You found 0 of")
    preview.close()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")


def test_what_was_typed_outlives_the_session_and_the_tab(visit: Any, site: Site) -> None:
    page = author(visit, site)
    page.goto(f"{ADD}single_choice")
    fill_single_choice(page, Effort(page))
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Add an option").click()
    expect(page.locator("#said")).to_contain_text("You are signed out.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    sign_in(page, site)
    expect(page.locator("#copy")).to_contain_text("There is unsaved work from")
    expect(page.locator("[name=task]")).to_have_value("")
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("[name=options-1-feedback]")).to_have_value("Somebody is.")
    expect(page.locator("[name=task]")).to_have_value("Who says that the pier is unsafe?")
    page.locator("[name=task]").fill("Who says so?")
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(f"{ADD}single_choice")
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("[name=options-0-text]")).to_have_value("The engineer")
    page.get_by_label("This is right").first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    page.goto(f"{ADD}single_choice")
    expect(page.locator("#sheet")).to_be_visible()
    expect(page.locator("#copy")).to_be_hidden()


def test_what_two_tabs_left_is_offered_one_after_the_other(visit: Any, site: Site) -> None:
    page = author(visit, site)
    for task in ("The first?", "The second?"):
        tab = page.context.new_page()
        tab.goto(f"{ADD}true_false")
        tab.locator("[name=task]").fill(task)
        tab.wait_for_timeout(600)
        tab.close()
    page.goto(f"{ADD}true_false")
    expect(page.locator("#copy")).to_be_visible()
    page.locator("[name=task]").fill("The third?")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("[name=task]")).to_have_value("The second?")
    seen = []
    page.goto(f"{ADD}true_false")
    for _left in range(3):
        page.get_by_role("button", name="Use it").click()
        expect(page.locator("[name=task]")).not_to_have_value("")
        seen.append(page.locator("[name=task]").input_value())
        page.goto(f"{ADD}true_false")
        page.get_by_role("button", name="Throw it away").click()
    assert sorted(seen) == ["The first?", "The second?", "The third?"]
    expect(page.locator("#copy")).to_be_hidden()


def test_axe_finds_nothing_serious_on_the_form_of_any_type(visit: Any, site: Site) -> None:
    page = author(visit, site, bypass_csp=True)  # axe itself writes inline styles
    page.goto("/admin/quizzes/question/add/")
    found = {"types": serious_in_light_and_dark(page)}
    for kind in registry.all_types():
        page.goto(f"{ADD}{kind.slug}")
        page.evaluate("document.querySelectorAll('#sheet details').forEach((one) => { one.open = true; })")
        found[kind.slug] = violations(page, "#content-main")
    page.set_viewport_size({"width": 320, "height": 800})
    for slug in ("mark_spans", "rewrite", "classify"):
        page.goto(f"{ADD}{slug}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.emulate_media(color_scheme="dark")
    found["dark"] = serious_in_light_and_dark(page)
    assert [f"{name}: {one}" for name, said in found.items() for one in said] == []
