"""An author builds a quiz and a lesson in the admin: by keyboard, by dragging, with a list of faults."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.authors import sign_in
from tests.browser.axe import serious
from tests.browser.conftest import a_site
from tests.browser.site import Site

pytestmark = pytest.mark.browser
SAID = "#steps-group [data-said]"


@pytest.fixture(scope="module")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Of its own: here the shipped course is changed."""
    with a_site(tmp_path_factory, "site-to-build-on") as running:
        yield running


@pytest.fixture
def author(visit: Any, site: Site) -> Page:
    page: Page = visit(bypass_csp=True, viewport={"width": 1280, "height": 1000})
    page.goto("/admin/")
    sign_in(page, site)
    expect(page).to_have_url(re.compile(r"/admin/$"))
    return page


def choose(page: Page, field: str, words: str, option: str) -> None:
    """Choose by typing into an autocomplete."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    page.locator(".select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=option).first.click()


def titles(page: Page) -> list[str]:
    return page.locator("#steps-group [data-title]").all_inner_texts()


def add_thing(page: Page, table: str, title: str, **chosen: str) -> None:
    page.goto(f"/admin/{table}/add/")
    page.locator("[name=title]").fill(title)
    for name, label in chosen.items():
        page.locator(f"select[name={name}]").select_option(label=label)
    page.locator("[name=_save]").click()
    expect(page.locator("#content h1")).to_have_text(re.compile("Change"))


def test_an_author_builds_a_quiz_and_a_lesson(author: Page) -> None:
    page = author
    add_thing(page, "quizzes/quiz", "Who said it?", mode="graded", organisation="Shared")
    page.get_by_role("button", name="Add a question or a draw").click()
    choose(page, "slots-0-question", "ICE RINK", "The ice rink")
    page.get_by_role("button", name="Add a question or a draw").click()
    page.locator("[name=slots-1-draw_skill]").select_option(label="Who says so?")
    page.locator("[name=slots-1-draw_count]").fill("2")
    expect(page.locator("#slots-group [data-title]")).to_have_text(["The ice rink", "Who says so?"])
    page.get_by_role("button", name="Move up").nth(1).press("Enter")
    expect(page.locator("#slots-group [data-said]")).to_have_text("Moved to place 1 of 2.")
    page.locator("[name=_continue]").click()
    expect(page.locator("#slots-group [data-title]")).to_have_text(["Who says so?", "The ice rink"])
    expect(page.locator(".panel")).to_contain_text("1 question of its own, 2 drawn")
    assert serious(page) == []

    page.goto("/admin/courses/lesson/")
    page.locator("#result_list tbody tr th a").first.click()
    page.get_by_role("button", name="Start a new revision").click()
    expect(page).to_have_url(re.compile(r"/lessonrevision/\d+/change/$"))
    expect(page.locator("#steps-group.scripted")).to_be_visible()
    before = titles(page)
    # By keyboard: the focus stays on the button, so that pressing again goes on.
    up = page.locator("#steps-group [data-row]").nth(2).get_by_role("button", name="Move up")
    up.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    expect(page.locator(SAID)).to_have_text(f"Moved to place 1 of {len(before)}.")
    assert titles(page) == [before[2], *before[:2], *before[3:]]
    # By dragging the handle of the first below the second.
    handle = page.locator("#steps-group .row-handle").first
    handle.evaluate("one => one.scrollIntoView({block: 'center'})")
    target = page.locator("#steps-group [data-row]").nth(1).bounding_box()
    box = handle.bounding_box()
    assert target
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, target["y"] + 50, steps=8)
    page.mouse.up()
    expect(page.locator(SAID)).to_have_text(f"Moved to place 2 of {len(before)}.")
    assert titles(page) == [before[0], before[2], before[1], *before[3:]]
    # A step with a quiz that is only a draft: the list of faults leads there, and both are published.
    page.get_by_role("button", name="Add a step").click()
    last = len(before)
    page.locator(f"[name=steps-{last}-kind]").select_option("quiz")
    expect(page.locator(f"[name=steps-{last}-body]")).to_be_hidden()
    choose(page, f"steps-{last}-quiz", "who said", "Who said it? (draft)")
    page.locator(".reading-tool:visible").first.click()
    expect(page.locator(".reading-shown:visible")).not_to_be_empty()
    assert serious(page) == []
    page.locator("[name=_publish]").click()
    expect(page.locator(".faults li")).to_have_count(1)
    expect(page.locator(".faults a")).to_have_attribute("href", re.compile("/admin/quizzes/quizrevision/"))
    assert serious(page) == []
    check = page.url
    page.goto(check.replace("/check/", "/preview/"))
    expect(page.locator("main .notice").first).to_contain_text("A preview")
    page.goto(check)
    page.get_by_role("button", name="Publish the lesson and this draft together").click()
    expect(page.locator(".messagelist")).to_contain_text("2 things were published together.")
    page.get_by_role("link", name="What changed").click()
    moved = page.locator(".changes .is-moved")
    expect(moved).to_have_count(1)
    expect(moved).to_contain_text("moved from place 3 to place 2.")
    expect(page.locator(".changes .is-new")).to_contain_text("Who said it?")
    assert serious(page) == []


def test_building_works_on_a_phone_in_the_dark(author: Page) -> None:
    page = author
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto("/admin/quizzes/question/")
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0
    assert serious(page) == []
    add_thing(page, "quizzes/quiz", "On a phone", mode="practice", organisation="Shared")
    page.get_by_role("button", name="Add a question or a draw").click()
    assert page.evaluate(wide) <= 0
    assert serious(page) == []


def test_a_draft_that_was_typed_outlives_the_session(author: Page, site: Site) -> None:
    page = author
    page.goto("/admin/courses/lesson/")
    page.locator("#result_list tbody tr th a").last.click()
    page.get_by_role("button", name="Start a new revision").click()
    expect(page.locator("#steps-group.scripted")).to_be_visible()
    before = titles(page)
    page.locator("#id_title").fill("Typed for an hour")
    page.get_by_role("button", name="Add a step").click()
    page.locator(f"[name=steps-{len(before)}-title]").fill("A new step")
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=_continue]").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    sign_in(page, site)
    expect(page.locator("#copy")).to_contain_text("There is unsaved work from")
    assert serious(page) == []
    page.get_by_role("button", name="Use it").click()
    expect(page.locator(".messagelist")).to_contain_text("It is not saved yet.")
    expect(page.locator("#id_title")).to_have_value("Typed for an hour")
    assert titles(page) == [*before, "A new step"]
    expect(page.locator("#copy")).to_be_hidden()
    page.locator(f"[name=steps-{len(before)}-minutes]").fill("1")
    page.locator(f"[name=steps-{len(before)}-body]").fill("Words.")
    page.locator("[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.reload()
    expect(page.locator("#copy")).to_be_hidden()
    assert titles(page) == [*before, "A new step"]
