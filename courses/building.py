"""Making and revising courses, modules and lessons: the verbs behind the pages that build them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from articles.publishing import Incomplete, copy_draft
from articles.refs import free_ref
from courses.following import catch_up, pin
from courses.models import Course, Lesson, LessonRevision, Module, Step
from courses.publishing import draft_lesson


def new_course(*, organisation: Organisation, title: str, **fields: Any) -> Course:
    """Make a course that is not open yet; `fields` are its language and licence."""
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one name at a time
        taken = set(Course.objects.filter(organisation=organisation).values_list("bundle", flat=True))
        bundle = free_ref(title, taken, "course")
        return Course.objects.create(organisation=organisation, bundle=bundle, title=title, **fields)


def change_course(*, course: Course, **fields: Any) -> Course:
    """Give a course another title or language, and return it; the outline is live, and has no revisions."""
    for name, value in fields.items():
        setattr(course, name, value)
    course.save(update_fields=[*fields, "updated_at"])
    return course


def new_module(*, course: Course, title: str) -> Module:
    """Make the last module of a course."""
    with transaction.atomic():
        Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        taken = set(course.modules.values_list("ref", flat=True))
        return Module.objects.create(
            course=course, title=title, ref=free_ref(title, taken, "module"), position=_next(course.modules)
        )


def new_lesson(*, module: Module, title: str, by: User | None = None) -> LessonRevision:
    """Make the last lesson of a module, and return its first draft, which has no steps yet."""
    with transaction.atomic():
        Course.objects.select_for_update(no_key=True).get(pk=module.course_id)
        taken = set(Lesson.objects.filter(course=module.course_id).values_list("ref", flat=True))
        lesson = Lesson.objects.create(
            course=module.course,
            module=module,
            ref=free_ref(title, taken, "lesson"),
            position=_next(module.lessons),
        )
        return draft_lesson(lesson=lesson, steps=[], by=by, title=title, minutes=1)


def revise_lesson(*, lesson: Lesson, by: User | None = None) -> LessonRevision:
    """Return a new draft that holds what the published revision holds; raises DraftOpen and Incomplete."""
    if lesson.published is None:
        raise Incomplete(_("“%s” was never published. Go on with its draft.") % lesson)
    with transaction.atomic():
        draft: LessonRevision = copy_draft(of=lesson.published, by=by)
        catch_up(draft)
    return draft


def put_steps(*, revision: LessonRevision, steps: Iterable[Mapping[str, Any]]) -> None:
    """Put these steps into a draft, in order, in the place of those that it has; raises Frozen.

    A step is a mapping of the columns of `Step`. One without a key gets one that the lesson never
    had, so that nobody's progress is taken for another step's. The lesson takes as long as its steps.
    """
    with transaction.atomic():
        every = Step.objects.filter(lesson_revision__lesson=revision.lesson_id)
        taken = set(every.values_list("key", flat=True))
        revision.steps.all().delete()
        rows = []
        for position, step in enumerate(steps, start=1):
            key = step.get("key") or free_ref(step["title"], taken, "step")
            taken.add(key)
            rows.append(Step(lesson_revision=revision, **{**step, "position": position, "key": key}))
        pin(rows)
        Step.objects.bulk_create(rows)
        minutes = sum(row.minutes for row in rows)
        if minutes and minutes != revision.minutes:
            revision.minutes = minutes
            revision.save(update_fields=["minutes", "updated_at"])


def _next(rows: "models.Manager[Any]") -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1
