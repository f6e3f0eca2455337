"""The pictures of the documents. CAVEAT_PICTURES=1 takes them anew; else they only have to be there."""

import os
from pathlib import Path

import pytest
from PIL import Image

from quizzes.types import all_types
from tests.browser.authors import author
from tests.browser.examples import CODE, PRACTICE, add_examples
from tests.browser.pupils import answer, join, saved, send, start, units
from tests.browser.site import ROOT
from tests.browser.test_types import HEADLINES, by_mouse

IMAGES = ROOT / "docs" / "images"
TAKE = os.environ.get("CAVEAT_PICTURES") == "1"
NAMES = ["editor.png", "feedback.png", "lesson.png", "mark.png"]
TYPES = [kind.slug for kind in all_types()]
WIDE = 700
MOST_BYTES_OF_TYPES = 600_000


@pytest.mark.browser
@pytest.mark.skipif(not TAKE, reason="CAVEAT_PICTURES=1 takes them")
def test_pictures_are_taken(pupil, site):
    page = pupil(viewport={"width": 1280, "height": 1000})
    page.goto(f"{site.lesson('reports-explains-urges')}read/")
    page.locator("details.note > summary").first.click()
    page.screenshot(path=IMAGES / "lesson.png")
    position, asked = site.question("closing-quiz", "closing-radio")
    attempt = start(page, site, "closing-quiz", position)
    for at in units(asked, {"required"})[1:] + units(asked, {"foil"})[:5]:
        page.locator("#passage .w").nth(at).click()
    saved(page)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=IMAGES / "mark.png")
    send(page.context, f"/attempts/{attempt}/submit/")
    page.goto(f"/attempts/{attempt}/{position}/")
    page.evaluate("scrollTo(0, document.querySelector('main').offsetTop)")
    page.screenshot(path=IMAGES / "feedback.png")


@pytest.mark.browser
@pytest.mark.skipif(not TAKE, reason="CAVEAT_PICTURES=1 takes them")
def test_a_picture_of_the_editor_is_taken(visit, site):
    page = author(visit, site, viewport={"width": 1280, "height": 860})
    page.goto("/admin/articles/article/")
    page.locator("#result_list th a", has_text="night-ferry").click()
    page.get_by_role("button", name="Start a new revision").click()
    page.get_by_role("link", name="Annotate").click()
    page.locator("#annotations li button").nth(1).click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    path = IMAGES / "editor.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)


@pytest.mark.pure
@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_there(name):
    picture = Path(IMAGES, name).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000


@pytest.mark.browser
@pytest.mark.skipif(not TAKE, reason="CAVEAT_PICTURES=1 takes them")
def test_pictures_of_the_types_are_taken(visit, site):
    add_examples(site)
    page = visit(viewport={"width": 900, "height": 1200})
    join(page.context, "a painter", CODE)
    attempt = start(page, site, PRACTICE)
    for at, asked in enumerate(site.questions(PRACTICE), start=1):
        page.goto(f"/attempts/{attempt}/{at}/")
        if asked.kind in HEADLINES:
            by_mouse(page, asked.kind)
        else:
            answer(page, asked)
        saved(page)
        page.mouse.move(0, 0)
        page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        top = page.locator("#answer h1").bounding_box()
        last = page.locator("#answer > .acts").last.bounding_box()
        assert top is not None
        assert last is not None
        path = IMAGES / "types" / f"{asked.kind}.png"
        path.parent.mkdir(exist_ok=True)
        height = last["y"] + last["height"] - top["y"] + 24
        clip = {"x": top["x"] - 30, "y": top["y"] - 8, "width": WIDE, "height": height}
        page.screenshot(path=path, clip=clip, full_page=True)
        Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)


@pytest.mark.pure
def test_each_type_has_a_picture_and_all_together_are_light():
    pictures = sorted((IMAGES / "types").iterdir())
    assert [path.stem for path in pictures] == TYPES
    assert {Image.open(path).size[0] for path in pictures} == {WIDE}
    assert sum(path.stat().st_size for path in pictures) < MOST_BYTES_OF_TYPES
    text = (ROOT / "docs" / "question-types.md").read_text(encoding="utf-8")
    assert [slug for slug in TYPES if f"](images/types/{slug}.png)" not in text] == []
