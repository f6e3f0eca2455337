"""Pages of the quiz templates with made-up content, and a server inside the browser for them.

No database: the templates get the question types' own models and plain namespaces.
"""

import json
import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import override_settings
from playwright.sync_api import Page, Request, Route

from quizzes.feedback import Feedback
from quizzes.types import classify, mark_spans, multiple_choice, registry, single_choice
from quizzes.types.base import Option, Passage, Schema
from quizzes.wording import headline

ORIGIN = "http://reader.test"
USER = "0b6e7a52-93a1-4a86-8a8e-0f6f7e6f9a01"
OTHER_USER = "7f2f1c0e-51e1-4d0b-9d1e-1f0f6a0a0b02"
ATTEMPT = "5d1c2b3a-6f7e-4a8d-9c0b-1a2b3c4d5e03"
PLAIN_STORAGE = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

TEXT = (
    "Two days later the school changed its heavy-handed rule: phones with medical apps may stay with "
    "their owners, its website says. The parents’ council answered with a shrill note of two pages.\n"
    "It asks for a trial of one month, and it hangs at the gate for all to read."
)
ARTICLE = SimpleNamespace(
    title="Phones at the gate",
    content_note="About a school that takes in its pupils’ phones.",
    source="A text for practice. The school and its people are invented. Some sentences are weak on purpose.",
    language="en",
    direction="ltr",
)


ARABIC = (
    "قال المجلس إن القرار صدر بالأغلبية. وصف أحد الحاضرين القرار بأنه مُخزٍ ومتسرّع.\n"
    "تقول Ria Novosti إن 12 دولة وقّعت. لم يُسمَّ أحد."
)
MIXED = (
    "He wrote 𝒮𝒸𝒽𝓇𝒾𝓁𝓁 😀 and left. The cafe\u0301 in Zu\u0308rich — naïve, they say — closed.\n"
    "Նա ասաց՝ «ո՛չ»։ Она сказала: «никогда-никогда». שָׁלוֹם רב."
)
SKILLS = ("loaded-language", "certainty")


def place(quote: str) -> dict[str, int]:
    start = TEXT.index(quote)
    return {"start": start, "end": start + len(quote)}


def asking(granularity: str, skills: tuple[str, ...], text: str = TEXT) -> mark_spans.Prompt:
    """A question for any skills on any text."""
    return mark_spans.Prompt(
        task="Mark each word that judges, and each that says how sure it is.",
        skills=skills,
        granularity=granularity,  # type: ignore[arg-type]
        passage=Passage.of(text),
    )


def marking(granularity: str = "words") -> mark_spans.Prompt:
    return mark_spans.Prompt(
        task=(
            "A school’s phone rule, and the answer to it. Mark each word that judges where the sentence "
            "claims to report. Plain words for what happened are fine."
        ),
        skills=("loaded-language",) if granularity == "words" else ("attribution",),
        granularity=granularity,  # type: ignore[arg-type]
        passage=Passage.of(TEXT),
    )


def marks(*quotes: str, skill: str = "loaded-language", nothing: bool = False) -> mark_spans.Response:
    made = tuple(mark_spans.Mark(skill=skill, **place(quote)) for quote in quotes)
    return mark_spans.Response(marks=made, nothing_to_mark=nothing)


MARKING_KEY = mark_spans.Key(
    spans=(
        mark_spans.KeySpan(
            ref="heavy",
            skill="loaded-language",
            kind="required",
            readings=2,
            rationale="It blames the rule. The sentence claims to tell what changed.",
            instead="“changed its rule”",
            **place("heavy-handed"),
        ),
        mark_spans.KeySpan(
            ref="answer",
            skill="loaded-language",
            kind="acceptable",
            rationale="A plain word to most.",
            minority="To answer can sound like a quarrel.",
            **place("answered"),
        ),
        mark_spans.KeySpan(
            ref="note",
            skill="loaded-language",
            kind="required",
            readings=2,
            rationale="A note makes no sound; the word tells how the writer took it.",
            instead="“a note of two pages”",
            minority="Some hear only that it was strong.",
            **place("with a shrill note of two pages"),
        ),
        mark_spans.KeySpan(
            ref="medical",
            skill="loaded-language",
            kind="foil",
            rationale="The name of a kind of app.",
            **place("medical apps"),
        ),
        mark_spans.KeySpan(
            ref="trial",
            skill="loaded-language",
            kind="foil",
            rationale="A trial is what they ask for.",
            minority="In court it means something else.",
            **place("trial of one month"),
        ),
    )
)

