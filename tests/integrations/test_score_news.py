"""That programs are told of every score that became another one, whatever changed it, and of no other."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts import clock, erasing
from accounts.models import Organisation, User
from integrations import clients, endpoints, score_news
from integrations.models import Delivery, OutboxEvent, ToldScore, WebhookEndpoint
from integrations.outbox import EVENTS, NEEDS
from quizzes import assigning, attempts, building, marking, publishing, regrading, score_rows
from quizzes.models import AssignmentScore, Attempt, Question, Regrade
from quizzes.scores import scores_of
from tests.factories.accounts import CohortMemberFactory, OrganisationFactory
from tests.factories.quizzes import QuestionFactory, QuizRevisionFactory
from tests.quizzes.api.test_scores_api import Class
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YESTERDAY = timezone.now() - timedelta(hours=20)
#: State, fraction, points and maximum.
Said = tuple[str, float | None, float | None, float]
RIGHT: Said = ("released", 1.0, 1.0, 1.0)
HALF: Said = ("released", 0.5, 0.5, 1.0)
LATE = {"due_at": YESTERDAY, "late_policy": "percent", "late_percent": 50}


def listener(school: Organisation, by: User, name: str = "LMS") -> WebhookEndpoint:
    lms, _secret = clients.make_client(organisation=school, name=name, scopes=set(NEEDS.values()), by=by)
    return endpoints.make_endpoint(client=lms, url=f"https://{name}.example/", events=list(EVENTS))


@pytest.fixture(autouse=True)
def endpoint(school: Organisation, head: User) -> WebhookEndpoint:
    return listener(school, head)


def told() -> list[OutboxEvent]:
    """What is told now of scores, beyond what was."""
    before = set(OutboxEvent.objects.values_list("pk", flat=True))
    score_news.tell_changed()
    return list(OutboxEvent.objects.exclude(pk__in=before).order_by("pk"))


def said(events: list[OutboxEvent]) -> list[Said]:
    return [
        (one.data["state"], one.data["fraction"], one.data["points"], one.data["maximum"]) for one in events
    ]


def ask_for_text(group: Class) -> None:
    """The quiz asks one question that a person grades."""
    question = QuestionFactory(organisation=group.cohort.organisation, revision__type="rewrite")
    publishing.publish_quiz(revision=QuizRevisionFactory(quiz=group.quiz, questions=[question]))


def hand_in_text(group: Class) -> None:
    ask_for_text(group)
    attempt = group.begin()
    written = {"text": "The council paid for a bench.", "checked": []}
    attempts.save_response(item=attempt.items.get(), sequence=1, data=written)
    attempts.submit(attempt=attempt)


def grade(group: Class) -> None:
    item = Attempt.objects.get(learner=group.learner).items.select_related("revision", "attempt").get()
    levels = {"facts": 2, "wording": 1}
    draft = marking.save(item=item, by=group.teacher, edition=0, levels=levels, comment="")
    marking.finish(item=item, by=group.teacher, edition=draft.edition)
    marking.release(by=group.teacher, assignment=group.assignment)


def worth(group: Class, points: int) -> None:
    draft = building.revise_quiz(quiz=group.quiz)
    draft.slots.update(points=Decimal(points))
    publishing.publish_quiz(revision=draft)


def take_back(group: Class) -> None:
    assigning.archive(assignment=group.assignment, by=group.teacher)


def give_anew(group: Class) -> None:
    group.assignment = assigning.assign(quiz=group.quiz, cohort=group.cohort, by=group.teacher)


def nothing(group: Class) -> None: ...


#: The terms, what was before, the cause, and what is told.
CAUSES: dict[str, tuple[dict[str, Any], Callable[[Class], Any], Callable[[Class], Any], list[Said]]] = {
    "an attempt begins": ({}, nothing, Class.begin, [("in_progress", None, None, 1.0)]),
    "an attempt is handed in": (
        {},
        Class.begin,
        lambda group: attempts.submit(attempt=Attempt.objects.get(learner=group.learner)),
        [("released", 0.0, 0.0, 1.0)],
    ),
    "what is handed in waits for a person": ({}, nothing, hand_in_text, [("waiting", None, None, 1.0)]),
    "a person grades": ({}, hand_in_text, grade, [RIGHT]),
    "a regrade": ({}, Class.hand_in, Class.regrade, [("not_counted", None, None, 1.0)]),
    "a score set by hand": ({}, Class.hand_in, lambda group: group.enter("override", 0.5), [HALF]),
    "an excuse": ({}, Class.hand_in, lambda group: group.enter("excused"), [("excused", None, None, 1.0)]),
    "a word that is taken back": (
        {},
        lambda group: (group.hand_in(), group.enter("override", 0.5)),
        lambda group: group.enter("none"),
        [RIGHT],
    ),
    "other terms": ({}, Class.hand_in, lambda group: group.change(**LATE), [HALF]),
    "a release": (
        {"release": "held"},
        Class.hand_in,
        lambda group: assigning.release(assignment=group.assignment, by=group.teacher),
        [RIGHT],
    ),
    "a release of what was set by hand": (
        {"release": "held"},
        lambda group: group.enter("override", 0.5),
        lambda group: assigning.release(assignment=group.assignment, by=group.teacher),
        [HALF],
    ),
    "marks are held again": (
        {},
        Class.hand_in,
        lambda group: group.change(release="held"),
        [("held", None, None, 1.0)],
    ),
    "its closing passes": (
        {"feedback": "after_close", "closes_at": timezone.now() + DAY},
        Class.hand_in,
        lambda group: group.passes("closes_at"),
        [RIGHT],
    ),
    "its closing passes over what was set by hand": (
        {"feedback": "after_close", "closes_at": timezone.now() + DAY},
        lambda group: group.enter("override", 0.5),
        lambda group: group.passes("closes_at"),
        [HALF],
    ),
    "its due date passes": (
        {},
        nothing,
        lambda group: group.passes("due_at"),
        [("missing", None, None, 1.0)],
    ),
    "an accommodation": (LATE, Class.hand_in, lambda group: group.grant(extra_days=5), [RIGHT]),
    "an accommodation that is taken back": (
        LATE,
        lambda group: (group.grant(extra_days=5), group.hand_in()),
        lambda group: group.grant(),
        [HALF],
    ),
    "it is given to others": (
        {},
        nothing,
        lambda group: assigning.address(
            assignment=group.assignment,
            by=group.teacher,
            learners=[CohortMemberFactory(cohort=group.cohort).user],
        ),
        [("not_given", None, None, 1.0)],
    ),
    "it is taken back": ({}, nothing, take_back, [("not_given", None, None, 1.0)]),
    "it is given anew, and takes the work over": (
        {},
        lambda group: (group.hand_in(), take_back(group)),
        give_anew,
        [("not_given", None, None, 1.0), RIGHT],
    ),
    "it is given anew, and takes a teacher's word over": (
        {},
        lambda group: (group.enter("override", 0.5), take_back(group)),
        give_anew,
        [HALF],
    ),
    "the quiz has other points": (
        {},
        Class.hand_in,
        lambda group: worth(group, 5),
        [("released", 1.0, 5.0, 5.0)],
    ),
    "the learner leaves": (
        {"due_at": timezone.now() + DAY},
        nothing,
        Class.leave,
        [("not_given", None, None, 1.0)],
    ),
}


@pytest.mark.parametrize("name", CAUSES)
def test_whatever_changes_a_score_is_told_once(school: Organisation, name: str) -> None:
    terms, before, cause, expected = CAUSES[name]
    group = Class(school, **terms)
    before(group)
    told()
    cause(group)
    events = [event for event in told() if event.learner == group.learner]
    assert said(events) == expected
    for event in events:
        row = AssignmentScore.objects.select_related("assignment__quiz").get(uuid=event.data["score"])
        assert event.kind == "score.changed"
        assert {name: event.data[name] for name in ("learner", "quiz", "cohort", "assignment")} == {
            "learner": str(group.learner.uuid),
            "quiz": str(group.quiz.uuid),
            "cohort": str(group.cohort.uuid),
            "assignment": str(row.assignment.uuid),
        }
    assert told() == []
    assert known() == {row.pk: stands(row) for row in rows()}


def rows() -> list[AssignmentScore]:
    return list(AssignmentScore.objects.select_related("assignment__cohort", "assignment__quiz__published"))


def stands(row: AssignmentScore) -> tuple[str, float | None, float]:
    score = scores_of([row])[row.pk]
    return score.state.value, score.fraction, score.maximum


def known() -> dict[int, tuple[str, float | None, float]]:
    """What programs know, by the score."""
    return {one.pk: (one.state, one.fraction, one.maximum) for one in ToldScore.objects.all()}


TOUCHES: dict[str, Callable[[Class], Any]] = {
    "terms that scores are not made of": lambda group: group.change(attempts_allowed=3),
    "more time for nothing late": lambda group: group.grant(extra_days=2),
    "the same points": lambda group: worth(group, 1),
    "a word for what stood anyway": lambda group: group.enter("override", 1.0),
    "a change and its undoing": lambda group: (group.enter("excused"), group.enter("none")),
    "a date that changes nothing": lambda group: group.passes("due_at"),
    "leaving with what one has": Class.leave,
    "a touch": lambda group: score_rows.touch([(group.assignment.pk, group.learner.pk)]),
}


@pytest.mark.parametrize("name", TOUCHES)
def test_a_touch_that_changed_nothing_is_told_to_nobody(school: Organisation, name: str) -> None:
    group = Class(school)
    group.hand_in()
    told()
    TOUCHES[name](group)
    assert AssignmentScore.objects.filter(untold=True).exists()
    assert told() == []
    assert not AssignmentScore.objects.filter(untold=True).exists()


#: What a score is when it is looked at for the first time, and whether that is news.
FIRST: dict[str, tuple[dict[str, Any], Callable[[Class], Any], list[str]]] = {
    "just given": ({}, nothing, []),
    "begun": ({}, Class.begin, []),
    "taken back": ({}, take_back, []),
    "held": ({"release": "held"}, Class.hand_in, []),
    "set by hand and held": ({"release": "held"}, lambda group: group.enter("override", 0.5), []),
    "missing": ({"due_at": YESTERDAY}, nothing, ["missing"]),
    "waiting": ({}, hand_in_text, ["waiting"]),
    "released": ({}, Class.hand_in, ["released"]),
    "excused": ({}, lambda group: group.enter("excused"), ["excused"]),
}


@pytest.mark.parametrize("name", FIRST)
def test_a_score_is_told_the_first_time_only_where_there_is_something(
    school: Organisation, name: str
) -> None:
    terms, do, expected = FIRST[name]
    group = Class(school, **terms)
    do(group)
    assert [event.data["state"] for event in told()] == expected
    assert known() == {row.pk: stands(row) for row in rows()}


def test_what_is_held_is_told_without_its_figure(school: Organisation) -> None:
    group = Class(school, release="held")
    told()
    group.hand_in()
    assert said(told()) == [("held", None, None, 1.0)]


def test_telling_is_no_change(school: Organisation) -> None:
    """Who asks what has changed since is not sent everything once more because it was told."""
    Class(school).hand_in()
    stamps = list(AssignmentScore.objects.values_list("pk", "updated_at"))
    told()
    assert list(AssignmentScore.objects.values_list("pk", "updated_at")) == stamps


def test_an_endpoint_that_is_made_later_is_told_changes_only(
    school: Organisation, head: User, endpoint: WebhookEndpoint
) -> None:
    endpoints.disable(endpoint=endpoint)
    group = Class(school)
    group.hand_in()
    assert told() == []
    later = listener(school, head, "later")
    group.enter("override", 1.0)
    assert told() == []
    group.enter("override", 0.5)
    assert said(told()) == [HALF]
    assert later.deliveries.count() == 1


def test_each_school_hears_of_its_own(school: Organisation, head: User) -> None:
    own, other, deaf = Class(school), Class(OrganisationFactory()), Class(OrganisationFactory())
    listener(other.cohort.organisation, head, "other")
    for group in (own, other, deaf):
        group.hand_in()
    assert {event.learner for event in told()} == {own.learner, other.learner}
    ways = Delivery.objects.filter(event__kind=score_news.KIND)
    assert set(ways.values_list("endpoint__client__organisation", "event__organisation")) == {
        (group.cohort.organisation_id, group.cohort.organisation_id) for group in (own, other)
    }
    assert known().keys() == {row.pk for row in rows()}


def test_of_who_was_erased_nothing_is_told(school: Organisation) -> None:
    group = Class(school)
    told()
    erasing.erase(person=group.learner)
    assert told() == []


def test_handing_in_is_told_before_the_score_that_it_makes(school: Organisation) -> None:
    """Also where a regrade was carried out while the attempt was running."""
    group = Class(school)
    attempt = group.begin()
    question = Question.objects.get(attempt_items__attempt=attempt)
    plan = regrading.plan(question=question, kind=Regrade.Kind.EVERYONE, cohorts=[group.cohort])
    regrading.carry_out(regrading.order(plan=plan, reason="Unclear.", by=group.teacher))
    attempts.submit(attempt=attempt)
    score_news.tell_changed()
    kinds = OutboxEvent.objects.filter(learner=group.learner).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["attempt.submitted", "score.changed"]


def test_it_takes_the_same_statements_for_one_and_for_many(school: Organisation) -> None:
    group = Class(school)

    def statements() -> int:
        group.change(**LATE)
        asked = len(asked_by(score_news.tell_changed))
        group.change(late_policy="accept")
        asked_again = len(asked_by(score_news.tell_changed))
        assert asked == asked_again
        return asked

    group.hand_in()
    score_news.tell_changed()
    few = statements()
    for _more in range(89):  # 99 deliveries are one INSERT on SQLite
        group.learner = group.member().user
        group.hand_in()
    score_news.tell_changed()
    before = OutboxEvent.objects.count()
    assert statements() == few
    assert OutboxEvent.objects.count() - before == 180
    assert few <= 17


def test_more_than_one_batch_is_told_in_one_turn(
    school: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_news, "BATCH", 2)
    group = Class(school)
    for _more in range(4):
        group.hand_in()
        group.learner = group.member().user
    assert len(told()) == 4


def test_a_turn_ends_and_the_next_one_goes_on(school: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_news, "BATCH", 2)
    monkeypatch.setattr(score_news, "TURN_S", 0)
    group = Class(school)
    for _more in range(3):
        group.hand_in()
        group.learner = group.member().user
    assert [len(told()) for _turn in range(3)] == [2, 1, 0]


def test_what_fails_is_told_at_the_next_turn(school: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    group = Class(school)
    group.hand_in()

    def fails(*args: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(score_news, "_keep", fails)
        with pytest.raises(ConnectionError):
            score_news.tell_changed()
    assert AssignmentScore.objects.filter(untold=True).exists()
    assert said(told()) == [RIGHT]


def test_scores_are_told_before_deliveries_leave() -> None:
    names = list(clock._JOBS)
    assert names.index("quizzes.scores") < names.index("integrations.scores")
    assert names.index("integrations.scores") < names.index("integrations.deliver")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"fraction": 1.5}, "told_score_fraction_0_to_1"),
        ({"fraction": None}, "told_score_fraction_of_released"),
        ({"state": "held"}, "told_score_fraction_of_released"),
        ({"maximum": -1.0}, "told_score_maximum_not_below_0"),
    ],
)
def test_what_is_known_is_a_score(school: Organisation, fields: dict[str, Any], name: str) -> None:
    score = Class(school).assignment.scores.get()
    with pytest.raises(IntegrityError, match=name):
        ToldScore.objects.create(
            score=score, **{"state": "released", "fraction": 0.5, "maximum": 1.0, **fields}
        )
