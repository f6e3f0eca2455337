"""The REST API, version 1: one router, to which every room adds its own view sets."""

from django.urls import include, path
from oauth2_provider.views import TokenView
from rest_framework.routers import SimpleRouter

from accounts.api.importing import RosterImportViewSet
from accounts.api.views import CohortViewSet, MembershipViewSet, UserViewSet
from articles.api.views import AnnotationViewSet, ArticleRevisionViewSet, ArticleViewSet, SkillViewSet
from config import api_pages
from courses.api import learning
from courses.api.content import CourseViewSet, LessonViewSet, QuizViewSet
from courses.api.giving import CourseAssignmentViewSet
from courses.api.imports import CourseImportViewSet
from courses.api.mastery import MasteryViewSet
from integrations.api.launches import LaunchViewSet
from integrations.api.oneroster import OneRosterExportViewSet, OneRosterImportViewSet
from quizzes.api.accommodations import AccommodationViewSet
from quizzes.api.analysis import ItemAnalysisViewSet
from quizzes.api.assignments import AssignmentViewSet
from quizzes.api.content import QuestionRevisionViewSet, QuestionViewSet
from quizzes.api.evidence import EvidenceViewSet, ItemScoreViewSet
from quizzes.api.offered import MyQuizzes
from quizzes.api.responses import ResponseViewSet
from quizzes.api.scores import GradeEntryViewSet, ScoreViewSet
from quizzes.api.views import AttemptViewSet, MoreTimeViewSet

router = SimpleRouter(use_regex_path=False)
router.register("cohorts", CohortViewSet, basename="cohort")
router.register("users", UserViewSet, basename="user")
router.register("memberships", MembershipViewSet, basename="membership")
router.register("roster-imports", RosterImportViewSet, basename="roster-import")
router.register("launches", LaunchViewSet, basename="launch")
router.register("oneroster-imports", OneRosterImportViewSet, basename="oneroster-import")
router.register("oneroster-exports", OneRosterExportViewSet, basename="oneroster-export")
router.register("skills", SkillViewSet, basename="skill")
router.register("articles", ArticleViewSet, basename="article")
router.register("articles/<uuid:article>/revisions", ArticleRevisionViewSet, basename="article-revision")
router.register("annotations", AnnotationViewSet, basename="annotation")
router.register("questions", QuestionViewSet, basename="question")
router.register("questions/<uuid:question>/revisions", QuestionRevisionViewSet, basename="question-revision")
router.register("quizzes", QuizViewSet, basename="quiz")
router.register("courses", CourseViewSet, basename="course")
router.register("course-imports", CourseImportViewSet, basename="course-import")
router.register("lessons", LessonViewSet, basename="lesson")
router.register("attempts", AttemptViewSet, basename="attempt")
router.register("attempts", MoreTimeViewSet, basename="attempt-time")
router.register("responses", ResponseViewSet, basename="response")
router.register("my/courses", learning.MyCourses, basename="my-course")
router.register("my/lessons", learning.MyLessons, basename="my-lesson")
router.register("my/quizzes", MyQuizzes, basename="my-quiz")
router.register("my/assignments", learning.MyAssignments, basename="my-assignment")
router.register("my/progress", learning.MyProgress, basename="my-progress")
router.register("my/marks", learning.MyMarks, basename="my-mark")
router.register("assignments", AssignmentViewSet, basename="assignment")
router.register("course-assignments", CourseAssignmentViewSet, basename="course-assignment")
router.register("accommodations", AccommodationViewSet, basename="accommodation")
router.register("scores", ScoreViewSet, basename="score")
router.register("grade-entries", GradeEntryViewSet, basename="grade-entry")
router.register("item-scores", ItemScoreViewSet, basename="item-score")
router.register("evidence", EvidenceViewSet, basename="evidence")
router.register("mastery", MasteryViewSet, basename="mastery")
router.register("item-analyses", ItemAnalysisViewSet, basename="item-analysis")

urlpatterns = [
    path("token/", TokenView.as_view(), name="token"),
    path("schema/", api_pages.SchemaView.as_view(), name="schema"),
    path("docs/", api_pages.contents, name="docs"),
    path("docs/guide/", api_pages.guide, name="docs-guide"),
    path("docs/problems/", api_pages.problems, name="docs-problems"),
    path("docs/question-types/", api_pages.question_types, name="docs-types"),
    path("docs/lms_client.py", api_pages.client, name="docs-client"),
    path("docs/<slug:resource>/", api_pages.of_resource, name="docs-resource"),
    path("", include(router.urls)),
]
