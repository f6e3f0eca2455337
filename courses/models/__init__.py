"""What is taught: courses, modules, lessons and their steps; who takes them, and how far they are."""

from courses.models.cohort_course import CohortCourse
from courses.models.course import Course, Module
from courses.models.enrolment import Enrolment, StepProgress
from courses.models.lesson import Lesson, LessonRevision, Step

__all__ = [
    "CohortCourse",
    "Course",
    "Enrolment",
    "Lesson",
    "LessonRevision",
    "Module",
    "Step",
    "StepProgress",
]
