"""Under which assignment a learner takes a quiz, and on what terms.

Found in the database for one learner; how terms are worked out is in `quizzes.terms`.
"""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Cohort, User
from quizzes.errors import NotAssigned, QuizUnavailable
from quizzes.models import Assignment, Attempt, Quiz, QuizRevision
from quizzes.terms import Terms, accommodations_of, terms


def assignment_of(*, learner: User, quiz: Quiz, cohort: Cohort | None) -> Assignment | None:
    """The live assignment under which the learner takes `quiz` in `cohort`; None where it never was assigned there.

    What a class has, or had, under an assignment is started only under it, wherever it is met: raises
    NotAssigned. Practice that was taken back is free again, in the lessons that ask for it.
    """
    if cohort is None:
        return None
    given = Assignment.objects.given_to(learner).filter(pk=OuterRef("pk"))
    known = Assignment.objects.filter(cohort=cohort, quiz=quiz).annotate(is_given=Exists(given))
    of_class = sorted(known.select_related("cohort"), key=lambda one: one.archived_at is not None)
    if not of_class:
        return None
    [newest, *_rest] = of_class  # the live one, if there is one
    if newest.is_given:
        return newest
    if newest.archived_at is not None and quiz.mode == Quiz.Mode.PRACTICE:
        return None
    raise NotAssigned(_why_not(newest))


def _why_not(assignment: Assignment) -> str:
    if assignment.cohort.archived_at is not None:
        return _("Your class is over: nothing is started in it any more. What you handed in stays.")
    if assignment.archived_at is not None:
        return _("Your teacher has taken this back. What you handed in stays.")
    return _("Your teacher has not given this to you. Ask them if you think that you should take it.")


def terms_for(*, learner: User, quiz: Quiz, cohort: Cohort | None) -> tuple[Terms, Assignment | None]:
    """On what terms they would start a published quiz now, and the assignment that says so. Two queries at most.

    Raises QuizUnavailable, NotAssigned.
    """
    revision = quiz.published
    if revision is None:
        raise QuizUnavailable(_("This quiz is not open. Ask your teacher whether it has moved."))
    assignment = assignment_of(learner=learner, quiz=quiz, cohort=cohort)
    return terms_under(learner, revision, cohort, assignment), assignment


def terms_of(attempt: Attempt) -> Terms:
    """What holds for the learner of an attempt now. A query for the class and one for what was granted, at most."""
    return terms_under(attempt.learner, attempt.quiz_revision, attempt.cohort, attempt.assignment)


def terms_under(
    learner: User, revision: QuizRevision, cohort: Cohort | None, assignment: Assignment | None
) -> Terms:
    """The quiz's own terms without a class; in one, those of the assignment with what the learner was granted."""
    if cohort is None:
        return terms(revision=revision)
    granted = accommodations_of(learner=learner, cohort=cohort, assignment=assignment)
    return terms(revision=revision, assignment=assignment, accommodations=granted, zone=cohort.timezone)
