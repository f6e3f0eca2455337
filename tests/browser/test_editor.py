"""The editor of annotations in a browser: by mouse, by keyboard, by touch, by two at once, and with axe."""

import os
import re
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.site import ROOT, Site

pytestmark = pytest.mark.browser
#: Three sentences in two paragraphs; the first letter takes two UTF-16 units.
TEXT = (
    "\U0001d4ae the board pushed through a shameful plan. Nobody, it said, had asked.\nThe mayor came late."
)
MAKE = """
from accounts.models import Organisation
from articles import publishing
from articles.models import Article
article = Article.objects.create(organisation=Organisation.objects.shared(), ref={name!r})
fields = dict(title="The plan", source="Invented.", licence="CC BY 4.0")
print(publishing.draft(article=article, text={text!r}, **fields).pk)
"""


@pytest.fixture(scope="module")
def draft(site: Site) -> Any:
    """Makes a draft of a new article, and gives the address of its editor."""

    def made(name: str) -> str:
        environment = {**os.environ, "CAVEAT_DEV": "1", "CAVEAT_VAR": str(site.folder)}
        environment |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
        environment.pop("DATABASE_URL", None)
        code = f"import django; django.setup()\n{MAKE.format(name=name, text=TEXT)}"
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return f"/admin/articles/annotation/editor/key/{done.stdout.split()[-1]}/"

    return made


@pytest.fixture(scope="module")
def staff(chromium: Any, site: Site) -> Any:
    """The cookies of the site's admin, who signs in once."""
    context = chromium.new_context(base_url=site.address)
    page = context.new_page()
    page.goto("/admin/")
    form = page.locator("form:has([name=login])")
    form.locator("[name=login]").fill("admin")
    form.locator("[name=password]").fill(site.accounts["admin"])
    form.locator("button").first.click()
    page.wait_for_url(re.compile(r"/admin/$"))
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def opened(visit: Any, staff: Any) -> Any:
    def at(address: str, **options: Any) -> Page:
        page = visit(storage_state=staff, **options)
        page.goto(address)
        return page

    return at


@pytest.fixture
def rows(site: Site) -> Any:
    """What is saved for an editor's address: words, skill, kind, why."""

    def found(address: str) -> list[tuple[Any, ...]]:
        return site.rows(
            "select a.exact, s.slug, a.kind, a.rationale from articles_annotation a"
            " join articles_annotationset l on l.id = a.set_id join articles_skill s on s.id = a.skill_id"
            " where l.revision_id = ? order by a.start, a.end",
            int(address.rstrip("/").rsplit("/", 1)[1]),
        )

    return found


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text("Saved")


def word(page: Page, text: str) -> Any:
    return page.locator("#passage .w", has_text=re.compile(f"^{text}$")).first


def said(page: Page, text: str) -> None:
    expect(page.locator("#said")).to_have_text(text)


def draw(page: Page, first: str, last: str) -> None:
    for text, act in ((first, page.mouse.down), (last, page.mouse.up)):
        box = word(page, text).bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        act()


def test_an_author_annotates_with_the_mouse(opened, draft, rows):
    address = draft("editor-plan")
    page = opened(address, forgive=("Failed to load resource: the server responded with a status of 422",))
    draw(page, "pushed", "shameful")
    said(page, "Added “pushed through a shameful”, Words that judge, to find. 1 annotation.")
    saved(page)
    page.locator("#entry").get_by_role("button", name="End earlier").click()
    page.locator("#entry").get_by_role("button", name="End earlier").click()
    said(page, "Now “pushed through”, Words that judge, to find.")
    page.get_by_label("Why").fill("It takes a side.")
    saved(page)
    expect(page.locator("#advice")).to_contain_text("get a second reading")
    page.locator(".seg label", has_text="Fine as written").click()
    word(page, "late").click()
    said(page, "Added “late”, Words that judge, fine as written. 2 annotations.")
    saved(page)
    expected = [
        ("pushed through", "loaded-language", "required", "It takes a side."),
        ("late", "loaded-language", "foil", ""),
    ]
    assert rows(address) == expected
    # Whole edits are undone and redone, after the page was loaded again too.
    page.reload()
    for _edit in range(2):
        page.locator("#undo").click()
    saved(page)
    expect(page.locator("#annotations li")).to_have_count(1)
    page.locator("#redo").click()
    page.locator("#redo").click()
    said(page, "Redone. 2 annotations.")
    saved(page)
    # The list: a filter, the next one, a jump from the advice.
    page.locator("#show-kind").select_option("foil")
    expect(page.locator("#annotations li")).to_have_text(
        ["lateWords that judge, fine as written · no reason yet"]
    )
    page.locator("#show-kind").select_option("")
    page.locator("#next").click()
    page.locator("#next").click()
    expect(page.locator("#annotations [aria-current]")).to_have_count(1)
    page.locator("#advice li[data-code=no-reason] button").click()
    expect(page.locator("#entry-quote")).to_have_text("late")
    # By sentences; the swap test; and a refusal beside its field.
    page.locator("a.granularity").click()
    page.locator("#annotations button").first.click()
    page.get_by_label("Some readers say").fill("It is a fact.")  # and its words stay two
    saved(page)
    page.locator("#mark-skill").select_option("attribution")
    page.locator(".seg label", has_text="To find").click()
    page.locator("#passage .w", has_text="Nobody").click()
    saved(page)
    page.get_by_label("Party that it hits").fill("партия")
    expect(page.locator("#entry [data-errors-of=party]")).to_contain_text("letters a to z")
    expect(page.locator("#saved")).to_have_text("Not saved")
    page.get_by_label("Party that it hits").fill("board")
    page.get_by_label("Party that it hits").blur()
    saved(page)
    for box in page.locator("#swap-test [type=checkbox]").all():
        box.check()
    page.locator("#swap-test button").click()
    expect(page.locator("#swap-signed")).to_contain_text("Signed by")
    assert [row[0] for row in rows(address)] == ["pushed through", "Nobody, it said, had asked", "late"]


