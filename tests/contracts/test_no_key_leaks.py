"""What a key says is said to nobody before feedback is due, and then only of what is due.

Every word of every key is a canary. A walk over all that a learner can ask for, in every way, looks
for canaries in the bytes and for the key's table in the SQL. After feedback is due the same walk must
find them: a test that cannot see a canary proves nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from articles.models import Annotation
from courses import presenting
from courses.models import Course, Presentation
from courses.skills import skill_lines
from quizzes import attempts
from quizzes.models import Assignment, Attempt, QuestionKey, Quiz
from quizzes.types import all_types, registry
from tests.contracts.canaries import Planted, every_type, in_text, plant, plant_praise
from tests.contracts.routes import every_route
from tests.contracts.stage import Stage, build, quiz_of, undone, url
from tests.contracts.teaching import closed_to_learners
from tests.factories.accounts import OrganisationFactory
from tests.factories.courses import LessonFactory
from tests.integrations.matrix import names as program_names

pytestmark = pytest.mark.django_db

KEY_TABLE = QuestionKey._meta.db_table
NOTES_TABLE = Annotation._meta.db_table
JSON = {"Accept": "application/json"}
#: Two answers to each type's example, as a form has them. Together they make feedback say all that it can.
FORMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "classify": ({"place-vote": "urges", "place-must": "urges"}, {"place-mixed": "reports"}),
    "hottext": ({"chosen": ["stubborn", "gem", "overdue"]}, {"chosen": ["old"]}),
    "inline_choice": ({"gap-said": "admitted"}, {"gap-parents": "forty"}),
    "mark_spans": ({"mark-attribution": ["0", "1", "2", "3"]}, {"nothing_to_mark": "1"}),
    "match": ({"place-visits": "tickets", "place-vote": "tickets"}, {"place-finest": "nothing"}),
    "multiple_choice": ({"chosen": ["minister", "plain"]}, {"none_of_these": "1"}),
    "number": ({"text": "20 per cent"}, {"text": "25 %"}),
    "order": (
        {"place-may": "1", "place-is": "2", "place-could": "3", "place-likely": "4"},
        {"place-may": "4", "place-is": "1", "place-could": "3", "place-likely": "2"},
    ),
    "rewrite": (
        {"text": "The reckless council wasted money on a bench.", "checked": ["aloud"]},
        {"text": "On 3 May the council paid 2,000 crowns for a bench."},
    ),
    "short_answer": ({"text": "the bakers"}, {"text": "somebody"}),
    "single_choice": ({"chosen": "reporter"}, {"chosen": "engineer"}),
    "source_table": ({"place-part": "caretaker", "place-thursday": "nobody"}, {"place-week": "note"}),
    "true_false": ({"chosen": "true"}, {"chosen": "false"}),
}
#: What no type takes for an answer.
REFUSED = {
    "classify": {"place-vote": "nonsense"},
    "hottext": {"chosen": ["stubborn"], "nothing_to_mark": "1"},
    "inline_choice": {"gap-said": "nonsense"},
    "mark_spans": {"mark-attribution": "99"},
    "match": {"place-visits": "nonsense"},
    "multiple_choice": {"chosen": ["minister"], "none_of_these": "1"},
    "number": {"text": "9" * 101},
    "order": {"place-may": "1", "place-is": "1"},
    "rewrite": {"text": "x" * 201},
    "short_answer": {"text": "x" * 61},
    "single_choice": {"chosen": "nonsense"},
    "source_table": {"place-part": "nonsense"},
    "true_false": {"chosen": "nonsense"},
}
ROOMS = ("accounts:", "quizzes:", "courses:", "api:")


@dataclass
class Walker:
    """Somebody's browser, which remembers what it was told, and what the database was asked for that."""

    client: Client
    told: frozenset[str] = frozenset()
    keys: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)
    statuses: list[int] = field(default_factory=list)

    def ask(self, method: str, address: str, data: Any = None, content_type: str = "", **headers: str) -> Any:
        how = {"content_type": content_type} if content_type else {}
        with CaptureQueriesContext(connection) as captured:
            response = getattr(self.client, method)(address, data, headers=headers, **how)
            body = response.getvalue() if response.streaming else response.content
        said = "".join(f"{name}: {value}\n" for name, value in response.items())
        found = in_text(said + body.decode())
        self.told |= found
        asked = f"{method} {address}"
        for table, seen in ((KEY_TABLE, self.keys), (NOTES_TABLE, self.notes)):
            if any(table in query["sql"] for query in captured):
                seen.append(asked)
        self.statuses.append(response.status_code)
        if response.resolver_match:
            self.routes.add(response.resolver_match.view_name)
        return response

    def get(self, address: str, **headers: str) -> Any:
        return self.ask("get", address, **headers)

    def post(self, address: str, data: Any = None, **headers: str) -> Any:
        return self.ask("post", address, data or {}, **headers)

    def send(self, address: str, body: Any) -> Any:
        """To the API, as JSON."""
        return self.ask("post", address, body, content_type="application/json")

    def hush(self) -> None:
        """Forget all: what comes next is looked at by itself."""
        self.told, self.keys, self.notes, self.statuses = frozenset(), [], [], []

    @property
    def findings(self) -> tuple[list[str], list[str], list[str]]:
        """Canaries, requests that read keys, requests that read annotations."""
        return sorted(self.told), self.keys, self.notes


