"""A stranger's first minute: a sentence, a reason, a sound passage, and into the class."""

import pytest
from playwright.sync_api import expect

from tests.browser.pupils import CODE, PASSWORD

pytestmark = pytest.mark.browser


def test_a_stranger_learns_something_before_anything_is_stored(visit):
    page = visit()
    page.goto("/")
    page.get_by_label("Nobody", exact=False).or_(page.locator(".pick label")).first.wait_for()
