"""Who sees courses and enrolments in the admin, and what the roles may do with them."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.admin import audit, scope, see_also
from accounts.admin.base import staff
from accounts.models import Cohort, User
from articles.admin.base import show_revisions
from articles.models import Article, ArticleRevision
from courses.admin.exercises import exercise_url
from courses.models import (
    CohortCourse,
    CohortCourseItem,
    CohortCourseLearner,
    Course,
    Enrolment,
    ExitTicket,
    Lesson,
    LessonRevision,
    Module,
    Presentation,
    Step,
    StepProgress,
)
from quizzes.models import Quiz

scope.register(Course, Course.objects.visible_to)
scope.follow(Module, "course", Course)
scope.follow(Lesson, "course", Course)
show_revisions(LessonRevision, Lesson, "lesson__course__organisation")
scope.follow(Step, "lesson_revision", LessonRevision)
scope.follow(CohortCourse, "cohort", Cohort)
scope.follow(CohortCourseItem, "cohort_course", CohortCourse)
scope.follow(CohortCourseLearner, "cohort_course", CohortCourse)
scope.follow(Presentation, "cohort", Cohort)
scope.follow(ExitTicket, "presentation", Presentation)
scope.show_classes_of(Enrolment)
scope.follow(StepProgress, "enrolment", Enrolment)

see_also.register(User, Enrolment, "learner")
see_also.register(Cohort, Enrolment, "cohort")
see_also.register(Course, Enrolment, "course")
see_also.register(Course, CohortCourse, "course")
see_also.register(Enrolment, StepProgress, "enrolment")
see_also.register(Lesson, StepProgress, "lesson")
see_also.register(Article, Step, "article")
see_also.register(Quiz, Step, "quiz")


def _exercise_of(request: HttpRequest, row: Article | ArticleRevision) -> list[see_also.Link]:
    """The short way from what is published of an article to an exercise."""
    url = exercise_url(staff(request), row)
    return [see_also.Link(_("Make an exercise from this article"), url)] if url else []


see_also.offer(Article, _exercise_of)
see_also.offer(ArticleRevision, _exercise_of)

CONTENT = (Course, Module, Lesson, LessonRevision, Step)
WORK = (
    CohortCourse,
    CohortCourseItem,
    CohortCourseLearner,
    Enrolment,
    ExitTicket,
    Presentation,
    StepProgress,
)
roles.grant(roles.TEACHER, "view", *CONTENT, *WORK)
# "delete" of a revision is discarding a draft.
roles.grant_writing(
    drafts=[Course, Module, Lesson], parts=[LessonRevision, Step], publish=[Course, LessonRevision]
)
roles.grant(roles.SITE_ADMIN, "view", *WORK)
roles.grant(roles.SITE_ADMIN, "change", CohortCourse, Enrolment)
roles.grant(roles.SITE_ADMIN, "add", CohortCourse)

audit.register("organisation", Course)
audit.register("course__organisation", Module, Lesson)
audit.register("lesson__course__organisation", LessonRevision)
audit.register("cohort__organisation", CohortCourse, Enrolment, is_content=False)
