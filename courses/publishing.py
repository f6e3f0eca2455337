"""Publishing lessons and courses: from a draft to what learners meet.

Only these verbs make and publish revisions of lessons, and open a course.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article
from articles.publishing import AlreadyPublished, Incomplete, open_draft, put_in_force
from courses.models import Course, Lesson, LessonRevision, Step
from courses.signals import course_published, lesson_published
from quizzes.models import Quiz

#: The mode that a quiz must have to stand in a step of this kind.
QUIZ_MODE = {Step.Kind.PRACTICE: Quiz.Mode.PRACTICE, Step.Kind.QUIZ: Quiz.Mode.GRADED}


def draft_lesson(
    *, lesson: Lesson, steps: Iterable[Mapping[str, Any]], by: User | None = None, **fields: Any
) -> LessonRevision:
    """Return a new draft of `lesson` with its steps, in order; raises DraftOpen.

    A step is a mapping of the columns of `Step`, its position left out.
    """
    with transaction.atomic():
        revision = open_draft(model=LessonRevision, identity=lesson, by=by, **fields)
        Step.objects.bulk_create(
            Step(lesson_revision=revision, position=position, **step)
            for position, step in enumerate(steps, start=1)
        )
    return revision


def publish_lesson(*, revision: LessonRevision, by: User | None = None) -> LessonRevision:
    """Publish a draft of a lesson with its steps, send `lesson_published`, and return it.

    Raises AlreadyPublished, and Incomplete when it has no steps, or a step whose article or quiz is
    not published or does not fit the kind of the step.
    """
    with transaction.atomic():
        put_in_force(revision=revision, by=by, refuse_incomplete=_refuse_incomplete)
        lesson_published.send(LessonRevision, revision=revision)
    return revision


def publish_course(*, course: Course) -> Course:
    """Open a course to learners, send `course_published`, and return it.

    Raises AlreadyPublished, and Incomplete when it has no published lesson.
    """
    with transaction.atomic():
        locked = Course.objects.select_for_update().get(pk=course.pk)
        if locked.published_at is not None:
            raise AlreadyPublished(_("“%s” is published already.") % locked)
        if not Lesson.objects.live().filter(course=locked).exists():
            raise Incomplete(_("The course has no published lesson."))
        course.published_at = timezone.now()
        course.save(update_fields=["published_at", "updated_at"])
        course_published.send(Course, course=course)
    return course


def _refuse_incomplete(revision: LessonRevision) -> None:
    steps = list(revision.steps.select_related("article__published", "quiz", "skill"))
    if not steps:
        raise Incomplete(_("The lesson has no steps."))
    for step in steps:
        if step.article:
            _refuse_unreadable(step, step.article)
        if step.quiz:
            _refuse_unfit(step, step.quiz)


def _refuse_unreadable(step: Step, article: Article) -> None:
    if article.published is None or article.archived_at is not None:
        raise Incomplete(_("Step “%s”: its article is not published, or archived.") % step.key)
    if step.last_line is not None and step.last_line > len(article.published.blocks):
        raise Incomplete(_("Step “%s” shows lines that the article does not have.") % step.key)


def _refuse_unfit(step: Step, quiz: Quiz) -> None:
    if quiz.published_id is None or quiz.archived_at is not None:
        raise Incomplete(_("Step “%s”: its quiz is not published, or archived.") % step.key)
    if quiz.mode != QUIZ_MODE[Step.Kind(step.kind)]:
        raise Incomplete(_("Step “%s”: the mode of its quiz does not fit the kind of the step.") % step.key)