@pytest.fixture
def practice() -> list[Planted]:
    return every_type("practice")


@pytest.fixture
def graded() -> list[Planted]:
    return every_type("graded")


@pytest.fixture
def stage(practice: list[Planted], graded: list[Planted]) -> Stage:
    return build(
        practice=practice,
        graded=graded,
        notes={1: "canary-note-shown-end", 2: "canary-note-line-end", 0: "canary-note-skill-end"},
        passage_notes={1: "canary-passage-1-end", 2: "canary-passage-2-end", 3: "canary-passage-3-end"},
    )


@pytest.fixture
def learner(stage: Stage) -> Walker:
    return Walker(stage.client("learner"))


def started(walker: Walker, quiz: Quiz) -> Attempt:
    walker.post(url("quizzes:start", uuid=quiz.uuid))
    found = Attempt.objects.filter(quiz=quiz, submitted_at=None).last()
    assert found is not None
    return found


def handed_in(stage: Stage, quiz: Quiz, asked: list[Planted]) -> Attempt:
    """The learner's attempt, answered and handed in without a page: for what is told from then on."""
    begun = attempts.start(learner=stage.people["learner"], quiz=quiz, cohort=stage.cohort)
    answer_by_verb(begun, asked, 0)
    return attempts.submit(attempt=begun)


def answer_by_verb(attempt: Attempt, asked: list[Planted], answer: int) -> None:
    for item, one in zip(attempt.items.order_by("position"), asked, strict=True):
        attempts.save_response(item=item, sequence=1, data=data_of(one, FORMS[one.type][answer]))


def item_urls(attempt: Attempt) -> list[str]:
    return [url("quizzes:item", uuid=attempt.uuid, position=item.position) for item in attempt.items.all()]


def look_round(walker: Walker, stage: Stage, **headers: str) -> None:
    """Every page that is no attempt's. What the read step says is its own; it is looked at apart."""
    lesson = {"uuid": stage.lesson.uuid}
    for address in (
        url("courses:front"),
        url("courses:front") + "?sentence=1&second=0",
        url("courses:home"),
        url("courses:progress"),
        url("courses:now"),
        url("courses:ticket", uuid=shown_to(stage).uuid),
        url("courses:classes"),
        url("courses:my_marks"),
        url("courses:course", uuid=stage.course.uuid),
        url("courses:lesson", **lesson),
        *(url("courses:step", key=key, **lesson) for key in ("explain", "practice", "quiz")),
        *(url("quizzes:quiz", uuid=quiz.uuid) for quiz in (stage.practice, stage.graded)),
        url("quizzes:quiz", uuid=stage.graded.uuid) + "?again",
        url("accounts:join"),
        url("accounts:join", code="ABCDEF"),
        url("accounts:joined"),
        url("accounts:privacy"),
        url("accounts:export"),
        url("accounts:archived"),
        url("accounts:news"),
        url("accounts:news_off", token="nosuch"),
    ):
        walker.get(address, **headers)
    walker.post(url("accounts:news_read"), **headers)
    walker.post(url("accounts:news_mail"), {"mail": "1"}, **headers)
    walker.post(url("courses:step", key="explain", **lesson), **headers)
    walker.post(url("accounts:join"), {"code": "NOSUCH"}, **headers)
    for name in ("api:docs", "api:docs-guide", "api:docs-problems", "api:docs-types", "api:docs-client"):
        walker.get(url(name), **headers)
    walker.get(url("api:docs-resource", resource="attempts"), **headers)
    for name in ("attempt-list", "schema", "my-course-list", "my-assignment-list", "my-progress-list"):
        walker.get(url(f"api:{name}"), **headers)
    for address in (
        url("api:my-mark-list"),
        url("api:my-course-detail", uuid=stage.course.uuid),
        url("api:my-lesson-detail", **lesson),
        *(url("api:my-lesson-step", key=key, **lesson) for key in ("explain", "practice", "quiz")),
        *(url("api:my-quiz-detail", uuid=quiz.uuid) for quiz in (stage.practice, stage.graded)),
    ):
        walker.get(address, **headers)
    for key in ("explain", "read", "quiz"):
        walker.send(url("api:my-lesson-done", key=key, **lesson), {})


