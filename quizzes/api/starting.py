"""Which quiz an attempt is started at over the API, for whom, and under which class it counts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from accounts.models import Cohort, CohortMember, ExternalIdentity, User
from quizzes.errors import NotAssigned
from quizzes.models import Assignment, Quiz
from quizzes.places import place_of


@dataclass(frozen=True)
class Asked:
    """What `quizzes.attempts.start` is called with."""

    learner: User
    quiz: Quiz
    cohort: Cohort | None
    preview: bool = False


def by_learner(learner: User, given: dict[str, Any]) -> Asked:
    """What a signed-in person starts for themselves: a preview, where they look at what they do not take.

    Raises ValidationError for what they do not see, and NotAssigned where the class that they name does not take it.
    """
    if given.get("learner", learner.uuid) != learner.uuid or "learner_external_id" in given:
        raise ValidationError({"learner": [_("You start for yourself: leave this out.")]})
    if "assignment" in given:
        return _assigned(learner, given, Cohort.objects.learnt_by(learner))
    quiz = _found(_quizzes(Quiz.objects.visible_to(learner)), given, "quiz")
    within = _named(Cohort.objects.learnt_by(learner), given)
    place = place_of(learner, quiz, within)
    if within is not None and not place.enrolled:
        raise _not_taken()
    return Asked(learner, quiz, place.cohort, preview=not place.enrolled)


def by_program(program: User, given: dict[str, Any]) -> Asked:
    """What a program starts for a learner of its classes, and under one of them: never a preview."""
    classes = Cohort.objects.visible_to(program).active()
    live = CohortMember.objects.filter(
        user=OuterRef("pk"), cohort__in=classes, role=CohortMember.Role.LEARNER, left_at=None
    )
    learner = _learner(program, User.objects.people().filter(Exists(live)), given)
    if "assignment" in given:
        return _assigned(learner, given, classes)
    quiz = _found(_quizzes(Quiz.objects.visible_to(program)), given, "quiz")
    place = place_of(learner, quiz, _named(classes, given) or classes)
    if not place.enrolled:
        raise _not_taken()
    return Asked(learner, quiz, place.cohort)


def _learner(program: User, learners: "QuerySet[User]", given: dict[str, Any]) -> User:
    if "learner" in given:
        named: User = _found(learners, given, "learner")
        return named
    if "learner_external_id" not in given:
        raise ValidationError({"learner": [_("Say for whom: the UUID of a learner of your classes.")]})
    identity = ExternalIdentity.objects.filter(
        organisation__in=program.employers,
        issuer=given["issuer"],
        subject=given["learner_external_id"],
        user__in=learners,
    )
    found = identity.select_related("user").first()
    if found is None:
        raise ValidationError({"learner_external_id": [_("No learner of your classes is called so.")]})
    return found.user


def _assigned(learner: User, given: dict[str, Any], classes: "QuerySet[Cohort]") -> Asked:
    of_classes = Assignment.objects.filter(cohort__in=classes).select_related("quiz__published", "cohort")
    assignment = _found(of_classes, given, "assignment")
    return Asked(learner, assignment.quiz, assignment.cohort)


def _quizzes(quizzes: "QuerySet[Quiz]") -> "QuerySet[Quiz]":
    return quizzes.filter(published__isnull=False).select_related("published", "organisation")


def _named(classes: "QuerySet[Cohort]", given: dict[str, Any]) -> "QuerySet[Cohort] | None":
    """The class that was named, as a choice of one; None where none was."""
    if "cohort" not in given:
        return None
    return classes.filter(pk=_found(classes, given, "cohort").pk)


def _found(rows: "QuerySet[Any]", given: dict[str, Any], name: str) -> Any:
    found: Model | None = rows.filter(uuid=given[name]).first()
    if found is None:
        raise ValidationError(
            {name: [_("There is none of this UUID that you could start.")]}, "does_not_exist"
        )
    return found


def _not_taken() -> NotAssigned:
    return NotAssigned(
        _("No class that you may name takes this quiz with this learner. Assign it, or enrol them, first.")
    )