def test_an_author_annotates_by_keyboard_alone(opened, draft, rows):
    address = draft("editor-keys")
    page = opened(address)
    page.locator("#passage [tabindex='0']").focus()
    for key in ("ArrowDown", "Enter", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    said(page, "Selecting “Nobody, it said”")
    page.keyboard.press("2")
    said(page, "Marking as Who says so?")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why")).to_be_focused()
    page.keyboard.type("Named badly.")
    page.keyboard.press("Escape")
    expect(word(page, "Nobody")).to_be_focused()
    saved(page)
    assert rows(address) == [("Nobody, it said", "attribution", "acceptable", "Named badly.")]
    page.keyboard.press("Delete")
    said(page, "Removed “Nobody, it said”. 0 annotations.")
    page.keyboard.press("Control+z")
    said(page, "Undone. 1 annotation.")
    saved(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    expect(word(page, "Nobody")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys summary")).to_be_focused()
    assert [row[0] for row in rows(address)] == ["Nobody, it said"]


def test_an_author_annotates_by_touch_on_a_small_phone(opened, draft, rows):
    address = draft("editor-touch")
    page = opened(address, viewport={"width": 320, "height": 640}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    word(page, "shameful").tap()
    said(page, "Added “shameful”, Words that judge, to find. 1 annotation.")
    page.locator("#to-form").tap()
    expect(page.get_by_label("Why")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    saved(page)
    assert [row[0] for row in rows(address)] == ["shameful"]


def test_two_authors_at_once_lose_nothing(opened, draft, rows):
    address = draft("editor-two")
    first = opened(address, forgive=("Failed to load resource",))
    word(first, "shameful").click()
    saved(first)
    second = opened(address, forgive=("Failed to load resource",))
    second.locator("#annotations button").click()
    first.get_by_label("Why").fill("The first.")
    saved(first)
    second.get_by_label("Why").fill("The second.")
    expect(second.locator("#versions")).to_contain_text("Changed by")
    expect(second.locator("#versions dd")).to_have_text(["Yours: The second.", "Theirs: The first."])
    assert rows(address)[0][3] == "The first."
    second.get_by_role("button", name="Keep mine").click()
    saved(second)
    assert rows(address)[0][3] == "The second."
    # Signed out: it says so, keeps what was typed, and offers it back in a page opened later.
    cookies = second.context.cookies()
    second.context.clear_cookies(name="sessionid")
    second.get_by_label("Some readers say").fill("A third word.")
    expect(second.locator("#trouble")).to_contain_text("you are signed out")
    second.context.add_cookies(cookies)
    second.on("dialog", lambda dialog: dialog.accept())
    second.reload()
    second.get_by_role("button", name="Put them back").click()
    saved(second)
    second.locator("#annotations button").click()
    expect(second.get_by_label("Some readers say")).to_have_value("A third word.")


def test_words_of_a_text_that_was_edited_meanwhile_are_put_back_where_they_are_now(opened, draft, rows):
    address = draft("editor-older")
    page = opened(address, forgive=("Failed to load resource: the server responded with a status of 409",))
    word(page, "late").click()
    saved(page)
    form = f"/admin/articles/articlerevision/{address.rstrip('/').rsplit('/', 1)[1]}/change/"
    other = opened(form)

    def edit(text: str) -> None:
        other.goto(form)
        other.locator("#id_text").fill(text)
        other.locator("[name=_save]").click()
        other.wait_for_url(re.compile(r"/articlerevision/$"))

    edit(f"Yes, again. {TEXT}")
    page.get_by_label("Why").fill("A day.")  # of words that stay where they are, it is saved
    expect(page.locator("#trouble")).to_contain_text("The text was edited after this page was opened")
    saved(page)
    word(page, "shameful").click()
    expect(page.locator("#saved")).to_have_text("Not saved")
    page.get_by_label("Why").fill("It judges.")
    assert [(row[0], row[3]) for row in rows(address)] == [("late", "A day.")]
    page.get_by_role("link", name="Load the page again").click()
    page.get_by_role("button", name="Put them back").click()
    saved(page)
    assert [(row[0], row[3]) for row in rows(address)] == [("shameful", "It judges."), ("late", "A day.")]
    # What cannot be found again is asked for, with what was typed of it.
    edit(f"No. {TEXT.replace('Nobody', 'None')}")
    word(page, "Nobody").click()
    page.get_by_label("Why").fill("Who?")
    expect(page.locator("#saved")).to_have_text("Not saved")
    page.get_by_role("link", name="Load the page again").click()
    page.get_by_role("button", name="Put them back").click()
    expect(page.locator("#entry [data-errors-of=words]")).to_contain_text("Press “Choose anew”")
    page.get_by_role("button", name="Choose anew").click()
    word(page, "None").click()
    saved(page)
    assert [(row[0], row[3]) for row in rows(address)][1:] == [("None", "Who?"), ("late", "A day.")]


def test_axe_finds_nothing_serious_in_the_editor(opened, draft):
    address = draft("editor-axe")
    page = opened(address, bypass_csp=True)
    assert serious(page) == []
    word(page, "shameful").click()
    saved(page)
    page.locator("#keys summary").click()
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert serious(page, colours_only=True) == []
    page.goto(address.replace("/key/", "/blind/"))
    assert serious(page) == []
