"""Publishing lessons and courses: from a draft to what learners meet.

Only these verbs make and publish revisions of lessons, and open a course.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles import publishing as articles_publishing
from articles.models import ArticleRevision, Revision
from articles.publishing import AlreadyPublished, Incomplete, open_draft, put_in_force
from courses.checking import course_faults, lesson_faults
from courses.faults import Faulty
from courses.following import catch_up, pin
from courses.models import Course, Lesson, LessonRevision, Step
from courses.signals import course_published, lesson_published
from quizzes import publishing as quizzes_publishing
from quizzes.models import QuestionRevision, QuizRevision

#: The verb for each kind of draft that a lesson may wait for.
PUBLISH: dict[type, Callable[..., Any]] = {
    ArticleRevision: articles_publishing.publish,
    QuestionRevision: quizzes_publishing.publish_question,
    QuizRevision: quizzes_publishing.publish_quiz,
}
PUBLISHING_ORDER = list(PUBLISH)


def draft_lesson(
    *, lesson: Lesson, steps: Iterable[Mapping[str, Any]], by: User | None = None, **fields: Any
) -> LessonRevision:
    """Return a new draft of `lesson` with its steps, in order; raises DraftOpen.

    A step is a mapping of the columns of `Step`, its position left out.
    """
    with transaction.atomic():
        revision = open_draft(model=LessonRevision, identity=lesson, by=by, **fields)
        rows = [
            Step(lesson_revision=revision, position=position, **step)
            for position, step in enumerate(steps, start=1)
        ]
        pin(rows)
        Step.objects.bulk_create(rows)
    return revision


def publish_lesson(
    *, revision: LessonRevision, by: User | None = None, among_others: bool = True
) -> LessonRevision:
    """Publish a draft of a lesson with its steps, send `lesson_published`, and return it.

    Raises AlreadyPublished, and Faulty with all that is wrong with what learners would meet: see
    `courses.checking`, also for `among_others`.
    """

    def refuse_faulty(draft: LessonRevision) -> None:
        catch_up(draft)
        faults = lesson_faults(draft, among_others=among_others)
        if faults:
            raise Faulty(faults)

    with transaction.atomic():
        put_in_force(revision=revision, by=by, refuse_incomplete=refuse_faulty)
        lesson_published.send(LessonRevision, revision=revision)
    return revision


def drafts_below(revision: LessonRevision) -> list[Revision]:
    """The drafts that a lesson waits for: of articles, questions and quizzes that were never published.

    In the order in which they can be published.
    """
    waiting = {fault.draft: None for fault in lesson_faults(revision) if fault.draft is not None}
    found: list[Any] = list(waiting)
    return sorted(found, key=lambda draft: PUBLISHING_ORDER.index(type(draft)))


def publish_together(*, revision: LessonRevision, by: User | None = None) -> list[Revision]:
    """Publish a lesson's draft and all that it waits for, each by its verb; all of it or nothing.

    Returns what was published. Raises what the verbs raise, and Incomplete for what another organisation owns.
    """
    with transaction.atomic():
        owner = revision.lesson.course.organisation_id
        published: list[Revision] = []
        # A question's article comes to light only when the question does: so look again.
        while waiting := [draft for draft in drafts_below(revision) if draft not in published]:
            draft = waiting[0]
            if draft.identity.organisation_id != owner:
                raise Incomplete(_("“%s” belongs to another organisation. Ask there.") % draft)
            PUBLISH[type(draft)](revision=draft, by=by)
            published.append(draft)
        publish_lesson(revision=revision, by=by)
        return [*published, revision]


def publish_course(*, course: Course) -> Course:
    """Open a course to learners, send `course_published`, and return it.

    Raises AlreadyPublished, and Faulty with all that is wrong in its published lessons, or that there is none.
    """
    with transaction.atomic():
        locked = Course.objects.select_for_update().get(pk=course.pk)
        if locked.published_at is not None:
            raise AlreadyPublished(_("“%s” is published already.") % locked)
        faults = course_faults(locked, with_drafts=False)
        if faults:
            raise Faulty(faults)
        course.published_at = timezone.now()
        course.save(update_fields=["published_at", "updated_at"])
        course_published.send(Course, course=course)
    return course
