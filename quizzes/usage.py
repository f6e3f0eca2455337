"""Where questions are used: in which quizzes and, as upper rooms tell, in which lessons and courses."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import Count, F, Model, Q, QuerySet
from django.utils.functional import Promise

from accounts.models import User
from quizzes.models import Assignment, Quiz, QuizSlot


class Use(NamedTuple):
    """A row that uses a quiz: what it is called, and whether learners meet the quiz there now."""

    noun: "str | Promise"
    title: str
    row: Model
    live: bool


class Provider(NamedTuple):
    """What an upper room knows: the uses of quizzes by their keys, and the quizzes that are taught now."""

    uses: Callable[[Collection[int], User], Iterable[tuple[int, Use]]]
    taught: Callable[[], "QuerySet[Any]"]


_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask `provider` too, from now on. Twice is once."""
    if provider not in _providers:
        _providers.append(provider)


def current_slots() -> "QuerySet[QuizSlot]":
    """The slots that stand in a quiz now: in what is published of it, or in its draft."""
    of_now = Q(quiz_revision__published_at=None) | Q(quiz_revision=F("quiz_revision__quiz__published"))
    return QuizSlot.objects.filter(of_now)


def counts(questions: Collection[int]) -> dict[int, int]:
    """In how many quizzes each question stands; those in none are left out. One query."""
    rows = current_slots().filter(question__in=questions).order_by().values("question")
    return dict(rows.annotate(n=Count("quiz_revision__quiz", distinct=True)).values_list("question", "n"))


def taught_questions() -> "QuerySet[Any]":
    """The questions of quizzes that learners meet now, by key."""
    live = QuizSlot.objects.filter(quiz_revision=F("quiz_revision__quiz__published"))
    taught = Q(pk__in=[])
    for provider in _providers:
        taught |= Q(quiz_revision__quiz__in=provider.taught())
    return live.filter(taught, question__isnull=False).order_by().values("question")


def taught(quizzes: Collection[int]) -> set[int]:
    """Those of the quizzes that learners meet now: in a lesson, or assigned to a class."""
    found = set(Assignment.objects.live().filter(quiz__in=quizzes).values_list("quiz", flat=True))
    for provider in _providers:
        found |= set(
            Quiz.objects.filter(pk__in=quizzes).filter(pk__in=provider.taught()).values_list("pk", flat=True)
        )
    return found


def uses_of_quizzes(quizzes: Collection[int], user: User) -> dict[int, list[Use]]:
    """Where the quizzes are used, as far as `user` may see it."""
    found: dict[int, list[Use]] = defaultdict(list)
    for provider in _providers:
        for quiz, use in provider.uses(quizzes, user):
            found[quiz].append(use)
    return found