ARABIC_ARTICLE = SimpleNamespace(title="القرار", content_note="", source="", language="ar", direction="rtl")
ARABIC_MARKS = mark_spans.Response(
    marks=(
        mark_spans.Mark(skill="loaded-language", start=ARABIC.index("مُخزٍ"), end=ARABIC.index("مُخزٍ") + 15),
        mark_spans.Mark(skill="certainty", start=ARABIC.index("مُخزٍ"), end=ARABIC.index("مُخزٍ") + 3),
        mark_spans.Mark(skill="certainty", start=0, end=3),
    )
)


def key_span(quote: str, skill: str, kind: str = "required") -> mark_spans.KeySpan:
    return mark_spans.KeySpan(
        ref=f"{skill}-{place(quote)['start']}-{len(quote)}",
        skill=skill,
        kind=kind,  # type: ignore[arg-type]
        readings=2,
        rationale=f"Why “{quote}”.",
        **place(quote),
    )


#: Findings that nest, that cross, and that are on the same words.
CROSSING_KEY = mark_spans.Key(
    spans=(
        key_span("changed its heavy-handed rule", "loaded-language"),
        key_span("heavy-handed", "certainty"),
        key_span("answered with a shrill", "loaded-language"),
        key_span("shrill note", "certainty"),
        key_span("may", "loaded-language", "acceptable"),
        key_span("may", "certainty"),
        key_span("one month", "certainty", "foil"),
    )
)
CROSSING = mark_spans.Response(
    marks=(
        mark_spans.Mark(skill="loaded-language", **place("heavy-handed rule")),
        mark_spans.Mark(skill="certainty", **place("heavy-handed")),
        mark_spans.Mark(skill="certainty", **place("may")),
        mark_spans.Mark(skill="certainty", **place("one month, and it hangs")),
    )
)
CHOICE = single_choice.EXAMPLE
CHOICES = multiple_choice.EXAMPLE
SORTING = classify.EXAMPLE
LONG_SORTING = classify.Prompt(
    task="Four sentences about an ice rink. What does the writer do in each?",
    categories=(
        Option(ref="reports", text="Reports"),
        Option(ref="explains", text="Explains or forecasts"),
        Option(ref="urges", text="Says what should happen"),
    ),
    units=(
        Option(ref="mild", text="If the winter stays mild, the rink may close in February."),
        Option(ref="coach", text="“The town should build a second rink,” said the coach, Edda Moll."),
    ),
)


@dataclass(frozen=True)
class Asked:
    """What an item page is rendered from; the defaults are a middle question of a graded quiz."""

    kind: str
    prompt: Schema
    response: Schema
    key: Schema | None = None
    practice: bool = False
    position: int = 2
    total: int = 4
    sequence: int = 1
    submitted: bool = False
    article: Any = None

    @property
    def url(self) -> str:
        return f"/attempts/{ATTEMPT}/{self.position}/"


def user(uuid: str = USER) -> SimpleNamespace:
    class Named(SimpleNamespace):
        def __str__(self) -> str:
            return "Blue Heron"

    return Named(is_authenticated=True, is_staff=False, uuid=uuid)


def page_context(**more: Any) -> dict[str, Any]:
    return {"user": user(), "csrf_token": "a-token", "nav": "lessons", **more}


@override_settings(STORAGES=PLAIN_STORAGE)
def item_page(asked: Asked, who: str = USER) -> str:
    """The item page; with the feedback where `asked` has a key."""
    judged = None
    if asked.key is not None:
        outcome = registry.get(asked.kind).grade(asked.prompt, asked.key, asked.response)
        judged = Feedback(outcome=outcome, key=asked.key, response=asked.response, headline=headline(outcome))
    titles = ["In the room", "Rule and note", "Bad news", "Which one needs a source", "The bus", "The bridge"]
    listed = [
        SimpleNamespace(
            position=number,
            title=titles[(number - 1) % len(titles)],
            url=f"/attempts/{ATTEMPT}/{number}/",
            state="saved" if number < asked.position else "",
            current=number == asked.position,
        )
        for number in range(1, asked.total + 1)
    ]
    context = page_context(
        user=user(who),
        attempt=SimpleNamespace(
            uuid=ATTEMPT,
            deadline_at=None,
            is_open=not asked.submitted,
            quiz_revision=SimpleNamespace(title="Closing quiz"),
        ),
        practice=asked.practice,
        item=SimpleNamespace(position=asked.position),
        item_url=asked.url,
        revision=SimpleNamespace(
            type=asked.kind, title=listed[asked.position - 1].title, article_revision=asked.article
        ),
        prompt=asked.prompt,
        response=asked.response,
        order=[],
        sequence=asked.sequence,
        judged=judged,
        entries=listed,
        total=asked.total,
        previous_url=listed[asked.position - 2].url if asked.position > 1 else "",
        next_url=listed[asked.position].url if asked.position < asked.total else "",
        is_last=asked.position == asked.total,
        place=SimpleNamespace(title="Words that judge", url="/lessons/judge/"),
        review_url=f"/attempts/{ATTEMPT}/review/",
        submit_url=f"/attempts/{ATTEMPT}/submit/",
        again_url=f"{asked.url}?again",
    )
    return render_to_string(f"quizzes/types/{asked.kind}.html", context)


