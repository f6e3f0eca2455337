"""A course as a learner sees it: modules, lessons and steps, with what is done and what comes next.

Built in five queries at most, whatever the size of the course.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse

from articles import choosing
from courses.models import Course, Enrolment, Lesson, Module, Step, StepProgress
from courses.models.given import met_by
from quizzes import dealing


@dataclass(frozen=True)
class StepLine:
    lesson: Lesson
    key: str
    kind: str
    title: str
    minutes: int
    on_short_route: bool
    url: str
    done: bool
    opened: bool
    hidden: bool = False


@dataclass
class LessonLine:
    lesson: Lesson
    title: str
    summary: str
    minutes: int
    number: int
    steps: list[StepLine] = field(default_factory=list)

    @property
    def url(self) -> str:
        return reverse("courses:lesson", kwargs={"uuid": self.lesson.uuid})

    @property
    def done(self) -> bool:
        return bool(self.steps) and all(step.done for step in self.steps)

    @property
    def begun(self) -> bool:
        return any(step.opened or step.done for step in self.steps)

    @property
    def steps_done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def short_minutes(self) -> int:
        return sum(step.minutes for step in self.steps if step.on_short_route)

    @property
    def next_step(self) -> StepLine | None:
        """The first step that is not done; the first of all in a lesson that is."""
        return next((step for step in self.steps if not step.done), self.steps[0] if self.steps else None)


@dataclass
class ModuleLine:
    title: str
    lessons: list[LessonLine]

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def short_minutes(self) -> int:
        return sum(lesson.short_minutes for lesson in self.lessons)


@dataclass
class Outline:
    course: Course
    modules: list[ModuleLine]

    @property
    def lessons(self) -> list[LessonLine]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def steps(self) -> list[StepLine]:
        return [step for lesson in self.lessons for step in lesson.steps]

    @property
    def next_step(self) -> StepLine | None:
        """The first step that is not done, or none when all are."""
        return next((step for step in self.steps if not step.done), None)

    def after(self, lesson: Lesson, key: str) -> StepLine | None:
        """The step that follows this one, in this lesson or the next."""
        steps = self.steps
        here = next((i for i, step in enumerate(steps) if step.lesson == lesson and step.key == key), None)
        return steps[here + 1] if here is not None and here + 1 < len(steps) else None


def outline(course: Course, enrolment: Enrolment | None) -> Outline:
    """The live outline of `course`, with the progress of `enrolment` (none: nothing is done).

    A learner's holds what their classes were given. A step on a text that their class does not read
    holds nobody up: it counts as done.
    """
    met = Q() if enrolment is None else met_by(enrolment.learner_id)
    lessons = list(
        Lesson.objects.live()
        .filter(met, course=course)
        .select_related("published", "module")
        .order_by("module__position", "module_id", "position", "pk")
    )
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in (
        Step.objects.filter(lesson_revision__in=[lesson.published_id for lesson in lessons])
        .exclude(quiz__archived_at__isnull=False)  # it leads nowhere any more
        .defer("body")
        .select_related("quiz")
        .order_by("position", "pk")
    ):
        steps[step.lesson_revision_id].append(step)
    progress = _progress(enrolment)
    hidden = _hidden(enrolment, [step for found in steps.values() for step in found])
    modules: dict[Module, list[LessonLine]] = {}
    for number, lesson in enumerate(lessons, start=1):
        line = _lesson_line(lesson, number, steps[lesson.published_id or 0], progress, hidden)
        modules.setdefault(lesson.module, []).append(line)
    return Outline(course, [ModuleLine(module.title, lines) for module, lines in modules.items()])


def _progress(enrolment: Enrolment | None) -> dict[tuple[int, str], StepProgress]:
    if enrolment is None:
        return {}
    return {(row.lesson_id, row.step_key): row for row in enrolment.step_progress.all()}


def _hidden(enrolment: Enrolment | None, steps: list[Step]) -> set[int]:
    """The steps, by primary key, of which nothing is left to read or to answer in this class."""
    if enrolment is None:
        return set()
    choice = choosing.choice_of(cohort=enrolment.cohort_id, learner=enrolment.learner_id)
    quizzes = {step.quiz_id for step in steps if step.quiz_id}
    emptied = dealing.emptied(quizzes, choice.left_out) if choice.left_out else set()
    return {step.pk for step in steps if step.article_id in choice.hidden or step.quiz_id in emptied}


def _lesson_line(
    lesson: Lesson,
    number: int,
    steps: list[Step],
    progress: dict[tuple[int, str], StepProgress],
    hidden: set[int],
) -> LessonLine:
    revision = lesson.published
    assert revision is not None  # noqa: S101 - only live lessons are asked for
    line = LessonLine(lesson, revision.title, revision.summary, revision.minutes, number)
    for step in steps:
        row = progress.get((lesson.pk, step.key))
        line.steps.append(
            StepLine(
                lesson=lesson,
                key=step.key,
                kind=step.kind,
                title=step.title,
                minutes=step.minutes,
                on_short_route=step.on_short_route,
                url=step_url(lesson, step),
                done=(row is not None and row.done_at is not None) or step.pk in hidden,
                opened=row is not None,
                hidden=step.pk in hidden,
            )
        )
    return line


def step_url(lesson: Lesson, step: Step) -> str:
    """Where a step is: a quiz at its own address, everything else in its lesson."""
    if step.quiz is not None:
        return step.quiz.get_absolute_url()
    return reverse("courses:step", kwargs={"uuid": lesson.uuid, "key": step.key})
