"""What the database itself refuses of the rows with which classes are run: each constraint is broken once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.models import Consent, Notice, Organisation
from articles.models import ArticleSwap, HiddenArticle
from courses.models import CohortCourse, CohortCourseItem, CohortCourseLearner, Presentation
from quizzes.models import (
    Accommodation,
    Assignment,
    AssignmentLearner,
    AssignmentScore,
    Attempt,
    GradeEntry,
    GradingDraft,
    QuizAnalysis,
    Regrade,
    SavedComment,
)
from tests.factories.accounts import CohortFactory, OrganisationFactory, UserFactory
from tests.factories.articles import ArticleFactory
from tests.factories.courses import CohortCourseFactory, CourseFactory, LessonFactory
from tests.factories.quizzes import (
    AccommodationFactory,
    AssignmentFactory,
    AttemptFactory,
    QuestionFactory,
    QuizFactory,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = timedelta(hours=1)
TABLES: tuple[type[models.Model], ...] = (
    *(Consent, Notice, HiddenArticle, ArticleSwap, CohortCourseItem, CohortCourseLearner, Presentation),
    *(Accommodation, Assignment, AssignmentLearner, GradeEntry, GradingDraft, QuizAnalysis, Regrade),
    *(SavedComment, AssignmentScore),
)
#: New constraints of older tables.
ADDED = (
    "organisation_keeps_a_month",
    "attempt_assigned_in_a_cohort",
    *(
        f"cohort_{name}"
        for name in (
            "course_once",
            "module_once",
            "lesson_once",
            "course_module_or_lesson",
            "course_due_after_opening",
        )
    ),
)


def consent(**fields: Any) -> Consent:
    user = UserFactory()
    return Consent.objects.create(
        **{"user": user, "by": user, "kind": "mail", "given": True, "wording": "w", **fields}
    )


def entry(**fields: Any) -> GradeEntry:
    made = {
        "assignment": AssignmentFactory(),
        "learner": UserFactory(),
        "by": UserFactory(),
        "reason": "Ill.",
    }
    return GradeEntry.objects.create(**{**made, "kind": "excused", **fields})


def regrade(**fields: Any) -> Regrade:
    made = {"question": QuestionFactory(), "kind": "drop", "reason": "Unclear.", "by": UserFactory()}
    return Regrade.objects.create(**{**made, **fields})


def draft(**fields: Any) -> GradingDraft:
    return GradingDraft.objects.create(item=AttemptFactory().items.get(), **fields)


def twice(make: Callable[..., Any], **fields: Any) -> Callable[[], Any]:
    """The same row again; what is a factory in `fields` is made once."""

    def again() -> None:
        same = {name: value() if callable(value) else value for name, value in fields.items()}
        make(**same)
        make(**same)

    return again


def presentation(**fields: Any) -> Presentation:
    return Presentation.objects.create(**{"lesson": LessonFactory(), "by": UserFactory(), **fields})


def given(**fields: Any) -> CohortCourse:
    """A whole course, a module or a lesson of it."""
    lesson = fields.get("lesson")
    course = lesson.course if lesson else fields.get("course") or CourseFactory()
    made: CohortCourse = CohortCourseFactory(**{**fields, "course": course})
    return made


def course_item(**fields: Any) -> CohortCourseItem:
    return CohortCourseItem.objects.create(**{"assignment": AssignmentFactory(), **fields})


def swap_with_itself() -> None:
    article = ArticleFactory()
    ArticleSwap.objects.create(learner=UserFactory(), article=article, parallel=article, by=UserFactory())


def module_and_lesson() -> None:
    lesson = LessonFactory()
    CohortCourseFactory(course=lesson.course, module=lesson.module, lesson=lesson)


def module_twice() -> None:
    lesson, cohort = LessonFactory(), CohortFactory()
    for _time in range(2):
        CohortCourseFactory(cohort=cohort, course=lesson.course, module=lesson.module)


def assigned_to_nobody() -> None:
    Attempt.objects.filter(pk=AttemptFactory().pk).update(assignment=AssignmentFactory())


def swap(**fields: Any) -> ArticleSwap:
    return ArticleSwap.objects.create(**{"parallel": ArticleFactory(), "by": UserFactory(), **fields})


def hide(**fields: Any) -> HiddenArticle:
    return HiddenArticle.objects.create(by=UserFactory(), **fields)


FAULTS: dict[str, Callable[[], Any]] = {
    "organisation_keeps_a_month": lambda: Organisation.objects.filter(pk=OrganisationFactory().pk).update(
        retention_months=0
    ),
    "consent_kind_known": lambda: consent(kind="other"),
    "consent_has_words": lambda: consent(wording=""),
    "notice_told_once": twice(Notice.objects.create, user=UserFactory, kind="graded", key="graded:1"),
    "notice_has_key": lambda: Notice.objects.create(user=UserFactory(), kind="graded", key=""),
    "hidden_article_once": twice(hide, cohort=CohortFactory, article=ArticleFactory),
    "article_swap_once": twice(swap, learner=UserFactory, article=ArticleFactory),
    "article_swap_to_another": swap_with_itself,
    "assignment_live_once": twice(AssignmentFactory, cohort=CohortFactory, quiz=QuizFactory),
    "assignment_due_after_opening": lambda: AssignmentFactory(opens_at=NOW, due_at=NOW - HOUR),
    "assignment_closes_after_due": lambda: AssignmentFactory(due_at=NOW, closes_at=NOW - HOUR),
    "assignment_closes_after_opening": lambda: AssignmentFactory(opens_at=NOW, closes_at=NOW),
    "assignment_late_percent": lambda: AssignmentFactory(late_policy="percent", late_percent=0),
    "assignment_some_attempts": lambda: AssignmentFactory(attempts_allowed=0),
    "assignment_some_time": lambda: AssignmentFactory(time_limit_s=0),
    "assignment_rule_known": lambda: AssignmentFactory(attempt_rule="any"),
    "assignment_feedback_known": lambda: AssignmentFactory(feedback="never"),
    "assignment_release_known": lambda: AssignmentFactory(release="soon"),
    "assignment_learner_once": twice(
        AssignmentLearner.objects.create, assignment=AssignmentFactory, learner=UserFactory
    ),
    "assignment_score_once": twice(
        AssignmentScore.objects.create, assignment=AssignmentFactory, learner=UserFactory
    ),
    "accommodation_once_a_cohort": twice(AccommodationFactory, learner=UserFactory, cohort=CohortFactory),
    "accommodation_once_an_assignment": twice(
        AccommodationFactory, learner=UserFactory, assignment=AssignmentFactory
    ),
    "accommodation_date_of_an_assignment": lambda: AccommodationFactory(due_at=NOW),
    "accommodation_percent_to_400": lambda: AccommodationFactory(extra_percent=401),
    "accommodation_a_day_more": lambda: AccommodationFactory(extra_s=86_401),
    "grade_entry_fraction_of_override": lambda: entry(kind="override", fraction=None),
    "grade_entry_explained": lambda: entry(reason=""),
    "grading_draft_held_until": lambda: draft(holder=UserFactory()),
    "grading_draft_by": lambda: draft(done=True),
    "saved_comment_once_a_question": twice(
        SavedComment.objects.create, owner=UserFactory, question=QuestionFactory, text="Good."
    ),
    "saved_comment_once": twice(SavedComment.objects.create, owner=UserFactory, text="Good."),
    "regrade_explained": lambda: regrade(reason=""),
    "regrade_to_a_key": lambda: regrade(kind="key"),
    "regrade_status_known": lambda: regrade(status="lost"),
    "regrade_done_of_total": lambda: regrade(done=2, total=1),
    "analysis_once_a_cohort": twice(QuizAnalysis.objects.create, quiz=QuizFactory, cohort=CohortFactory),
    "analysis_once_a_quiz": twice(QuizAnalysis.objects.create, quiz=QuizFactory),
    "attempt_assigned_in_a_cohort": assigned_to_nobody,
    "cohort_course_once": twice(given, cohort=CohortFactory, course=CourseFactory),
    "cohort_module_once": module_twice,
    "cohort_lesson_once": twice(given, cohort=CohortFactory, lesson=LessonFactory),
    "cohort_course_module_or_lesson": module_and_lesson,
    "cohort_course_due_after_opening": lambda: given(opens_at=NOW, due_at=NOW - HOUR),
    "cohort_course_learner_once": twice(
        CohortCourseLearner.objects.create, cohort_course=CohortCourseFactory, learner=UserFactory
    ),
    "cohort_course_item_once": twice(
        course_item, cohort_course=CohortCourseFactory, lesson=LessonFactory, step_key="quiz"
    ),
    "presentation_one_at_a_time": twice(presentation, cohort=CohortFactory),
    "presentation_scene_known": lambda: presentation(cohort=CohortFactory(), scene="break"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        FAULTS[name]()
    told = str(refused.value)
    # SQLite names a check, but of a unique constraint only the columns.
    assert name in told or told.startswith("UNIQUE constraint failed")


@pytest.mark.pure
def test_every_constraint_is_broken_here() -> None:
    named = {constraint.name for table in TABLES for constraint in table._meta.constraints}
    assert set(FAULTS) == named | set(ADDED)


def test_an_archived_assignment_makes_room_for_another() -> None:
    old = AssignmentFactory(archived_at=NOW)
    assert AssignmentFactory(cohort=old.cohort, quiz=old.quiz).pk != old.pk
