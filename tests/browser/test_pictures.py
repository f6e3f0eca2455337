"""The README's pictures. CAVEAT_PICTURES=1 takes them anew; else they only have to be there."""

import os
from pathlib import Path

import pytest

from tests.browser.pupils import saved, send, start, units
from tests.browser.site import ROOT

IMAGES = ROOT / "docs" / "images"
TAKE = os.environ.get("CAVEAT_PICTURES") == "1"
NAMES = ["feedback.png", "lesson.png", "mark.png"]


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


@pytest.mark.pure
@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_there(name):
    picture = Path(IMAGES, name).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000
