"""What this room keeps of people: which courses they take, and how far they are."""

from django.utils import timezone

from accounts import personal_data
from accounts.models import User
from accounts.personal_data import Table, excuse, keep
from courses.models import (
    CohortCourse,
    CohortCourseItem,
    CohortCourseLearner,
    Course,
    Enrolment,
    ExitTicket,
    Lesson,
    LessonRevision,
    Module,
    Presentation,
    Step,
    StepProgress,
)


def register() -> None:
    """Called once the apps are ready."""
    personal_data.register(
        Enrolment,
        "learner",
        fields=["course__title", "cohort__name", "enrolled_at", "ended_at"],
        erase=_end,
    )
    personal_data.register(
        StepProgress,
        "enrolment__learner",
        fields=["lesson__uuid", "step_key", "opened_at", "done_at"],
        erase=keep("how far a class came"),
    )
    personal_data.register(
        CohortCourseLearner, "learner", fields=["cohort_course__uuid"], erase=keep("for how many it was")
    )
    personal_data.register(
        LessonRevision,
        "",
        by=["created_by", "published_by"],
        erase=keep("content belongs to the school; its author has no name any more"),
    )
    personal_data.register(Presentation, "", by=["by"], erase=keep("that a lesson was shown to a class"))
    personal_data.register(
        ExitTicket,
        "learner",
        fields=["presentation__lesson__uuid", "answer", "at"],
        erase=keep("how many said what at the end of a lesson"),
    )
    for model in (Course, Module, Lesson, Step):
        excuse(model, "content")
    excuse(CohortCourse, "a class's")
    excuse(CohortCourseItem, "a class's")


def _end(table: Table, person: User) -> None:
    table.of(person).filter(ended_at=None).update(ended_at=timezone.now())
