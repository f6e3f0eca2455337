"""How far a learner is: the only writer of `StepProgress`."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Greatest
from django.utils import timezone

from courses.models import Enrolment, Lesson, StepProgress
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
    lesson, key = "course__lessons", "course__lessons__published__steps__key"
    own = StepProgress.objects.filter(
        enrolment=OuterRef("pk"), lesson=OuterRef(lesson), step_key=OuterRef(key)
    )
    met = list(
        Enrolment.objects.live()
        .filter(learner=attempt.learner_id, course__lessons__published__steps__quiz=attempt.quiz_id)
        .annotate(begun=Exists(own.filter(done_at=None)))
        .values_list("pk", lesson, key, "begun")
    )
    now = timezone.now()
    # In one statement, where nothing was begun: a whole class hands in at once.
    StepProgress.objects.bulk_create(
        [
            StepProgress(enrolment_id=enrolment, lesson_id=lesson, step_key=key, opened_at=now, done_at=now)
            for enrolment, lesson, key, _begun in met
        ],
        ignore_conflicts=True,
    )
    for enrolment, lesson, key, begun in met:
        if begun:
            rows = StepProgress.objects.filter(enrolment=enrolment, lesson=lesson, step_key=key, done_at=None)
            rows.update(done_at=Greatest("opened_at", now))
