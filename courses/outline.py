"""A course as a learner sees it: modules, lessons and steps, with what is done and what comes next.

Built in five queries at most, whatever the size of the course.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from articles import choosing
from articles.choosing import Choice
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
    quiz: UUID | None = None


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

    @property
    def steps_done(self) -> int:
        return sum(step.done for step in self.steps)

    def line_of(self, lesson: Lesson) -> LessonLine | None:
        """The line of a lesson; None where it is not part of the outline."""
        return next((line for line in self.lessons if line.lesson == lesson), None)

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
    return outlines([(course, enrolment)])[0]


def outlines(taken: Sequence[tuple[Course, Enrolment | None]]) -> list[Outline]:
    """As `outline`, for several courses of one learner at once. One query more for each class that leaves texts out."""
    lessons = _lessons(taken)
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in (
        Step.objects.filter(lesson_revision__in=[lesson.published_id for lesson in lessons])
        .exclude(quiz__archived_at__isnull=False)  # it leads nowhere any more
        .defer("body")
        .select_related("quiz")
        .order_by("position", "pk")
    ):
        steps[step.lesson_revision_id].append(step)
    by_course: dict[int, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_course[lesson.course_id].append(lesson)
    enrolments = [enrolment for _course, enrolment in taken if enrolment is not None]
    progress = _progress(enrolments)
    choices = _choices(enrolments)
    found: list[Outline] = []
    for course, enrolment in taken:
        mine = by_course[course.pk]
        of_mine = [step for lesson in mine for step in steps[lesson.published_id or 0]]
        hidden = _hidden(choices[enrolment.cohort_id], of_mine) if enrolment else set()
        modules: dict[Module, list[LessonLine]] = {}
        for number, lesson in enumerate(mine, start=1):
            done = progress[enrolment.pk] if enrolment else {}
            line = _lesson_line(lesson, number, steps[lesson.published_id or 0], done, hidden)
            modules.setdefault(lesson.module, []).append(line)
        found.append(Outline(course, [ModuleLine(module.title, lines) for module, lines in modules.items()]))
    return found


def _lessons(taken: Sequence[tuple[Course, Enrolment | None]]) -> list[Lesson]:
    """What there is in each course: of those that are taken what was given, of those that are looked at all."""
    wanted = Q(course__in=[course.pk for course, enrolment in taken if enrolment is None])
    mine = [(course.pk, enrolment.learner_id) for course, enrolment in taken if enrolment is not None]
    if mine:
        met = met_by(mine[0][1]) & Q(course__in=[course for course, _learner in mine])
        wanted = wanted | met if len(mine) < len(taken) else met
    return list(
        Lesson.objects.live()
        .filter(wanted)
        .select_related("published", "module")
        .order_by("module__position", "module_id", "position", "pk")
    )


def _progress(enrolments: Sequence[Enrolment]) -> dict[int, dict[tuple[int, str], StepProgress]]:
    found: dict[int, dict[tuple[int, str], StepProgress]] = defaultdict(dict)
    if enrolments:
        for row in StepProgress.objects.filter(enrolment__in=enrolments):
            found[row.enrolment_id][row.lesson_id, row.step_key] = row
    return found


def _choices(enrolments: Sequence[Enrolment]) -> dict[int | None, Choice]:
    if not enrolments:
        return {}
    return choosing.choices_of(
        cohorts={enrolment.cohort_id for enrolment in enrolments}, learner=enrolments[0].learner_id
    )


def _hidden(choice: Choice, steps: Sequence[Step]) -> set[int]:
    """The steps, by primary key, of which nothing is left to read or to answer in this class."""
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
                quiz=step.quiz.uuid if step.quiz else None,
            )
        )
    return line


def step_url(lesson: Lesson, step: Step) -> str:
    """Where a step is: a quiz at its own address, everything else in its lesson."""
    if step.quiz is not None:
        return step.quiz.get_absolute_url()
    return reverse("courses:step", kwargs={"uuid": lesson.uuid, "key": step.key})
