"""What a question costs on a slow line: requests and bytes as they cross the wire, nothing cached."""

import pytest

from tests.browser.pupils import start
from tests.browser.site import Asked, Site

pytestmark = pytest.mark.browser

MOST_REQUESTS, MOST_BYTES, MOST_SCRIPT_BYTES = 6, 60_000, 30_000
QUIZZES = ("who-practice", "judge-practice", "closing-quiz")


def heaviest(site: Site) -> tuple[str, int]:
    """The marking question with the most units: its quiz, and its position there."""

    def size(asked: Asked) -> int:
        return len(asked.prompt["passage"][asked.prompt["granularity"]]) if asked.kind == "mark_spans" else 0

    _, quiz, position = max(
        (size(asked), quiz, at) for quiz in QUIZZES for at, asked in enumerate(site.questions(quiz), start=1)
    )
    return quiz, position


def test_the_heaviest_question_is_light(pupil, visit, site):
    first = pupil()
    quiz, position = heaviest(site)
    start(first, site, quiz, position)
    page = visit(storage_state=first.context.storage_state())
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(first.url)
    page.wait_for_load_state("networkidle")
    wired = [(kind, sizes[name]) for name, kind in kinds.items() if sizes.get(name)]
    total = sum(size for _, size in wired)
    script = sum(size for kind, size in wired if kind == "Script")
    figures = ", ".join(f"{kind} {size:.0f}" for kind, size in wired)
    print(
        f"question {position} of {quiz}: {len(wired)} requests, {total:.0f} bytes, {script:.0f} of script: {figures}"
    )
    assert len(wired) <= MOST_REQUESTS
    assert total <= MOST_BYTES
    assert 0 < script <= MOST_SCRIPT_BYTES
