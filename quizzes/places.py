"""Where a quiz stands for a user, as an upper room knows it.

Quizzes know no lessons. Whoever teaches with them registers a function that says, for a user and a
quiz, where it is met, what comes after it, and under which class it counts. What a class has
assigned by itself is known here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from accounts.models import Cohort, User
from quizzes.models import Assignment, Attempt, Quiz


@dataclass(frozen=True)
class Onward:
    """What comes after a quiz; the title is "" where only a way back is left."""

    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Place:
    """`enrolled`: attempts count, under `cohort` if there is one; else they are previews.

    `yields`: they take it there too, but another class of theirs has assigned it by itself.

    `look_onward` finds what comes after, when a page asks for it: whoever starts does not.
    """

    title: str = ""
    url: str = ""
    cohort: Cohort | None = None
    enrolled: bool = False
    yields: bool = False
    look_onward: Callable[[], Onward] = field(default=Onward, compare=False, repr=False)

    @cached_property
    def onward(self) -> Onward:
        return self.look_onward()


#: The classes that are looked at; None: all, and what is taken alone.
Within = QuerySet[Cohort] | None
Provider = Callable[[User, Quiz, Within], Place | None]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask `provider` from now on. Twice is once."""
    if provider not in _providers:
        _providers.append(provider)


def place_of(user: User, quiz: Quiz, within: Within = None) -> Place:
    """Where a provider knows that they take it, or a class has it assigned; else where it may be looked at."""
    known = next((place for ask in _providers if (place := ask(user, quiz, within)) is not None), None)
    if known is not None and known.enrolled and not known.yields:
        return known
    return _assigned(user, quiz, within) or known or Place()


def place_of_attempt(user: User, attempt: Attempt) -> Place:
    """Where its quiz stands in the class that the attempt counts under, for whoever looks at it."""
    of_class = Cohort.objects.filter(pk=attempt.cohort_id) if attempt.cohort_id is not None else None
    return place_of(user, attempt.quiz, of_class)


def _assigned(user: User, quiz: Quiz, within: Within) -> Place | None:
    """A quiz by itself, under the class that gave it to them. Of several: what is to be done, what is due first."""
    given = Assignment.objects.given_to(user).filter(quiz=quiz).select_related("cohort")
    if within is not None:
        given = given.filter(cohort__in=within)
    handed_in = Attempt.objects.submitted().counting().filter(assignment=OuterRef("pk"), learner=user)
    in_order = given.annotate(done=Exists(handed_in)).order_by("done", F("due_at").asc(nulls_last=True), "pk")
    assignment = in_order.first()
    if assignment is None:
        return None

    def look_onward() -> Onward:
        return Onward(_("What is to do"), resolve_url(settings.LOGIN_REDIRECT_URL))

    return Place(cohort=assignment.cohort, enrolled=True, look_onward=look_onward)