def shown_to(stage: Stage) -> Presentation:
    """The lesson, presented to the class, at its exit ticket."""
    shown = presenting.open_lesson(cohort=stage.cohort, lesson=stage.lesson, by=stage.people["teacher"])
    return presenting.exit_ticket(presentation=shown)


def look_at(walker: Walker, attempt: Attempt, *ways: dict[str, str]) -> None:
    """All pages of an attempt, as a page and as JSON unless `ways` are given; and all that the API says of it."""
    items = item_urls(attempt)
    for headers in ways or ({}, JSON):
        for address in (
            url("quizzes:attempt", uuid=attempt.uuid),
            url("quizzes:review", uuid=attempt.uuid),
            *items,
            *(f"{address}?again" for address in (items if headers != JSON else items[:1])),
            url("quizzes:item", uuid=attempt.uuid, position=99),
        ):
            walker.get(address, **headers)
    for name in ("detail", "items", "article", "feedback"):
        walker.get(url(f"api:attempt-{name}", uuid=attempt.uuid))
    for item in attempt.items.all():
        walker.get(api_item(attempt, item.position))


def api_item(attempt: Attempt, position: int, does: str = "item") -> str:
    return url(f"api:attempt-{does}", uuid=attempt.uuid, position=position)


def answers(asked: Planted, position: int) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Saving in every way, and in every way that is refused, without a check.

    Where a button leads, and what is no sequence, is the same for all types: neighbours take turns.
    """
    form, other = FORMS[asked.type]
    do = ("next", "previous", "review")[position % 3]
    for headers in ({}, JSON):
        yield ({} if position % 2 else {**form, "sequence": "many", "do": "next"}), headers
        yield {**REFUSED[asked.type], "sequence": 1}, headers
        yield {**form, "sequence": 1}, headers  # with JSON: the same again
        yield {**other, "sequence": 1}, headers  # stale
        yield {**form, "sequence": 1, "do": do}, headers


def answer_all(walker: Walker, attempt: Attempt, asked: list[Planted]) -> None:
    """Answer the first items of an attempt, those that were `asked`, in every way."""
    for position, (address, one) in enumerate(zip(item_urls(attempt), asked, strict=False), start=1):
        for data, headers in answers(one, position):
            walker.post(address, data, **headers)
        to = url("api:attempt-responses", uuid=attempt.uuid, position=position)
        for body in (
            {},
            {"sequence": 2, "data": {"nonsense": 1}},
            {"sequence": 2, "data": data_of(one, FORMS[one.type][0])},
            {"sequence": 2, "data": data_of(one, FORMS[one.type][1])},  # stale
        ):
            walker.send(to, body)


def data_of(asked: Planted, form: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in form.items()}
    return registry.get(asked.type).from_form(asked.prompt, lists)


def test_every_type_has_forms_here() -> None:
    slugs = {question_type.slug for question_type in all_types()}
    assert set(FORMS) == set(REFUSED) == slugs


def test_every_text_of_a_key_is_a_canary(practice: list[Planted]) -> None:
    for planted in practice:
        key = json.dumps(planted.key.model_dump(mode="json"))
        assert in_text(key) == planted.all
        assert len(planted.told) >= 2
        assert in_text(json.dumps(planted.prompt.model_dump(mode="json"))) == frozenset()


def test_a_walk_takes_every_route_and_finds_nothing_before_feedback_is_due(
    learner: Walker, stage: Stage, practice: list[Planted], graded: list[Planted]
) -> None:
    look_round(learner, stage)
    begun = {quiz: started(learner, quiz) for quiz in (stage.practice, stage.graded)}
    for quiz, asked in ((stage.practice, practice), (stage.graded, graded)):
        look_at(learner, begun[quiz], {})
        answer_all(learner, begun[quiz], asked)
        look_at(learner, begun[quiz])
    check_all(learner, begun[stage.graded], graded)
    look_round(learner, stage, **JSON)
    assert learner.findings == ([], [], [])
    assert {200, 201, 302, 400, 404, 409, 422} <= set(learner.statuses)
    learner.post(url("quizzes:submit", uuid=begun[stage.graded].uuid))
    learner.send(url("api:attempt-submit", uuid=begun[stage.practice].uuid), {})
    assert sorted(learner.told) == []
    for name in ("courses:step", "api:my-lesson-step"):
        learner.get(url(name, uuid=stage.lesson.uuid, key="read"))
    ours = {name for name in _route_names() if name.startswith(ROOMS)}
    assert ours - learner.routes - closed_to_learners() - program_names() == {"api:token"}


def test_a_check_in_a_graded_quiz_reads_no_key(learner: Walker, stage: Stage, graded: list[Planted]) -> None:
    attempt = started(learner, stage.graded)
    learner.hush()
    check_all(learner, attempt, graded)
    assert learner.findings == ([], [], [])
    assert learner.statuses == [409] * 3 * len(graded)


def check_all(walker: Walker, attempt: Attempt, asked: list[Planted]) -> None:
    """In every way: as a form, as JSON, over the API."""
    for position, (address, one) in enumerate(zip(item_urls(attempt), asked, strict=True), start=1):
        form = FORMS[one.type][0]
        for headers in ({}, JSON):
            walker.post(address, {**form, "sequence": 1, "do": "check"}, **headers)
        walker.send(api_item(attempt, position, "check"), {"sequence": 1, "data": data_of(one, form)})


def test_a_check_that_is_refused_tells_nothing(
    learner: Walker, stage: Stage, practice: list[Planted]
) -> None:
    attempt = started(learner, stage.practice)
    learner.hush()
    for address, asked in zip(item_urls(attempt), practice, strict=True):
        for headers in ({}, JSON):
            learner.post(address, {"sequence": 1, "do": "check"}, **headers)  # no answer: may read, not tell
            learner.post(address, {**REFUSED[asked.type], "sequence": 1, "do": "check"}, **headers)
    assert sorted(learner.told) == []
    assert set(learner.statuses) <= {409, 422}


@pytest.mark.parametrize("headers", [{}, JSON], ids=["form", "json"])
def test_a_check_tells_of_its_own_item_only(
    learner: Walker, stage: Stage, practice: list[Planted], headers: dict[str, str]
) -> None:
    attempt = started(learner, stage.practice)
    urls = item_urls(attempt)
    for sequence in (1, 2):
        for address, asked in zip(urls, practice, strict=True):
            data = {**FORMS[asked.type][sequence - 1], "sequence": sequence, "do": "check"}
            learner.hush()
            learner.post(address, data, **headers)
            assert learner.told <= asked.told
            assert learner.keys == [f"post {address}"]
    for address, asked in zip(urls, practice, strict=True):
        learner.hush()
        learner.get(address)
        assert learner.told != frozenset()
        assert learner.told <= asked.told
        assert learner.keys == [f"get {address}"]
    learner.hush()
    look_round(learner, stage)
    learner.get(url("quizzes:review", uuid=attempt.uuid))
    learner.get(url("quizzes:attempt", uuid=attempt.uuid))
    assert learner.findings == ([], [], [])


def test_checks_tell_all_that_is_due(learner: Walker, stage: Stage, practice: list[Planted]) -> None:
    attempt = started(learner, stage.practice)
    for address, asked in zip(item_urls(attempt), practice, strict=True):
        learner.hush()
        for sequence, form in enumerate(FORMS[asked.type], start=1):
            learner.post(address, {**form, "sequence": sequence, "do": "check"})
            learner.get(address)
        assert sorted(learner.told) == sorted(asked.told)


def test_one_check_tells_nothing_of_the_items_that_are_still_open(
    learner: Walker, stage: Stage, practice: list[Planted]
) -> None:
    attempt = started(learner, stage.practice)
    first, *others = item_urls(attempt)
    learner.post(first, {**FORMS[practice[0].type][0], "sequence": 1, "do": "check"})
    learner.hush()
    for address, asked in zip(others, practice[1:], strict=True):
        learner.get(address)
        for headers in ({}, JSON):
            learner.post(address, {**FORMS[asked.type][0], "sequence": 1}, **headers)
        learner.get(address)
    assert learner.findings == ([], [], [])


def test_handing_in_tells_of_that_attempt_only(learner: Walker, stage: Stage, graded: list[Planted]) -> None:
    seen: dict[str, frozenset[str]] = {}
    for answer in (0, 1):
        attempt = started(learner, stage.graded)
        learner.hush()
        if answer:  # feedback on the first is due now, and on this one not
            look_at(learner, attempt, {})
        assert learner.findings == ([], [], [])
        answer_by_verb(attempt, graded, answer)
        learner.post(url("quizzes:submit", uuid=attempt.uuid))
        learner.get(url("quizzes:attempt", uuid=attempt.uuid))
        for name in ("detail", "items"):
            learner.get(url(f"api:attempt-{name}", uuid=attempt.uuid))
        assert sorted(learner.told) == []
        for address, asked in zip(item_urls(attempt), graded, strict=True):
            learner.hush()
            learner.get(address)
            assert learner.told <= asked.told
            tag = min(asked.all)
            seen[tag] = seen.get(tag, frozenset()) | learner.told
    due = {min(asked.all): asked.told - asked.hints for asked in graded}
    assert seen == due
    learner.hush()
    look_round(learner, stage)
    assert learner.findings == ([], [], [])


def test_the_api_tells_a_practice_item_when_it_is_checked(
    learner: Walker, stage: Stage, practice: list[Planted]
) -> None:
    attempt = started(learner, stage.practice)
    feedback = url("api:attempt-feedback", uuid=attempt.uuid)
    told: frozenset[str] = frozenset()
    for position, asked in enumerate(practice, start=1):
        learner.hush()
        address = api_item(attempt, position, "check")
        learner.send(address, {"sequence": 1, "data": data_of(asked, FORMS[asked.type][0])})
        assert sorted(learner.told - asked.secret) == sorted(asked.told)
        assert learner.keys == [f"post {address}"]
        told |= learner.told
        learner.hush()
        learner.get(feedback)
        assert learner.told == told  # of those that are still open: nothing
        assert learner.keys == [f"get {feedback}"]


def test_the_api_tells_what_was_handed_in(learner: Walker, stage: Stage, graded: list[Planted]) -> None:
    attempt = started(learner, stage.graded)
    for position, asked in enumerate(graded, start=1):
        data = data_of(asked, FORMS[asked.type][0])
        learner.send(api_item(attempt, position, "responses"), {"sequence": 1, "data": data})
    address = url("api:attempt-feedback", uuid=attempt.uuid)
    learner.get(address)
    assert (learner.statuses[-1], learner.findings) == (409, ([], [], []))
    learner.send(url("api:attempt-submit", uuid=attempt.uuid), {})
    assert sorted(learner.told) == []
    learner.hush()
    learner.get(address)
    secret = frozenset[str]().union(*(asked.secret for asked in graded))
    due = frozenset[str]().union(*(asked.told - asked.hints for asked in graded))
    assert sorted(learner.told - secret) == sorted(due)
    assert learner.keys == [f"get {address}"]


@pytest.mark.parametrize(
    "terms", [{"release": "held"}, {"feedback": "after_close"}], ids=["held", "after closing"]
)
def test_what_was_handed_in_tells_nothing_until_it_is_released_or_closed(
    learner: Walker, stage: Stage, graded: list[Planted], terms: dict[str, str]
) -> None:
    assigned = Assignment.objects.filter(quiz=stage.graded, cohort=stage.cohort)
    assigned.update(closes_at=timezone.now() + timedelta(days=1), **terms)
    attempt = handed_in(stage, stage.graded, graded)
    look_at(learner, attempt)
    look_round(learner, stage)
    learner.send(url("api:attempt-submit", uuid=attempt.uuid), {})
    assert learner.findings == ([], [], [])
    assert learner.client.get(url("api:attempt-detail", uuid=attempt.uuid)).json()["fraction"] is None
    met, _later = skill_lines(stage.people["learner"])
    assert met == []
    assigned.update(released_at=timezone.now(), closes_at=timezone.now() - timedelta(minutes=1))
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=None)
    for address, asked in zip(item_urls(attempt), graded, strict=True):
        learner.hush()
        learner.get(address)
        assert learner.told != frozenset()
        assert learner.told <= asked.told
    met, _later = skill_lines(stage.people["learner"])
    assert met != []


def test_what_the_deadline_hands_in_tells_nothing_in_that_answer(
    learner: Walker, stage: Stage, graded: list[Planted]
) -> None:
    attempt = started(learner, stage.graded)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at="2020-01-01T00:00Z", deadline_at="2020-01-02T00:00Z"
    )
    address = item_urls(attempt)[0]
    learner.hush()
    learner.get(address)
    assert learner.findings == ([], [], [])
    for headers in (JSON, {}):
        learner.post(address, {**FORMS[graded[0].type][0], "sequence": 1}, **headers)
    assert sorted(learner.told) == []
    assert learner.statuses[1:] == [409, 302]
    attempt.refresh_from_db()
    assert attempt.submit_cause == "deadline"


def test_others_are_told_nothing_whatever_was_handed_in(
    learner: Walker, stage: Stage, practice: list[Planted], graded: list[Planted]
) -> None:
    theirs = [
        (handed_in(stage, quiz, asked), asked)
        for quiz, asked in ((stage.practice, practice), (stage.graded, graded))
    ]
    learner.get(item_urls(theirs[0][0])[0])
    assert learner.told != frozenset()  # feedback is due, to the learner
    for role in ("classmate", "stranger", "nobody"):
        other = Walker(stage.client(role))
        with undone():
            look_round(other, stage)
            for attempt, asked in theirs:
                _try_all(other, attempt, asked)
        assert (role, *other.findings) == (role, [], [], [])
        assert (401 in other.statuses) == (role == "nobody")


def _try_all(other: Walker, attempt: Attempt, asked: list[Planted]) -> None:
    look_at(other, attempt)
    answer_all(other, attempt, asked[:2])  # what is not theirs is not found, whatever its type
    for data in ({"sequence": 2, "do": "check"}, {}):
        for address in item_urls(attempt):
            other.post(address, data)
            other.post(address, data, **JSON)
    for headers in ({}, JSON):
        other.post(url("quizzes:submit", uuid=attempt.uuid), **headers)
    check_all(other, attempt, asked)
    other.send(url("api:attempt-submit", uuid=attempt.uuid), {})


def test_a_classmate_who_takes_it_too_is_told_nothing_early(
    learner: Walker, stage: Stage, graded: list[Planted]
) -> None:
    attempt = started(learner, stage.graded)
    learner.post(url("quizzes:submit", uuid=attempt.uuid))
    classmate = Walker(stage.client("classmate"))
    own = started(classmate, stage.graded)
    look_at(classmate, own, {})
    answer_all(classmate, own, graded[::3])
    look_at(classmate, own, {})
    assert classmate.findings == ([], [], [])


@pytest.mark.parametrize("name", ["courses:step", "api:my-lesson-step"])
def test_a_read_step_tells_the_notes_on_its_lines_and_skill_only(
    learner: Walker, stage: Stage, name: str
) -> None:
    address = url(name, uuid=stage.lesson.uuid, key="read")
    for headers in ({}, JSON):
        learner.get(address, **headers)
    assert learner.findings == (["canary-note-shown-end"], [], [f"get {address}"] * 2)
    learner.hush()
    learner.post(address)
    assert sorted(learner.told) == []


def test_the_front_page_tells_of_a_passage_only_when_it_was_judged(client: Client) -> None:
    organisation = OrganisationFactory()
    marking = next(question_type for question_type in all_types() if question_type.slug == "mark_spans")
    first, second = plant(marking, "first"), plant_praise(marking, "second")
    opening = quiz_of(organisation, Quiz.Mode.PRACTICE, [first, second], None)
    Course.objects.filter(pk=LessonFactory().course.pk).update(opening=opening)
    walker = Walker(client)
    for query in ("", "?try=1", "?sentence=99", "?sentence=-1", "?sentence="):
        walker.get(f"/{query}")
    assert walker.findings == ([], [], [])
    walker.get("/?second=1")  # an answer to the second passage, but the first comes first
    assert sorted(walker.told) == []
    walker.get("/?sentence=1")
    walker.get("/?nothing=1")
    walker.get("/?sentence=1&second=99")
    assert walker.told <= first.told
    assert walker.told != frozenset()
    walker.hush()
    walker.get("/?nothing=1&second=1")
    walker.get("/?nothing=1&second=0")
    assert walker.told & second.told != frozenset()
    assert walker.told <= first.told | second.told
    assert walker.notes == []


def _route_names() -> set[str]:
    return {route.name for route in every_route(get_resolver())}
