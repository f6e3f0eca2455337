"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("api/v1/", include(("config.api", "api"))),
    path("", include("integrations.urls")),
    path("", include("quizzes.urls")),
    path("", include("courses.urls")),
]

handler400 = "config.refusals.bad_request"
