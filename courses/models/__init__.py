"""What is taught: courses, modules, lessons and their steps; who takes them, and how far they are."""

from courses.models.cohort_course import CohortCourse, CohortCourseItem, CohortCourseLearner
from courses.models.course import Course, Module
from courses.models.enrolment import Enrolment, StepProgress
from courses.models.exit_ticket import ExitTicket
from courses.models.lesson import Lesson, LessonRevision, Step
from courses.models.presentation import Presentation

__all__ = [
    "CohortCourse",
    "CohortCourseItem",
    "CohortCourseLearner",
    "Course",
    "Enrolment",
    "ExitTicket",
    "Lesson",
    "LessonRevision",
    "Module",
    "Presentation",
    "Step",
    "StepProgress",
]
