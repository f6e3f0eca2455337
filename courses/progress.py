"""How far a learner is: the only writer of `StepProgress`."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from courses.models import Enrolment, Lesson, Step, StepProgress
from quizzes.models import Attempt


def note_opened(*, enrolment: Enrolment, lesson: Lesson, step_key: str) -> None:
    """Keep when a step was first opened; a page view may write this, and nothing else."""
    StepProgress.objects.get_or_create(enrolment=enrolment, lesson=lesson, step_key=step_key)


@transaction.atomic
def complete(*, enrolment: Enrolment, lesson: Lesson, step_key: str) -> StepProgress:
    """The step is done; the first time stands."""
    now = timezone.now()
    row, _made = StepProgress.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, step_key=step_key, defaults={"opened_at": now, "done_at": now}
    )
    if row.done_at is None:
        row.done_at = max(now, row.opened_at)  # it may have been opened since we looked at the clock
        row.save(update_fields=["done_at"])
    return row


def complete_steps_of(attempt: Attempt) -> None:
    """Every step that asks for this quiz, in the learner's courses, is done with the attempt."""
    if attempt.is_preview:
        return
    steps = Step.objects.filter(
        quiz=attempt.quiz_id, lesson_revision__lesson__published=F("lesson_revision")
    ).select_related("lesson_revision__lesson")
    for step in steps:
        lesson = step.lesson_revision.lesson
        for enrolment in Enrolment.objects.live().filter(learner=attempt.learner_id, course=lesson.course_id):
            complete(enrolment=enrolment, lesson=lesson, step_key=step.key)
