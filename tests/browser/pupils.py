"""What pupils do that the test at hand is not about: join, start a quiz, answer by the key."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.site import Asked, Site

CODE = "RMXT47"
PASSWORD = "three calm words"


def token(context: BrowserContext) -> str:
    return next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")


def send(context: BrowserContext, path: str, **fields: str) -> str:
    """Post a form as the page at `path` would; where that led."""
    form: dict[str, Any] = {"csrfmiddlewaretoken": token(context), **fields}
    answer = context.request.post(path, form=form)
    assert answer.ok, f"{path}: {answer.status}"
    return answer.url


def join(context: BrowserContext, nickname: str, code: str = CODE) -> None:
    context.request.get("/join/")
    assert send(context, "/join/", code=code, nickname=nickname, password=PASSWORD).endswith("/joined/")


def start(page: Page, site: Site, quiz: str, position: int = 1) -> str:
    """Start a quiz and open one of its questions; the attempt's uuid."""
    if not any(cookie["name"] == "csrftoken" for cookie in page.context.cookies()):
        page.context.request.get(site.quiz(quiz))
    url = send(page.context, f"{site.quiz(quiz)}start/")
    attempt = url.split("/attempts/")[1].split("/")[0]
    page.goto(f"/attempts/{attempt}/{position}/")
    return attempt


def units(asked: Asked, kinds: set[str]) -> list[int]:
    """The positions of the units that the key's spans of these kinds take."""
    passage = asked.prompt["passage"]
    spans = [(span["start"], span["end"]) for span in asked.key["spans"] if span["kind"] in kinds]
    taken = passage[asked.prompt["granularity"]]
    return [
        at
        for at, (start, end) in enumerate(taken)
        if any(start < last and first < end for first, last in spans)
    ]


def marking(site: Site, quiz: str, granularity: str) -> tuple[int, Asked]:
    """The first question of a quiz that has words, or sentences, to find: its position, and itself."""
    return next(
        (at, one)
        for at, one in enumerate(site.questions(quiz), start=1)
        if one.prompt.get("granularity") == granularity and units(one, {"required"})
    )


def to_find(asked: Asked) -> int:
    """How many findings a marking question has."""
    return sum(span["kind"] == "required" for span in asked.key["spans"])


def answer(page: Page, asked: Asked, *, right: bool = True) -> None:
    """Give an answer to the question on the page: the key's, or a wrong one."""
    {
        "mark_spans": _mark,
        "single_choice": _choose,
        "multiple_choice": _choose,
        "classify": _sort,
        "source_table": _fill_table,
        "inline_choice": _fill_gaps,
        "order": _arrange,
        "hottext": _tap,
        "rewrite": _write,
    }[asked.kind](page, asked, right)


def _mark(page: Page, asked: Asked, right: bool) -> None:
    wanted = units(asked, {"required"})
    passage = asked.prompt["passage"][asked.prompt["granularity"]]
    if not right:
        wanted = [at for at in range(len(passage)) if at not in units(asked, {"required", "acceptable"})][:1]
    if wanted:
        for at in wanted:
            page.locator("#passage .w").nth(at).click()
    else:
        page.get_by_label("Nothing to mark here").check()


def _choose(page: Page, asked: Asked, right: bool) -> None:
    refs = asked.key["right"]
    if not right:
        refs = [option["ref"] for option in asked.prompt["options"] if option["ref"] not in refs][:1]
    for ref in refs:
        page.locator(f"[name=chosen][value='{ref}']").check()
    if not refs:
        page.locator("[name=none_of_these]").check()


def _sort(page: Page, asked: Asked, right: bool) -> None:
    for unit in asked.key["units"]:
        refs = [category["ref"] for category in asked.prompt["categories"]]
        accepted = unit["accepted"] or refs[:1]  # none: readers differ
        ref = accepted[0] if right else next(one for one in refs if one not in accepted)
        page.locator(f"[name='place-{unit['ref']}'][value='{ref}']").check()


def _fill_table(page: Page, asked: Asked, right: bool) -> None:
    for row in asked.key["rows"]:
        refs = [speaker["ref"] for speaker in asked.prompt["speakers"]]
        ref = row["accepted"][0] if right else next(one for one in refs if one not in row["accepted"])
        page.locator(f"[name='place-{row['ref']}'][value='{ref}']").check()


def _fill_gaps(page: Page, asked: Asked, right: bool) -> None:
    accepted = {gap["ref"]: gap["right"] for gap in asked.key["gaps"]}
    for gap in asked.prompt["gaps"]:
        refs = [option["ref"] for option in gap["options"]]
        ref = next(one for one in refs if (one in accepted[gap["ref"]]) is right)
        page.locator(f"[name='gap-{gap['ref']}']").select_option(ref)


def _arrange(page: Page, asked: Asked, right: bool) -> None:
    """By the arrows: the key's order, or the reverse."""
    ranks = asked.key["ranks"]
    items = page.locator("#order > li")
    moved = False
    for place, ref in enumerate(sorted(ranks, key=ranks.__getitem__, reverse=not right)):
        while not items.nth(place).locator(f"#place-{ref}").count():
            page.locator(f"#order > li:has(#place-{ref}) [data-by='-1']").click()
            moved = True
    if not moved:
        page.locator("#keep").click()


def _tap(page: Page, asked: Asked, right: bool) -> None:
    kinds = {span["ref"]: span["kind"] for span in asked.key["spans"]}
    wanted = [ref for ref, kind in kinds.items() if kind == ("required" if right else "foil")]
    for ref in wanted if right else wanted[:1]:
        page.locator(f"label:has([name=chosen][value='{ref}'])").click()
    if not wanted:
        page.locator("[name=nothing_to_mark]").check()


def _write(page: Page, asked: Asked, right: bool) -> None:
    page.locator("#text").fill(asked.key["sample"] if right else asked.prompt["specimen"])


def saved(page: Page) -> None:
    """Wait until the page says that the answer is kept."""
    expect(page.locator("#saved")).to_have_text("Saved")
