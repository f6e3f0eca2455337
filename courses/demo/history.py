"""Four weeks of a class: who comes, what they are given, and what becomes of it.

Three lessons a week apart, a task that a person grades, and a closing quiz that is still going on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts import classes, joining
from accounts.models import Cohort, CohortMember, JoinCode, Organisation, User
from accounts.names import name_key
from accounts.nicknames import plain_username
from articles.models import Skill
from courses.demo.clock import set_clock
from courses.demo.pupils import Pupil, pupils
from courses.demo.work import LEARNT, Questions, Worker
from courses.enrolment import give_course
from courses.models import Course, Lesson, Step
from quizzes import assigning, building, grades
from quizzes.models import Assignment, Attempt, GradeEntry, Question, Quiz
from quizzes.publishing import Slot, publish_quiz, put_slots

#: What the history is made of, by the names that the shipped course gives them.
BUNDLE = "read-it-twice"
LESSONS = ("who-says-so", "reports-explains-urges", "words-that-judge")
CLOSING = "closing-quiz"
REWRITE = "judge-rewrite"
WEEKS = 4
#: What is given of each lesson: its practice, a week before it is due; late work costs something from the second on.
PRACTICE = "practice"


class CannotBegin(Exception):
    """The course that the history is about is not loaded, or the class has one already."""


@dataclass(frozen=True)
class Given:
    """What the class is given; `lessons` pairs each with its steps in order."""

    lessons: list[tuple[Lesson, list[Step]]]
    closing: tuple[Lesson, list[Step]]
    practice: list[Assignment]
    rewrite: Assignment
    last: Assignment


@dataclass(frozen=True)
class Dates:
    """When things happened, in the class's time zone: lessons at ten, work due in the evening."""

    now: datetime
    zone: str

    def lesson(self, week: int) -> datetime:
        return self._day(7 * (WEEKS - week)).replace(hour=10)

    def due(self, days_from_now: int) -> datetime:
        return self._day(-days_from_now).replace(hour=20)

    def _day(self, days_ago: int) -> datetime:
        here = self.now.astimezone(ZoneInfo(self.zone))
        return (here - timedelta(days=days_ago)).replace(minute=0, second=0, microsecond=0)


def has_lived(cohort: Cohort) -> bool:
    """Whether anybody has worked in the class."""
    return Attempt.objects.filter(cohort=cohort).exists()


def live_through(*, cohort: Cohort, teacher: User, learners: int, seed: int) -> int:
    """Let `learners` pupils join the class and work for four weeks; how many joined.

    All dates lie before now, but for the closing quiz, which is due in two days. Raises CannotBegin.
    """
    if has_lived(cohort):
        raise CannotBegin("This class has a history already.")
    course = Course.objects.filter(bundle=BUNDLE, archived_at=None).first()
    if course is None:
        raise CannotBegin("The course is not loaded. First: manage.py load_course fixtures/read-it-twice")
    chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    now = timezone.now()
    dates = Dates(now, cohort.timezone)
    early = set(cohort.members.filter(role=CohortMember.Role.LEARNER).values_list("user", flat=True))
    questions = Questions()
    with set_clock(dates.lesson(0) - timedelta(days=1)) as clock:
        code = JoinCode.objects.live().filter(cohort=cohort).first() or joining.new_code(cohort=cohort)
        give_course(cohort=cohort, course=course)
        given = _give(cohort, course, teacher, dates)
        skills = list(Skill.objects.values_list("slug", flat=True))
        for pupil in pupils(learners, chance, skills):
            clock.at(dates.lesson(0) + timedelta(seconds=chance.uniform(0, 240)))
            user = _join(pupil, code, teacher)
            worker = Worker(user, pupil, cohort, clock, Random(chance.random()), questions)  # noqa: S311
            _weeks(worker, given, dates)
        clock.at(now - timedelta(hours=2))
        _teacher_says(given, teacher, early, now)
    return learners


def _give(cohort: Cohort, course: Course, teacher: User, dates: Dates) -> Given:
    lessons = [_lesson(course, ref) for ref in LESSONS]
    closing = _lesson(course, CLOSING)
    practised = [step.quiz for _lesson_, steps in lessons[:2] for step in steps if step.key == PRACTICE]
    practice = [
        _assign(cohort, teacher, quiz, due_at=dates.due(-7 * (WEEKS - 1 - week)), late_percent=10 * week)
        for week, quiz in enumerate(filter(None, practised))
    ]
    rewrite = _assign(
        cohort, teacher, _rewriting(cohort.organisation, teacher), due_at=dates.due(-3), release="held"
    )
    asked = next(step.quiz for step in closing[1] if step.quiz is not None)
    last = _assign(cohort, teacher, asked, opens_at=dates.lesson(3), due_at=dates.due(2))
    return Given(lessons, closing, practice, rewrite, last)


def _assign(
    cohort: Cohort,
    teacher: User,
    quiz: Quiz,
    *,
    due_at: datetime,
    late_percent: int = 0,
    opens_at: datetime | None = None,
    release: str = "auto",
) -> Assignment:
    chosen: dict[str, Any] = {
        "opens_at": opens_at,
        "due_at": due_at,
        "late_policy": "percent" if late_percent else "accept",
        "late_percent": late_percent,
        "release": release,
    }
    given = Assignment.objects.live().filter(cohort=cohort, quiz=quiz).first()
    if given is not None:  # it came with the course
        return assigning.change(assignment=given, by=teacher, **chosen)
    return assigning.assign(quiz=quiz, cohort=cohort, by=teacher, **chosen)


