"""Courses, modules, lessons and who takes them: the plainest valid rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Organisation
from courses import publishing
from courses.models import CohortCourse, Course, Enrolment, Lesson, LessonRevision, Module, Step
from tests.factories.accounts import CohortFactory, LearnerFactory

EXPLAIN: Mapping[str, Any] = {
    "key": "explain",
    "kind": Step.Kind.EXPLAIN,
    "title": "A claim and a source",
    "body": "Every claim has an owner.",
}


class CourseFactory(DjangoModelFactory):
    """A published course of the site's own organisation, without modules. `published_at=None`: a draft."""

    class Meta:
        model = Course

    organisation = factory.LazyFunction(Organisation.objects.shared)
    bundle = factory.Sequence("course-{}".format)
    title = factory.Sequence("Course {}".format)
    published_at = factory.LazyFunction(timezone.now)


class ModuleFactory(DjangoModelFactory):
    """A module without lessons."""

    class Meta:
        model = Module

    course = factory.SubFactory(CourseFactory)
    ref = factory.Sequence("module-{}".format)
    title = factory.Sequence("Module {}".format)
    position = factory.Sequence(lambda n: n + 1)


class DraftLessonFactory(DjangoModelFactory):
    """A lesson that has no revision yet; in the course of its module."""

    class Meta:
        model = Lesson

    module = factory.SubFactory(ModuleFactory)
    course = factory.SelfAttribute("module.course")
    ref = factory.Sequence("lesson-{}".format)
    position = factory.Sequence(lambda n: n + 1)


class LessonRevisionFactory(DjangoModelFactory):
    """A draft with one step that explains. `steps=` gives others, as columns of Step."""

    class Meta:
        model = LessonRevision

    lesson = factory.SubFactory(DraftLessonFactory)
    title = "Who says so?"
    minutes = 10
    steps: Sequence[Mapping[str, Any]] = (EXPLAIN,)

    @classmethod
    def _create(cls, model_class: type[LessonRevision], *args: Any, **kwargs: Any) -> LessonRevision:
        return publishing.draft_lesson(**kwargs)


class LessonFactory(DraftLessonFactory):
    """A lesson whose first revision is published. `revision__steps=` sets its steps."""

    class Meta:
        skip_postgeneration_save = True

    @factory.post_generation
    def revision(self, create: bool, extracted: None, **fields: Any) -> None:
        if create:
            publishing.publish_lesson(revision=LessonRevisionFactory(lesson=self, **fields))


class CohortCourseFactory(DjangoModelFactory):
    """A class takes a course; nobody is enrolled by this row alone."""

    class Meta:
        model = CohortCourse

    cohort = factory.SubFactory(CohortFactory)
    course = factory.SubFactory(CourseFactory)


class EnrolmentFactory(DjangoModelFactory):
    """A learner takes a course alone. `cohort=` puts it under a class."""

    class Meta:
        model = Enrolment

    learner = factory.SubFactory(LearnerFactory)
    course = factory.SubFactory(CourseFactory)
