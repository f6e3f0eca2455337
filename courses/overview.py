"""A class at a glance: how far it is with each lesson that it was given, and who may need its teacher."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Cohort, CohortMember
from articles.models import HiddenArticle
from courses.models import CohortCourse, Enrolment, Lesson, Step, StepProgress
from quizzes.models import Attempt, Evidence, Quiz

#: How long a try may stay open, and a learner away, before it is said.
OPEN_FOR = timedelta(days=2)
AWAY_FOR = timedelta(days=7)
#: A question is called hard from so many learners on.
ENOUGH = 5
#: The width of a meter, in its own units.
WIDTH = 320


@dataclass(frozen=True)
class LessonLine:
    """How many of the learners (`total`) have finished a lesson, and how many are in the middle of it.

    `hardest` is the title of the question that the fewest got right at the first try, "" if too few tried.
    """

    lesson: Lesson
    opens_at: datetime | None
    total: int
    finished: int
    middle: int
    hardest: str = ""

    @property
    def title(self) -> str:
        return self.lesson.published.title if self.lesson.published else str(self.lesson)

    @property
    def untouched(self) -> int:
        return self.total - self.finished - self.middle

    @property
    def done_width(self) -> int:
        return round(WIDTH * self.finished / self.total) if self.total else 0

    @property
    def middle_width(self) -> int:
        return round(WIDTH * self.middle / self.total) if self.total else 0


@dataclass(frozen=True)
class Stuck:
    """Learners of one class who may need somebody, by primary key."""

    begun: frozenset[int]
    away: frozenset[int]


def next_of(lines: Sequence[LessonLine]) -> LessonLine | None:
    """What the class does next: the first lesson that most have not finished, else the first that some have not."""
    open_lines = [line for line in lines if line.finished < line.total]
    return next((line for line in open_lines if 2 * line.finished < line.total), next(iter(open_lines), None))


def lesson_lines(cohort: Cohort) -> list[LessonLine]:
    """The lessons that the class was given, in their order. Seven queries, however many there are."""
    taken = list(CohortCourse.objects.filter(cohort=cohort, archived_at=None))
    lessons = [
        lesson
        for lesson in Lesson.objects.live()
        .filter(course__in={given.course_id for given in taken})
        .select_related("published", "module", "course")
        .order_by("course__title", "module__position", "module_id", "position", "pk")
        if any(_covers(given, lesson) for given in taken)
    ]
    total = _members(cohort).count()
    wanted = _steps_by_lesson(cohort, lessons)
    far = _progress_by_lesson(cohort, lessons)
    hardest = _hardest(cohort, lessons)
    lines = []
    for lesson in lessons:
        steps = wanted[lesson.pk]
        done = sum(steps > 0 and count >= steps for count in far[lesson.pk])
        opens = _opens_at([given for given in taken if _covers(given, lesson)])
        middle = len(far[lesson.pk]) - done
        lines.append(LessonLine(lesson, opens, total, done, middle, hardest.get(lesson.pk, "")))
    return lines


def stuck_in(cohorts: "QuerySet[Cohort]") -> dict[int, Stuck]:
    """By class: who left a try open for two days, and who has not been there for seven. Four queries."""
    now = timezone.now()
    members = CohortMember.objects.learning().filter(cohort__in=cohorts)
    live: dict[int, dict[int, datetime]] = defaultdict(dict)
    for cohort, user, joined in members.values_list("cohort", "user", "joined_at"):
        live[cohort][user] = joined
    begun: dict[int, set[int]] = defaultdict(set)
    waiting = Attempt.objects.counting().open().filter(cohort__in=cohorts, started_at__lt=now - OPEN_FOR)
    for cohort, learner in waiting.order_by().values_list("cohort", "learner").distinct():
        begun[cohort].add(learner)
    seen = _last_seen(cohorts)
    return {
        cohort: Stuck(
            frozenset(begun[cohort] & joined.keys()),
            frozenset(
                user
                for user, since in joined.items()
                if max(since, seen.get((cohort, user), since)) < now - AWAY_FOR and (cohort, user) in seen
            ),
        )
        for cohort, joined in live.items()
    }


def _last_seen(cohorts: "QuerySet[Cohort]") -> dict[tuple[int, int], datetime]:
    """When each learner last did anything under each class, if ever."""
    seen: dict[tuple[int, int], datetime] = {}
    tries = Attempt.objects.counting().filter(cohort__in=cohorts).order_by()
    steps = StepProgress.objects.filter(enrolment__cohort__in=cohorts).order_by()
    for rows in (
        tries.values_list("cohort", "learner").annotate(Max("started_at"), Max("submitted_at")),
        steps.values_list("enrolment__cohort", "enrolment__learner").annotate(
            Max("opened_at"), Max("done_at")
        ),
    ):
        for cohort, learner, *moments in rows:
            known = [moment for moment in (*moments, seen.get((cohort, learner))) if moment is not None]
            seen[(cohort, learner)] = max(known)
    return seen


def _covers(given: CohortCourse, lesson: Lesson) -> bool:
    if given.course_id != lesson.course_id:
        return False
    if given.lesson_id is not None:
        return given.lesson_id == lesson.pk
    return given.module_id is None or given.module_id == lesson.module_id


def _opens_at(taken: list[CohortCourse]) -> datetime | None:
    """When the first of them opens, if none has yet."""
    moments = [given.opens_at for given in taken]
    if any(moment is None or moment <= timezone.now() for moment in moments):
        return None
    return min(moment for moment in moments if moment is not None)


def _members(cohort: Cohort) -> "QuerySet[CohortMember]":
    return CohortMember.objects.learning().filter(cohort=cohort)


def _met_steps(cohort: Cohort, lessons: list[Lesson]) -> "QuerySet[Step]":
    hidden = HiddenArticle.objects.filter(cohort=cohort, article=OuterRef("article"))
    return (
        Step.objects.filter(lesson_revision__in=[lesson.published_id for lesson in lessons])
        .exclude(quiz__archived_at__isnull=False)
        .exclude(Exists(hidden))
        .order_by()
    )


def _steps_by_lesson(cohort: Cohort, lessons: list[Lesson]) -> dict[int, int]:
    rows = _met_steps(cohort, lessons).values_list("lesson_revision__lesson").annotate(Count("pk"))
    return defaultdict(int, rows)


def _progress_by_lesson(cohort: Cohort, lessons: list[Lesson]) -> dict[int, list[int]]:
    """For each lesson, how many of its steps each learner who began it has done."""
    met = _met_steps(cohort, lessons).filter(
        lesson_revision__lesson=OuterRef("lesson"), key=OuterRef("step_key")
    )
    enrolled = Enrolment.objects.live().filter(cohort=cohort, learner__in=_members(cohort).values("user"))
    rows = (
        StepProgress.objects.filter(Exists(met), enrolment__in=enrolled, lesson__in=lessons)
        .order_by()
        .values_list("lesson", "enrolment__learner")
        .annotate(done=Count("step_key", filter=Q(done_at__isnull=False), distinct=True))
    )
    found: dict[int, list[int]] = defaultdict(list)
    for lesson, _learner, done in rows:
        found[lesson].append(done)
    return found


def _hardest(cohort: Cohort, lessons: list[Lesson]) -> dict[int, str]:
    """The title of the question of each lesson's graded quizzes that the fewest got right at first."""
    quizzes = dict(
        _met_steps(cohort, lessons)
        .filter(quiz__mode=Quiz.Mode.GRADED)
        .values_list("quiz", "lesson_revision__lesson")
    )
    rows = (
        Evidence.objects.live()
        .filter(cohort=cohort, score__item__attempt__quiz__in=quizzes)
        .order_by()
        .values_list("score__item__attempt__quiz", "question__published__title", "question")
        .annotate(right=Avg("fraction"), many=Count("learner", distinct=True))
        .filter(many__gte=ENOUGH)
    )
    found: dict[int, tuple[float, int, str]] = {}
    for quiz, title, question, right, _many in rows:
        if right is not None and right < 1 and title:
            here = (right, question, title)
            lesson = quizzes[quiz]
            found[lesson] = min(found.get(lesson, here), here)
    return {lesson: title for lesson, (_right, _question, title) in found.items()}
