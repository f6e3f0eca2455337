"""The REST API, version 1: one router, to which every room adds its own view sets."""

from django.urls import include, path
from oauth2_provider.views import TokenView
from rest_framework.routers import SimpleRouter

from accounts.api.views import CohortViewSet
from config import api_pages
from quizzes.api.views import AttemptViewSet

router = SimpleRouter(use_regex_path=False)
router.register("cohorts", CohortViewSet, basename="cohort")
router.register("attempts", AttemptViewSet, basename="attempt")

urlpatterns = [
    path("token/", TokenView.as_view(), name="token"),
    path("schema/", api_pages.SchemaView.as_view(), name="schema"),
    path("docs/", api_pages.contents, name="docs"),
    path("docs/guide/", api_pages.guide, name="docs-guide"),
    path("docs/problems/", api_pages.problems, name="docs-problems"),
    path("docs/<slug:resource>/", api_pages.of_resource, name="docs-resource"),
    path("", include(router.urls)),
]
