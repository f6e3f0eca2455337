"""An article from the paste box to mended sentences, by keyboard where it matters."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious_in_light_and_dark
from tests.browser.test_admin_axe import sign_in  # noqa: F401

pytestmark = pytest.mark.browser
PASTED = "<h1>The tram</h1><p>The council voted. It won.</p><script>x()</script><p>A baker <b>sighed</b>."


def test_an_article_is_pasted_kept_and_its_sentences_joined(sign_in: Any) -> None:  # noqa: F811
    page = sign_in(bypass_csp=True)  # axe itself writes inline styles
    page.goto("/admin/articles/article/add/")
    page.get_by_label("Paste the article").fill(PASTED)
    page.get_by_label("What is pasted is").select_option("html")
    for label, value in {"Title": "The tram", "Source": "Invented.", "Licence": "CC BY 4.0"}.items():
        page.get_by_label(f"{label}:", exact=True).fill(value)
    page.get_by_role("button", name="Clean, and show me").press("Enter")
    expect(page.locator(".sheet p")).to_have_text(["The council voted. It won.", "A baker sighed."])
    expect(page.locator(".removed tbody th")).to_have_count(2)
    assert serious_in_light_and_dark(page) == []
    page.get_by_role("button", name="Keep as a draft").first.press("Enter")
    page.get_by_role("link", name="Sentences: split and join").click()
    page.get_by_role("button", name="Join sentence 2 with the next").press("Enter")
    expect(page.locator("#sentence-2 .says")).to_have_text("The council voted. It won.")
    page.get_by_role("link", name="Split sentence 2", exact=True).click()
    assert serious_in_light_and_dark(page) == []
    page.get_by_role("button", name="It", exact=True).press("Enter")
    expect(page.locator(".says")).to_have_text(
        ["The tram", "The council voted.", "It won.", "A baker sighed."]
    )
