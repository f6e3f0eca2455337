"""The lessons that a teacher may present to a class, with what they have to know before."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Cohort, User
from articles import choosing as articles
from courses.models import CohortCourse, Lesson, LessonRevision, Step
from quizzes.models import QuizSlot


@dataclass(frozen=True)
class Choice:
    """A lesson to choose. `notes` are the content notes of what its learners read, each once; `taken`:
    the class takes its course; `seen`: the teacher may look at it as its learners do.
    """

    lesson: Lesson
    revision: LessonRevision
    notes: list[str]
    taken: bool
    seen: bool


def open_to(user: User, cohort: Cohort) -> "QuerySet[Lesson]":
    """The lessons that `user` may show to `cohort`: what they may see, and what the class takes anyway."""
    taken = CohortCourse.objects.filter(cohort=cohort, archived_at=None, course__archived_at=None)
    seen = Lesson.objects.visible_to(user).order_by()
    return Lesson.objects.live().filter(Q(pk__in=seen) | Q(course__in=taken.order_by().values("course")))


def lessons(user: User, cohort: Cohort) -> list[Choice]:
    """What `user` may present, the class's own courses first. Four queries."""
    taken = CohortCourse.objects.filter(cohort=cohort, course=OuterRef("course"), archived_at=None)
    seen = Lesson.objects.visible_to(user).filter(pk=OuterRef("pk")).order_by()
    found = list(
        open_to(user, cohort)
        .select_related("published", "course", "module")
        .annotate(taken=Exists(taken), seen=Exists(seen))
        .order_by("-taken", "course__title", "course_id", "module__position", "position", "pk")
    )
    notes = _notes([one.published_id for one in found if one.published_id], articles.hidden_from(cohort))
    return [
        Choice(lesson, lesson.published, notes[lesson.published.pk], lesson.taken, lesson.seen)
        for lesson in found
        if lesson.published is not None
    ]


def _notes(revisions: list[int], hidden: frozenset[int]) -> dict[int, list[str]]:
    """The content notes of what is read and of what is asked about, `hidden` articles left out."""
    read = Step.objects.filter(lesson_revision__in=revisions, article_revision__isnull=False).exclude(
        article__in=hidden
    )
    asked = QuizSlot.objects.filter(
        quiz_revision__quiz__steps__lesson_revision__in=revisions,
        quiz_revision__quiz__published=F("quiz_revision"),
        question__published__article_revision__isnull=False,
    ).exclude(question__published__article_revision__article__in=hidden)
    said = [
        *read.order_by("position", "pk").values_list("lesson_revision", "article_revision__content_note"),
        *asked.order_by("position", "pk").values_list(
            "quiz_revision__quiz__steps__lesson_revision",
            "question__published__article_revision__content_note",
        ),
    ]
    notes: dict[int, list[str]] = defaultdict(list)
    for revision, note in said:
        if note and note not in notes[revision]:
            notes[revision].append(note)
    return notes
