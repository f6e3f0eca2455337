"""What stands under "To do" on a learner's first page."""

from dataclasses import dataclass, field

from accounts.models import User
from courses.models import CohortCourseItem
from quizzes.due import Task, tasks_of


@dataclass(frozen=True)
class Work:
    """What is to do, wanted first, and what was handed in or is closed."""

    to_do: list[Task] = field(default_factory=list)
    done: list[Task] = field(default_factory=list)


def work_of(learner: User) -> Work:
    """All that has a date, or was assigned by itself; what a course brings without one, its outline shows.

    Ten queries at most.
    """
    tasks = tasks_of(learner)
    undated = [task.assignment.pk for task in tasks if not task.is_dated]
    in_course = set(
        CohortCourseItem.objects.filter(assignment__in=undated).values_list("assignment", flat=True)
    )
    shown = [task for task in tasks if task.assignment.pk not in in_course]
    return Work([task for task in shown if task.is_to_do], [task for task in shown if not task.is_to_do])
