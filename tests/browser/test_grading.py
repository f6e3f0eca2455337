"""Grading in a browser: by keyboard alone, saved as one goes."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.site import ROOT, Site, environment_of

pytestmark = pytest.mark.browser


def test_texts_are_graded_and_released_by_keyboard_alone(visit: Any, site: Site) -> None:
    staged = subprocess.run(
        [sys.executable, "-m", "tests.browser.grading_stage"],
        cwd=ROOT,
        env=environment_of(site.folder),
        check=True,
        capture_output=True,
        text=True,
    )
    known = json.loads(staged.stdout)
    page = visit()
    page.context.add_cookies([{"name": "sessionid", "value": known["session"], "url": site.address}])
    page.goto(known["path"])
    page.get_by_role("button", name="Read the next answer").press("Enter")
    for number, comment in enumerate(["Which day?", "", ""], start=1):
        expect(page.locator("h1")).to_have_text(re.compile(rf"Answer {number} of 3"))
        expect(page.locator(".criterion input").first).to_be_focused()
        page.keyboard.press("2")
        page.keyboard.press("2")
        expect(page.locator("#saved")).to_have_text("Saved")
        if comment:
            page.keyboard.press("c")
            page.keyboard.type(f"{comment} n 1")
            page.keyboard.press("Escape")
        page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text("The bench")
    page.get_by_role("button", name="Release 3 marks").press("Enter")
    expect(page.locator(".notice")).to_have_text("3 marks are released.")
    drafts = site.rows(
        "select levels, comment, released_at is not null from quizzes_gradingdraft order by comment desc"
    )
    assert [(json.loads(levels), comment) for levels, comment, _released in drafts] == [
        ({"facts": 1, "wording": 1}, "Which day? n 1"),
        ({"facts": 1, "wording": 1}, ""),
        ({"facts": 1, "wording": 1}, ""),
    ]
    assert all(released for *_draft, released in drafts)
