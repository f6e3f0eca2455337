"""Questions, quizzes and attempts: the plainest valid rows.

A question is the example of the single choice type; who attempts it answers nothing by itself.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Organisation
from quizzes import attempts, publishing
from quizzes.models import (
    Accommodation,
    Assignment,
    Attempt,
    ItemResponse,
    Question,
    QuestionRevision,
    Quiz,
    QuizRevision,
)
from quizzes.publishing import Slot
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, LearnerFactory, TeacherFactory
from tests.factories.articles import SkillFactory

EXAMPLE = registry.get("single_choice").example


class DraftQuestionFactory(DjangoModelFactory):
    """A question of the site's own organisation that has no revision yet."""

    class Meta:
        model = Question

    organisation = factory.LazyFunction(Organisation.objects.shared)
    ref = factory.Sequence("question-{}".format)


class QuestionRevisionFactory(DjangoModelFactory):
    """A draft with its key, for the skill of attribution. `type=` takes another type's example."""

    class Meta:
        model = QuestionRevision

    question = factory.SubFactory(DraftQuestionFactory)
    type = "single_choice"
    title = "Who makes the claim?"
    skills: Any = factory.LazyFunction(lambda: [SkillFactory()])

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> QuestionRevision:
        example = registry.get(kwargs["type"]).example
        return publishing.draft_question(**{"prompt": example.prompt, "key": example.key, **kwargs})


class QuestionFactory(DraftQuestionFactory):
    """A question whose first revision is published. `revision__type=` sets its type."""

    class Meta:
        skip_postgeneration_save = True

    @factory.post_generation
    def revision(self, create: bool, extracted: None, **fields: Any) -> None:
        if create:
            publishing.publish_question(revision=QuestionRevisionFactory(question=self, **fields))


class DraftQuizFactory(DjangoModelFactory):
    """A graded quiz of the site's own organisation that has no revision yet."""

    class Meta:
        model = Quiz

    organisation = factory.LazyFunction(Organisation.objects.shared)
    ref = factory.Sequence("quiz-{}".format)
    mode = Quiz.Mode.GRADED


class QuizRevisionFactory(DjangoModelFactory):
    """A draft of one question, which counts 1. `questions=` gives others."""

    class Meta:
        model = QuizRevision

    quiz = factory.SubFactory(DraftQuizFactory)
    title = "Who says so?"
    questions: Any = factory.LazyFunction(lambda: [QuestionFactory()])

    @classmethod
    def _create(
        cls, model_class: type[QuizRevision], *args: Any, questions: Sequence[Question], **kwargs: Any
    ) -> QuizRevision:
        slots = [Slot(question=question, points=Decimal(1)) for question in questions]
        return publishing.draft_quiz(slots=slots, **kwargs)


class QuizFactory(DraftQuizFactory):
    """A quiz whose first revision is published. `revision__questions=` sets what it asks."""

    class Meta:
        skip_postgeneration_save = True

    @factory.post_generation
    def revision(self, create: bool, extracted: None, **fields: Any) -> None:
        if create:
            publishing.publish_quiz(revision=QuizRevisionFactory(quiz=self, **fields))


class AssignmentFactory(DjangoModelFactory):
    """A quiz given to a whole class, without dates."""

    class Meta:
        model = Assignment

    cohort = factory.SubFactory(CohortFactory)
    quiz = factory.SubFactory(QuizFactory)


class AccommodationFactory(DjangoModelFactory):
    """Granted in a class, and nothing yet: `extra_percent=25` and the like say what."""

    class Meta:
        model = Accommodation

    learner = factory.SubFactory(LearnerFactory)
    cohort = factory.SubFactory(CohortFactory)
    by = factory.SubFactory(TeacherFactory)


class AttemptFactory(DjangoModelFactory):
    """An open attempt with its items. `cohort=` puts it under a class."""

    class Meta:
        model = Attempt

    learner = factory.SubFactory(LearnerFactory)
    quiz = factory.SubFactory(QuizFactory)

    @classmethod
    def _create(cls, model_class: type[Attempt], *args: Any, **kwargs: Any) -> Attempt:
        return attempts.start(**kwargs)


class ItemResponseFactory(DjangoModelFactory):
    """The right answer to the only item of an open attempt. `data=` gives another."""

    class Meta:
        model = ItemResponse

    item = factory.LazyFunction(lambda: AttemptFactory().items.get())
    sequence = 1
    data = factory.LazyFunction(lambda: EXAMPLE.right.model_dump(mode="json"))

    @classmethod
    def _create(cls, model_class: type[ItemResponse], *args: Any, **kwargs: Any) -> ItemResponse:
        return attempts.save_response(**kwargs)


class SubmittedAttemptFactory(AttemptFactory):
    """An attempt that was answered right and handed in, with its score and evidence."""

    @classmethod
    def _create(cls, model_class: type[Attempt], *args: Any, **kwargs: Any) -> Attempt:
        attempt = super()._create(model_class, *args, **kwargs)
        for item in attempt.items.all():
            ItemResponseFactory(item=item)
        return attempts.submit(attempt=attempt)
