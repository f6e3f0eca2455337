"""What courses tell the rooms below: who may see what, where a quiz stands, and what follows what."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import class_pages, todos, visibility
from accounts.models import User
from accounts.signals import cohort_member_changed, cohort_members_changed
from articles.signals import article_edited, article_published
from courses import classwork, enrolment, following, outline, progress, quiz_usage, refusing, work
from courses.models import Course, Lesson, Step
from courses.models.given import met_by
from courses.signals import lesson_published
from quizzes import places, usage
from quizzes.models import Quiz
from quizzes.signals import attempt_submitted, question_published, quiz_published


def register() -> None:
    """Called once the apps are ready."""
    class_pages.register(_("Overview"), "courses:class", order=10)
    class_pages.register(_("Present"), "courses:present", order=20)
    class_pages.register(_("Marks"), "courses:gradebook", order=50)
    class_pages.register(_("Work"), "courses:work", order=15)
    class_pages.register_of_person(_("Marks"), "courses:marks_of", order=10)
    class_pages.register_of_person(_("More time, tries or days"), "courses:accommodations", order=20)
    todos.register_of_class(work.left_in)
    visibility.register("articles.Article", enrolled_articles)
    visibility.register("quizzes.Quiz", enrolled_quizzes)
    places.register(place_in_course)
    usage.register(quiz_usage.PROVIDER)
    cohort_member_changed.connect(_on_cohort_member_changed, dispatch_uid="courses")
    cohort_members_changed.connect(_on_cohort_members_changed, dispatch_uid="courses")
    attempt_submitted.connect(_on_attempt_submitted, dispatch_uid="courses")
    lesson_published.connect(_on_lesson_published, dispatch_uid="courses.classwork")
    article_published.connect(following.on_article_published, dispatch_uid="courses.following")
    article_edited.connect(following.on_article_edited, dispatch_uid="courses.following")
    quiz_published.connect(refusing.on_quiz_published, dispatch_uid="courses.refusing")
    question_published.connect(refusing.on_question_published, dispatch_uid="courses.refusing")


def met_steps(user: User) -> QuerySet[Step]:
    """The steps of published lessons that `user` meets now in the courses that they take."""
    return _steps_of(Lesson.objects.live().filter(met_by(user), course__in=Course.objects.live()))


def _steps_of(lessons: QuerySet[Lesson]) -> QuerySet[Step]:
    return Step.objects.filter(
        lesson_revision__lesson__published=F("lesson_revision"), lesson_revision__lesson__in=lessons
    )


def _asking(steps: QuerySet[Step], quiz: Quiz) -> QuerySet[Step]:
    return steps.filter(quiz=quiz).select_related("lesson_revision__lesson__course").order_by("pk")


def enrolled_articles(user: User) -> Q:
    return Q(pk__in=met_steps(user).filter(article__isnull=False).values("article"))


def enrolled_quizzes(user: User) -> Q:
    return Q(pk__in=met_steps(user).filter(quiz__isnull=False).values("quiz"))


def place_in_course(user: User, quiz: Quiz, within: places.Within = None) -> places.Place | None:
    """The step that asks for `quiz`, in a course that they take with those classes, else in one that they may see."""
    steps = list(_asking(met_steps(user), quiz)) or list(
        _asking(_steps_of(Lesson.objects.visible_to(user)), quiz)[:1]
    )
    if not steps:
        return None
    # In one lesson mostly; of several, the first that the classes take which are looked at.
    meetings = ((one, enrolment.meeting_of(user, one.lesson_revision.lesson, quiz, within)) for one in steps)
    step, met = next((pair for pair in meetings if pair[1] is not None), (steps[0], None))
    lesson = step.lesson_revision.lesson
    taken = met.enrolment if met else None

    def look_onward() -> places.Onward:
        after = outline.outline(lesson.course, taken).after(lesson, step.key)
        return places.Onward(*(after.title, after.url) if after else ("", lesson.course.get_absolute_url()))

    return places.Place(
        title=step.lesson_revision.title,
        url=lesson.get_absolute_url(),
        cohort=taken.cohort if taken else None,
        enrolled=taken is not None,
        yields=met is not None and met.yields,
        look_onward=look_onward,
    )


def _on_cohort_member_changed(sender: Any, *, member: Any, **_kwargs: Any) -> None:
    enrolment.follow_cohort(member)


def _on_cohort_members_changed(sender: Any, *, members: Any, **_kwargs: Any) -> None:
    enrolment.follow_cohorts(members)


def _on_attempt_submitted(sender: Any, *, attempt: Any, **_kwargs: Any) -> None:
    progress.complete_steps_of(attempt)


def _on_lesson_published(sender: Any, *, revision: Any, **_kwargs: Any) -> None:
    classwork.on_lesson_published(revision.lesson.course)