def _lesson(course: Course, ref: str) -> tuple[Lesson, list[Step]]:
    lesson = Lesson.objects.filter(course=course, ref=ref, published__isnull=False).first()
    if lesson is None:
        raise CannotBegin(f"The course has no lesson “{ref}”. Load fixtures/read-it-twice again.")
    steps = Step.objects.filter(lesson_revision=lesson.published_id).select_related("quiz__published")
    return lesson, list(steps.order_by("position"))


def _rewriting(organisation: Organisation, teacher: User) -> Quiz:
    """A quiz of the school's own, of one text to write anew: a person grades it."""
    question = Question.objects.filter(bundle=BUNDLE, ref=REWRITE, published__isnull=False).first()
    if question is None:
        raise CannotBegin(f"The course has no question “{REWRITE}”. Load fixtures/read-it-twice again.")
    title = "Write it anew"
    made: Quiz | None = Quiz.objects.filter(organisation=organisation, published__title=title).first()
    if made is not None:
        return made
    draft = building.new_quiz(organisation=organisation, mode=Quiz.Mode.GRADED, title=title, by=teacher)
    put_slots(revision=draft, slots=[Slot(question=question, points=Decimal(1))])
    published = publish_quiz(revision=draft, by=teacher)
    quiz: Quiz = Quiz.objects.get(pk=published.quiz_id)
    return quiz


def _join(pupil: Pupil, code: JoinCode, teacher: User) -> User:
    """An account as from a school's list, without a password, and a place by the code; most names are typed."""
    user = User.objects.create_user(_free(pupil.nickname), display_name=pupil.nickname)
    joining.join_as(user=user, code=code.code)
    if pupil.real_name:
        member = CohortMember.objects.select_related("user", "cohort").get(cohort=code.cohort, user=user)
        classes.set_names(by=teacher, member=member, real_name=pupil.real_name, nickname=pupil.nickname)
    return user


def _free(nickname: str) -> str:
    plain = plain_username(nickname)
    names = (plain if number == 1 else f"{plain}-{number}" for number in range(1, 1_000_000))
    return next(name for name in names if not User.objects.filter(username_key=name_key(name)).exists())


def _weeks(worker: Worker, given: Given, dates: Dates) -> None:
    """What one pupil does, week by week; who is absent may catch up late, or never."""
    for week, (lesson, steps) in enumerate(given.lessons):
        if worker.chance.random() > worker.pupil.diligence:
            continue
        late = week < 2 and worker.chance.random() < worker.pupil.late
        _begin(worker, dates.due(-7 * (WEEKS - 1 - week)) if late else dates.lesson(week), late=late)
        worker.take_lesson(lesson, steps)
    if worker.chance.random() < worker.pupil.diligence:
        late = worker.chance.random() < worker.pupil.late
        _begin(worker, dates.due(-3) if late else dates.due(-5), late=late and worker.pupil.days_late < 3)
        worker.take(given.rewrite.quiz)
    _close(worker, given, dates)


def _begin(worker: Worker, moment: datetime, *, late: bool) -> None:
    """Set the clock to when they begin: a few minutes after `moment`, or days after it."""
    days = worker.pupil.days_late - 0.5 if late else 0
    worker.clock.at(moment + timedelta(days=days, seconds=worker.chance.uniform(20, 900)))


def _close(worker: Worker, given: Given, dates: Dates) -> None:
    """The closing quiz: some have done it, a few twice, some are in the middle, some have not begun."""
    lesson, steps = given.closing
    lot = worker.chance.random()
    if lot > worker.pupil.diligence * 0.85:
        return
    if lot < 0.2:
        worker.clock.at(min(dates.now - timedelta(minutes=25), dates.now))
        worker.take_lesson(lesson, steps, until=1)
        worker.take(given.last.quiz, only=worker.chance.randint(2, 8))
        return
    _begin(worker, dates.lesson(3), late=False)
    worker.take_lesson(lesson, steps)
    if worker.chance.random() < 0.3:
        worker.clock.at(dates.due(-2) + timedelta(minutes=worker.chance.uniform(1, 90)))
        worker.take(given.last.quiz, learnt=LEARNT)


def _teacher_says(given: Given, teacher: User, early: set[int], now: datetime) -> None:
    """Who came to the class after the history is excused; one mark that is missing is, and one is raised."""
    for learner in User.objects.filter(pk__in=early):
        for assignment in (*given.practice, given.rewrite):
            _enter(assignment, learner, teacher, GradeEntry.Kind.EXCUSED, "Joined the class later.")
    missing, low = next(_absent(given.practice[-1]), None), _lowest(given.practice[0])
    if missing is not None:
        _enter(given.practice[-1], missing, teacher, GradeEntry.Kind.EXCUSED, "Was ill; a note came.")
    if low is not None:
        grades.enter(
            assignment=given.practice[0],
            learner=low,
            kind=GradeEntry.Kind.OVERRIDE,
            fraction=0.6,
            reason="Explained every answer to me after the lesson.",
            by=teacher,
        )


def _enter(assignment: Assignment, learner: User, teacher: User, kind: str, reason: str) -> None:
    grades.enter(assignment=assignment, learner=learner, kind=kind, reason=reason, by=teacher)


def _absent(assignment: Assignment) -> Iterator[User]:
    """Learners of the class who handed nothing in and of whom nothing was said."""
    places = CohortMember.objects.filter(cohort=assignment.cohort, role=CohortMember.Role.LEARNER)
    done = assignment.attempts.values("learner")
    said = assignment.grade_entries.values("learner")
    absent = places.exclude(user__in=done).exclude(user__in=said).select_related("user").order_by("pk")
    return (place.user for place in absent)


def _lowest(assignment: Assignment) -> User | None:
    marked = assignment.attempts.filter(fraction__lt=0.6).select_related("learner")
    lowest = marked.order_by("fraction", "pk").first()
    return lowest.learner if lowest else None
