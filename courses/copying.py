"""A copy of a course, for an organisation that wants to make it its own."""

from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from articles.publishing import copy_draft
from courses.building import new_course, new_module
from courses.following import catch_up
from courses.models import Course, Lesson
from quizzes.copying import copy_quiz
from quizzes.models import Quiz


def copy_course(*, course: Course, organisation: Organisation, by: User | None = None) -> Course:
    """Return a new course of `organisation`, not open yet: its published lessons, their quizzes and all
    questions as drafts.

    Articles are read where they are; copy one to change it. Raises Incomplete.
    """
    with transaction.atomic():
        columns = {"language": course.language, "licence": course.licence}
        made = new_course(organisation=organisation, title=course.title, **columns)
        quizzes = _Quizzes(organisation, by)
        lessons: Any = Lesson.objects.live().filter(course=course).select_related("published", "module")
        for module in course.modules.filter(archived_at=None).order_by("position", "pk"):
            own = new_module(course=made, title=module.title)
            for lesson in lessons.filter(module=module).order_by("position", "pk"):
                place = {"module": own, "position": lesson.position, "ref": lesson.ref}
                copy = Lesson.objects.create(course=made, **place)
                draft: Any = copy_draft(of=lesson.published, identity=copy, by=by)
                catch_up(draft)
                for step in draft.steps.exclude(quiz=None).select_related("quiz__published"):
                    step.quiz = quizzes.copy_of(step.quiz)
                    step.save()
        if course.opening and course.opening.published:
            made.opening = quizzes.copy_of(course.opening)
            made.save(update_fields=["opening", "updated_at"])
    return made


class _Quizzes:
    """The copies made so far: two steps that ask the same quiz go on asking the same."""

    def __init__(self, organisation: Organisation, by: User | None) -> None:
        self.organisation, self.by = organisation, by
        self.made: dict[int, Quiz] = {}

    def copy_of(self, quiz: Quiz) -> Quiz:
        if quiz.pk not in self.made:
            self.made[quiz.pk] = copy_quiz(quiz=quiz, organisation=self.organisation, by=self.by).quiz
        return self.made[quiz.pk]
