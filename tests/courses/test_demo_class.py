"""A made-up class: believable, the same for a seed, and written by the real verbs."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import StringIO
from itertools import islice
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import CohortMember, User
from courses.demo.answering import Hand, answer
from courses.demo.clock import set_clock
from courses.demo.pupils import pupils
from courses.gradebook import book_of
from courses.models import StepProgress
from quizzes.models import Assignment, Attempt, AttemptItem, Evidence, ItemScore
from quizzes.types import all_types, registry, responses
from quizzes.types.registry import QuestionType

THEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
#: The types that ship; of one from elsewhere the demo knows nothing, and answers nothing.
KNOWN = [kind for kind in all_types() if kind.slug != "pick_word"]
each_type = pytest.mark.parametrize("kind", KNOWN, ids=lambda kind: kind.slug)


def given(kind: QuestionType, seed: int, skill: float, over: float = 0.0) -> Any:
    prompt, key = kind.example.prompt, kind.example.key
    data = answer(kind.slug, prompt, key, Hand(Random(seed), skill, over))
    return responses.read_response(kind, prompt, data)  # as a browser's is read, refusals and all


@pytest.mark.pure
@each_type
def test_a_sure_hand_answers_right(kind: QuestionType) -> None:
    for seed in range(20):
        outcome = kind.grade(kind.example.prompt, kind.example.key, given(kind, seed, 1.0))
        assert outcome.answered
        assert outcome.fraction == (1 if kind.scores_itself else None)


@pytest.mark.pure
@each_type
def test_every_answer_can_be_read_and_judged(kind: QuestionType) -> None:
    seen = set()
    for seed in range(150):
        hand = Random(seed + 1000)
        response = given(kind, seed, hand.random(), hand.random())
        outcome = kind.grade(kind.example.prompt, kind.example.key, response)
        seen.add(outcome.fraction)
    if kind.scores_itself:
        assert {0, 1} <= seen  # right and wrong, not always one of them


@pytest.mark.pure
def test_who_overdoes_marks_what_is_sound() -> None:
    kind = registry.get("hottext")
    chosen = given(kind, 1, 1.0, over=1.0).chosen
    assert {"old", "gem"} <= chosen
    assert given(kind, 1, 1.0).chosen == {"stubborn"}


@pytest.mark.pure
def test_pupils_are_the_same_for_a_seed_and_have_names_of_their_own() -> None:
    drawn = list(pupils(2500, Random(7), ["attribution"]))
    assert drawn[:50] == list(islice(pupils(50, Random(7), ["attribution"]), 50))
    assert len({pupil.nickname for pupil in drawn}) == 2500
    assert max(len(pupil.nickname) for pupil in drawn) <= 40
    for name in ("ability", "over", "diligence", "late"):
        assert all(0 <= getattr(pupil, name) <= 1 for pupil in drawn)
    assert 0.8 < sum(bool(pupil.real_name) for pupil in drawn) / 2500 < 0.98


@pytest.mark.pure
def test_the_clock_stands_where_it_was_set_and_goes_back() -> None:
    before = timezone.now()
    kept = timezone.now  # as a column keeps it, as its default
    with set_clock(THEN) as clock:
        clock.forward(90)
        assert kept() == timezone.now() == THEN + timedelta(seconds=90)
        assert timezone.localdate() == THEN.date()
        clock.at(THEN - timedelta(days=1))
        assert kept() == THEN - timedelta(days=1)
    assert kept() >= before


# The whole class -------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Any:
    """The demo with six pupils, made once; undone at the end."""
    from django.db import transaction

    around = transaction.atomic()
    around._from_testcase = True  # as Django's own tests do: the verbs ask for a transaction of their own
    with django_db_blocker.unblock(), around:
        path = tmp_path_factory.mktemp("demo") / "accounts"
        bundle = str(settings.BASE_DIR / "fixtures" / "read-it-twice")
        out = StringIO()
        # Tests without a mark come last, after those that empty the tables.
        import_module("articles.migrations.0002_the_twelve_skills").add_skills(apps, None)
        call_command("load_course", bundle, stdout=out)
        call_command("demo", accounts=path, pupils=6, stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def test_a_class_has_lived_through_four_weeks(lived: str) -> None:
    assert "Class 9b: 6 pupils, four weeks of work" in lived
    cohort = Assignment.objects.first().cohort
    assert (
        CohortMember.objects.filter(cohort=cohort, role="learner").count() == 7
    )  # with the learner of the demo
    book = book_of(cohort)
    assert [column.title for column in book.columns] == [
        "Find them yourself",
        "Sort them yourself",
        "Write it anew",
        "Closing quiz",
    ]
    states = {str(mark.state) for row in book.rows for mark in row.marks if mark}
    assert {"graded", "waiting", "excused"} <= states
    assert 0.3 < (book.mean_of_totals() or 0) < 0.95


def test_all_of_it_lies_in_the_past_and_hangs_together(lived: str) -> None:
    now = timezone.now()
    for model, field in (
        (Attempt, "submitted_at"),
        (ItemScore, "at"),
        (Evidence, "at"),
        (StepProgress, "done_at"),
    ):
        moments = model.objects.exclude(**{field: None}).values_list(field, flat=True)
        assert min(moments) > now - timedelta(days=30)
        assert min(moments) < now - timedelta(days=20)
        assert max(moments) < now
    assert not Attempt.objects.filter(assignment=None, quiz__assignments__isnull=False).exists()
    assert AttemptItem.objects.filter(current_score=None, attempt__submitted_at__isnull=False).count() == 0
    made = User.objects.filter(cohort_memberships__role="learner").exclude(username="learner")
    assert {user.has_usable_password() for user in made} == {False}


def test_the_same_seed_gives_the_same_class(lived: str) -> None:
    told = []
    for name in ("One", "Two"):
        call_command("make_demo_class", name=name, learners=2, seed=5, stdout=StringIO())
        tries = Attempt.objects.filter(cohort__name=name).order_by("learner__pk", "started_at")
        told.append(list(tries.values_list("learner__display_name", "quiz__ref", "fraction")))
    assert told[0] == told[1]
    assert len(told[0]) > 6


def test_a_class_lives_once(lived: str) -> None:
    with pytest.raises(CommandError, match="has a history already"):
        call_command("make_demo_class", name="Class 9b", learners=2)


@pytest.mark.django_db
def test_no_made_up_pupils_on_a_real_site(settings: Any) -> None:
    settings.DEV = False
    with pytest.raises(CommandError, match="development only"):
        call_command("make_demo_class")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_it_needs_a_teacher() -> None:
    with pytest.raises(CommandError, match="no user “teacher”"):
        call_command("make_demo_class")
