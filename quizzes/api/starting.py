"""Which quiz an attempt is started at over the API, for whom, and under which class it counts."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.api import references
from accounts.api.refusing import Refused
from accounts.models import Cohort, User
from quizzes import bounds
from quizzes.errors import NotAssigned
from quizzes.models import Assignment, Quiz
from quizzes.places import Within, place_of


@dataclass(frozen=True)
class Asked:
    """What `quizzes.attempts.start` is called with."""

    learner: User
    quiz: Quiz
    cohort: Cohort | None
    preview: bool = False
    within: Within = None  # no attempt under another class goes on


def by_learner(request: Request, given: dict[str, Any]) -> Asked:
    """What a signed-in person starts for themselves: a preview, where they look at what they do not take.

    In a session that another system began, only under the classes of its organisation, and what was opened for one
    class only under that. Raises Refused for what they do not see, and NotAssigned where no such class takes it.
    """
    _refuse_twofold(given)
    learner = references.caller(request)
    if given.get("learner", learner.uuid) != learner.uuid or "learner_external_id" in given:
        raise Refused({"learner": [_("You start for yourself: leave this out.")]}, "not-yourself")
    classes = Cohort.objects.learnt_by(learner)
    if "assignment" in given:
        asked = _assigned(learner, given, classes)
        bound = bounds.classes_for(request.session, asked.quiz)
        if bound is not None and asked.cohort not in bound:
            raise _not_taken()
        return replace(asked, within=bound)
    quiz = _quiz(Quiz.objects.visible_to(learner), given)
    bound = within = bounds.classes_for(request.session, quiz)
    if "cohort" in given:
        named = _found(classes, given, "cohort", "unknown-class")
        within = (classes if bound is None else bound).filter(pk=named.pk)
    place = place_of(learner, quiz, within)
    if within is not None and not place.enrolled:
        raise _not_taken()
    return Asked(learner, quiz, place.cohort, preview=not place.enrolled, within=bound)


def by_program(request: Request, given: dict[str, Any]) -> Asked:
    """What a program starts for a learner of its classes, and under one of them: never a preview.

    Raises Refused for what it does not see, and NotAssigned where none of the classes takes it with them.
    """
    _refuse_twofold(given)
    program = references.caller(request)
    learner = references.person(request, given, "learner")
    classes = Cohort.objects.visible_to(program).active()
    if "assignment" in given:
        return _assigned(learner, given, classes)
    quiz = _quiz(Quiz.objects.visible_to(program), given)
    if given.keys() & {"cohort", "cohort_external_id"}:
        classes = classes.filter(pk=references.cohort(request, given).pk)
    place = place_of(learner, quiz, classes)
    if not place.enrolled:
        raise _not_taken()
    return Asked(learner, quiz, place.cohort)


def _refuse_twofold(given: dict[str, Any]) -> None:
    """Raise Refused unless one thing is named to start, and a class at most where that is a quiz."""
    if ("quiz" in given) == ("assignment" in given):
        raise Refused({"quiz": [_("Name either a quiz or an assignment.")]}, "one-of-two")
    if "assignment" in given and given.keys() & {"cohort", "cohort_external_id"}:
        raise Refused({"cohort": [_("An assignment is of one class: leave this out.")]}, "one-of-two")


def _assigned(learner: User, given: dict[str, Any], classes: "QuerySet[Cohort]") -> Asked:
    """An assignment of the classes. Raises NotAssigned where it was taken back, or is not given to the learner."""
    of_classes = Assignment.objects.filter(cohort__in=classes).select_related("quiz__published", "cohort")
    assignment = _found(of_classes, given, "assignment", "unknown-assignment")
    if not Assignment.objects.given_to(learner).filter(pk=assignment.pk).exists():
        raise _not_taken()
    return Asked(learner, assignment.quiz, assignment.cohort)


def _quiz(quizzes: "QuerySet[Quiz]", given: dict[str, Any]) -> Quiz:
    published = quizzes.filter(published__isnull=False).select_related("published", "organisation")
    found: Quiz = _found(published, given, "quiz", "unknown-quiz")
    return found


def _found(rows: "QuerySet[Any]", given: dict[str, Any], name: str, code: str) -> Any:
    found: Model | None = rows.filter(uuid=given[name]).first()
    if found is None:
        raise Refused({name: [_("There is none of this UUID that you could start.")]}, code)
    return found


def _not_taken() -> NotAssigned:
    return NotAssigned(
        _("No class that you may name takes this quiz with this learner. Assign it, or enrol them, first.")
    )