@override_settings(STORAGES=PLAIN_STORAGE)
def page(template: str, **context: Any) -> str:
    return render_to_string(template, page_context(**context))


ENTRIES = [
    SimpleNamespace(
        position=number,
        title=title,
        url=f"/attempts/{ATTEMPT}/{number}/",
        answered=number != 3,
        verdict=v,
        label=label,
    )
    for number, (title, v, label) in enumerate(
        [
            ("In the room", "right", "Right"),
            ("Rule and note", "partly", "Right in part"),
            ("Bad news", "unanswered", "Left open"),
            ("Which one needs a source", "wrong", "Not yet"),
        ],
        start=1,
    )
]
WHEN = datetime(2026, 1, 13, 10, 42, tzinfo=UTC)
PLACE = SimpleNamespace(title="Words that judge", url="/lessons/judge/")


def quiz_page(*, tries: Sequence[int] = (), time_limit_s: int | None = 1200) -> str:
    return page(
        "quizzes/quiz.html",
        quiz=SimpleNamespace(mode="graded"),
        revision=SimpleNamespace(
            title="Closing quiz",
            instructions="Questions 1 to 9 are about “The last boat to Brann”, where places and people are invented.",
            attempts_allowed=2,
            time_limit_s=time_limit_s,
            feedback="after_submit",
        ),
        count=12,
        attempts=[
            SimpleNamespace(number=n, submitted_at=WHEN, get_absolute_url="/attempts/1/") for n in tries
        ],
        open_attempt=None,
        may_start=len(tries) < 2,
        class_zone="",
        place=PLACE,
        start_url="/start/",
    )


def review_page(unanswered: int = 1) -> str:
    attempt = SimpleNamespace(quiz_revision=SimpleNamespace(title="Closing quiz"))
    return page(
        "quizzes/review.html",
        attempt=attempt,
        entries=ENTRIES,
        unanswered=unanswered,
        submit_url="/submit/",
        place=PLACE,
    )


def result_page() -> str:
    skill = SimpleNamespace
    return page(
        "quizzes/result.html",
        attempt=SimpleNamespace(quiz_revision=SimpleNamespace(title="Closing quiz"), submitted_at=WHEN),
        headline="You found 6 of 9. 2 of your 8 marks were fine as written.",
        deck="You ask for a source where one is missing. Next, look for the sentence whose source stands last.",
        skills=[
            skill(
                slug="loaded-language", title="Words that judge", sentence="You found 3 of 3. A steady hand."
            ),
            skill(slug="attribution", title="Who says so?", sentence="You found 2 of 4."),
        ],
        entries=ENTRIES,
        place=PLACE,
        next_title="Off the page",
        next_url="/lessons/off/",
        may_retry=True,
        start_url="/start/",
    )


@dataclass
class Server:
    """Answers the browser's requests: pages by path, static files, and saves as told.

    `answers` are used up in order: (status, body) pairs, or "down" for no network; after them every
    save succeeds.
    """

    pages: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[int, dict[str, Any]] | str] = field(default_factory=list)
    saves: list[dict[str, list[str]]] = field(default_factory=list)
    save_paths: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    sent: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    def serve(self, page: Page) -> None:
        page.context.route(f"{ORIGIN}/**", self._answer)

    def _answer(self, route: Route, request: Request) -> None:
        path = request.url.removeprefix(ORIGIN).partition("?")[0]
        if request.method == "POST":
            self._post(route, request, path)
        elif path.startswith("/static/"):
            _static(route, path)
        else:
            route.fulfill(
                body=self.pages.get(path, "<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>"),
                headers={"content-type": "text/html; charset=utf-8", "set-cookie": "csrftoken=fresh; Path=/"},
            )

    def _post(self, route: Route, request: Request, path: str) -> None:
        form = parse_qs(request.post_data or "", keep_blank_values=True)
        if not request.headers.get("accept", "").startswith("application/json"):
            self.sent.append((path, form))
            route.fulfill(body="<!doctype html><title>Sent</title><h1>Sent</h1>", content_type="text/html")
            return
        self.saves.append(form)
        self.save_paths.append(path)
        self.tokens.append(request.headers.get("x-csrftoken", ""))
        answer = self.answers.pop(0) if self.answers else None
        if answer == "down":
            route.abort("internetdisconnected")
            return
        saved = {"state": "saved", "sequence": int(form["sequence"][0]), "saved_at": WHEN.isoformat()}
        status, body = answer if isinstance(answer, tuple) else (200, saved)
        route.fulfill(status=status, body=json.dumps(body), content_type="application/json")


