"""What courses know about the use of quizzes, for the bank of questions."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course, Step
from quizzes.usage import Provider, Use


def _uses(quizzes: Collection[int], user: User) -> Iterator[tuple[int, Use]]:
    """The lessons whose published revision or draft has a step with one of the quizzes, and their courses."""
    of_now = Q(lesson_revision__published_at=None) | Q(
        lesson_revision=F("lesson_revision__lesson__published")
    )
    steps = Step.objects.filter(of_now, quiz__in=quizzes).filter(
        lesson_revision__lesson__course__in=Course.objects.visible_to(user).order_by()
    )
    related = ["lesson_revision__lesson__course", "lesson_revision__lesson__module"]
    seen = set()
    for step in steps.select_related(*related).order_by("lesson_revision", "position"):
        revision = step.lesson_revision
        lesson = revision.lesson
        if (step.quiz_id, lesson.pk) in seen or step.quiz_id is None:
            continue
        seen.add((step.quiz_id, lesson.pk))
        live = revision.published_at is not None and lesson.archived_at is None
        yield step.quiz_id, Use(_("lesson"), revision.title, lesson, live)
        yield step.quiz_id, Use(_("course"), lesson.course.title, lesson.course, live)


def _taught() -> "QuerySet[Any]":
    return (
        Step.objects.filter(
            quiz__isnull=False,
            lesson_revision=F("lesson_revision__lesson__published"),
            lesson_revision__lesson__archived_at=None,
            lesson_revision__lesson__module__archived_at=None,
            lesson_revision__lesson__course__archived_at=None,
        )
        .order_by()
        .values("quiz")
    )


PROVIDER = Provider(_uses, _taught)
