"""One pupil at work: steps read, quizzes taken, all by the verbs that a browser would reach."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from pydantic_core import to_json

from accounts.models import Cohort, User
from courses import progress
from courses.demo.answering import Hand, answer
from courses.demo.clock import Clock
from courses.demo.pupils import Pupil
from courses.models import Enrolment, Lesson, Step
from quizzes import attempts
from quizzes.models import Attempt, AttemptItem, QuestionKey, QuestionRevision, QuestionSkill, Quiz
from quizzes.types import registry

#: How much surer somebody is who has met the reasons once.
LEARNT = 0.18


@dataclass
class Questions:
    """Questions with their keys as the types read them: once for all pupils."""

    _read: dict[int, tuple[str, Any, Any, list[str]]] = field(default_factory=dict)

    def read(self, revision: QuestionRevision) -> tuple[str, Any, Any, list[str]]:
        """Type, prompt, key and skills."""
        if revision.pk not in self._read:
            key = QuestionKey.objects.get(revision=revision).key
            skills = QuestionSkill.objects.filter(revision=revision).values_list("skill__slug", flat=True)
            self._read[revision.pk] = (
                revision.type,
                revision.asked,
                registry.load(revision.type, "key", key, revision.schema_version),
                list(skills),
            )
        return self._read[revision.pk]


@dataclass
class Worker:
    """A pupil with an account, in a class; `clock` goes on as they work."""

    user: User
    pupil: Pupil
    cohort: Cohort
    clock: Clock
    chance: Random
    questions: Questions

    def take_lesson(self, lesson: Lesson, steps: Iterable[Step], *, until: int | None = None) -> None:
        """The lesson's steps in order; `until` stops before the step of that number from 0."""
        for number, step in enumerate(steps):
            if until is not None and number >= until:
                return
            if step.quiz is not None:
                self.take(step.quiz)
                continue
            progress.note_opened(enrolment=self._enrolment, lesson=lesson, step_key=step.key)
            self._spend(60 * (step.minutes or 1))
            progress.complete(enrolment=self._enrolment, lesson=lesson, step_key=step.key)

    def take(self, quiz: Quiz, *, only: int | None = None, learnt: float = 0.0) -> Attempt:
        """One try: answered and handed in, or left after `only` questions."""
        attempt = attempts.start(learner=self.user, quiz=quiz, cohort=self.cohort)
        practice = attempt.quiz_revision.feedback == attempt.quiz_revision.Feedback.AT_ONCE
        for item in list(attempt.items.select_related("revision").order_by("position"))[:only]:
            attempts.note_shown(item)
            self._spend(45)
            self._answer(item, practice=practice, learnt=learnt)
        return attempt if only is not None else attempts.submit(attempt=attempt)

    def _answer(self, item: AttemptItem, *, practice: bool, learnt: float) -> None:
        """Practice is checked, and sometimes tried once more; now and then a question is left open."""
        if not practice and self.chance.random() > self.pupil.diligence + 0.1:
            return
        attempts_save = attempts.check_response if practice else attempts.save_response
        attempts_save(item=item, sequence=1, data=self._data(item, learnt))
        if practice and self.chance.random() < 0.15:
            self._spend(30)
            attempts.check_response(item=item, sequence=2, data=self._data(item, learnt + LEARNT))

    def _data(self, item: AttemptItem, learnt: float) -> dict[str, Any]:
        kind, prompt, key, skills = self.questions.read(item.revision)
        skill = min(0.98, self.pupil.skill_in(skills) + learnt)
        data = answer(kind, prompt, key, Hand(self.chance, skill, self.pupil.over))
        judged = registry.get(kind).grade(
            prompt, key, registry.get(kind).Response.model_validate_json(to_json(data))
        )
        # A check of nothing is refused: what turned out to be none is answered by a sure hand.
        return data if judged.answered else answer(kind, prompt, key, Hand(self.chance, 1.0, 0.0))

    @cached_property
    def _enrolment(self) -> Enrolment:
        return Enrolment.objects.live().get(learner=self.user, cohort=self.cohort)

    def _spend(self, seconds: float) -> None:
        self.clock.forward(seconds * self.pupil.pace * self.chance.uniform(0.6, 1.4))