def _static(route: Route, path: str) -> None:
    found = finders.find(path.removeprefix("/static/"))
    if found is None:
        route.fulfill(status=404)
        return
    kind = mimetypes.guess_type(path)[0] or "text/plain"
    route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)


def everything() -> Iterator[tuple[str, str]]:
    """Every state of every page, by name, for looking at and for checks that hold everywhere."""
    words, whole = marking(), marking("sentences")
    some = marks("heavy-handed rule", "shrill", "It asks")
    no_marks = mark_spans.Response()
    yield "mark", item_page(Asked("mark_spans", words, some, article=ARTICLE))
    yield "mark-empty", item_page(Asked("mark_spans", words, no_marks, practice=True, article=ARTICLE))
    sentence = marks("Two days later the school", skill="attribution")
    yield "mark-sentences", item_page(Asked("mark_spans", whole, sentence, article=ARTICLE))
    nothing = marks(nothing=True, skill="attribution")
    yield "mark-nothing", item_page(Asked("mark_spans", whole, nothing, article=ARTICLE, position=4))
    found = marks("heavy-handed rule", "shrill note", "trial")
    yield (
        "mark-judged",
        item_page(Asked("mark_spans", words, found, MARKING_KEY, practice=True, article=ARTICLE)),
    )
    open_one = Asked("mark_spans", words, no_marks, MARKING_KEY, submitted=True)
    yield "mark-judged-open", item_page(open_one)
    for granularity in ("words", "sentences"):
        two = asking(granularity, SKILLS)
        yield f"mark-two-{granularity}", item_page(Asked("mark_spans", two, CROSSING, article=ARTICLE))
    many = asking(
        "words", ("loaded-language", "certainty", "attribution", "quote-function", "call-to-action")
    )
    yield "mark-many", item_page(Asked("mark_spans", many, CROSSING, article=ARTICLE))
    crossing = Asked(
        "mark_spans", asking("words", SKILLS), CROSSING, CROSSING_KEY, practice=True, article=ARTICLE
    )
    yield "mark-two-judged", item_page(crossing)
    yield (
        "mark-rtl",
        item_page(Asked("mark_spans", asking("words", SKILLS, ARABIC), ARABIC_MARKS, article=ARABIC_ARTICLE)),
    )
    chosen = single_choice.Response(chosen="reporter")
    yield "single", item_page(Asked("single_choice", CHOICE.prompt, chosen))
    yield "single-judged", item_page(Asked("single_choice", CHOICE.prompt, chosen, CHOICE.key, practice=True))
    yield "multiple", item_page(Asked("multiple_choice", CHOICES.prompt, CHOICES.right))
    for number, response in enumerate([CHOICES.right, *CHOICES.wrong]):
        judged = Asked("multiple_choice", CHOICES.prompt, response, CHOICES.key, submitted=True, position=4)
        yield f"multiple-judged-{number}", item_page(judged)
    sorted_one = classify.Response(placed={"coach": "urges"})
    yield "classify", item_page(Asked("classify", LONG_SORTING, sorted_one, position=1, practice=True))
    for number, placed in enumerate([SORTING.right, *SORTING.wrong]):
        judged = Asked("classify", SORTING.prompt, placed, SORTING.key, practice=True)
        yield f"classify-judged-{number}", item_page(judged)
    yield "not-due", item_page(Asked("single_choice", CHOICE.prompt, chosen, submitted=True))
    yield "quiz", quiz_page()
    yield "quiz-again", quiz_page(tries=(2, 1), time_limit_s=None)
    yield "review", review_page()
    yield "review-all", review_page(0)
    yield "result", result_page()
    for name in ["400", "403", "403_csrf", "404", "429", "500"]:
        yield name, page(f"{name}.html", user=SimpleNamespace(is_authenticated=False))
