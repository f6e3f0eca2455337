"""The articles that a class meets in what it was given."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404

from accounts.models import Cohort
from accounts.models.organisation import SHARED
from articles.choosing import hidden_from
from articles.models import Article
from courses.classwork import steps_of
from courses.models import CohortCourse, Lesson, Step
from quizzes.models import QuizSlot


def articles_of(cohort: Cohort) -> "QuerySet[Article]":
    """What its lessons read and its quizzes ask about, by title."""
    steps = Step.objects.none()
    for given in CohortCourse.objects.filter(cohort=cohort, archived_at=None):
        steps |= steps_of(given)
    asked = QuizSlot.objects.filter(
        Q(quiz_revision__quiz__in=steps.order_by().values("quiz"))
        | Q(quiz_revision__quiz__assignments__cohort=cohort),
        quiz_revision__quiz__published__isnull=False,
    )
    met = Q(pk__in=steps.order_by().filter(article__isnull=False).values("article"))
    met |= Q(pk__in=asked.order_by().values("question__published__article_revision__article"))
    return (
        Article.objects.filter(met, published__isnull=False)
        .select_related("published")
        .order_by("published__title", "pk")
    )


def content_notes(lessons: Sequence[Lesson], cohort: Cohort) -> dict[int, list[str]]:
    """What somebody should know of their texts before, by the lesson's primary key. Three queries.

    What the class does not read needs no note.
    """
    hidden = hidden_from(cohort)
    steps = Step.objects.filter(lesson_revision__in=[lesson.published_id for lesson in lessons])
    read = steps.values_list("lesson_revision__lesson", "article_revision__content_note")
    asked = QuizSlot.objects.filter(
        quiz_revision__quiz__steps__in=steps, quiz_revision=F("quiz_revision__quiz__published")
    ).values_list(
        "quiz_revision__quiz__steps__lesson_revision__lesson",
        "question__published__article_revision__content_note",
    )
    found: dict[int, dict[str, None]] = {lesson.pk: {} for lesson in lessons}
    read = read.exclude(article=None).exclude(article__in=hidden)
    asked = asked.exclude(
        question__published__article_revision__isnull=False,
        question__published__article_revision__article__in=hidden,
    )
    for rows in (read.order_by("position"), asked.order_by("position")):
        for lesson, note in rows:
            if note and lesson in found:
                found[lesson][note] = None
    return {lesson: list(notes) for lesson, notes in found.items()}


def parallels_for(cohort: Cohort) -> "QuerySet[Article]":
    """What a learner of the class may read in place of another text: its organisation's, and the shared ones."""
    of = Q(organisation=cohort.organisation_id) | Q(organisation__slug=SHARED)
    found: QuerySet[Article] = Article.objects.live().filter(of).select_related("published")
    return found.order_by("published__title", "pk")


def as_uuid(typed: str) -> UUID:
    """Raises Http404 for what is none."""
    try:
        return UUID(typed)
    except ValueError as error:
        raise Http404 from error
