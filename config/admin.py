from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _


class TitledAutocomplete(AutocompleteJsonView):
    """Offers what a page finds choosable; calls what has revisions by its title, and says what is a draft."""

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        choosable = getattr(self.model_admin, "choosable", None)
        return choosable(rows) if choosable else rows

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        from articles.admin.choices import choice_label  # late: it needs models

        return {"id": str(getattr(obj, to_field_name)), "text": choice_label(obj)}


class CaveatAdminSite(AdminSite):
    """Django's own admin under our name, whose login is allauth's, so that MFA cannot be passed by."""

    site_header = _("Read it twice: administration")
    site_title = _("Read it twice")
    index_title = _("Administration")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Imported late: allauth's decorators need models, and this class is loaded before them.
        from allauth.account.decorators import secure_admin_login

        page: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return page

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        page = TitledAutocomplete.as_view(admin_site=self)(request)
        return cast(HttpResponse, page)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page, with what the rooms have to say there."""
        from accounts.admin import home  # late, as above

        return super().index(request, {**home.context(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Content in the order in which it is made, then people; on top of each what others hang on."""
        # Not from Django's own list: it sorts by names that are translated anew for every comparison.
        apps: list[Any] = list(self._build_app_dict(request, app_label).values())
        for app in apps:
            for row in app["models"]:
                row["name"] = str(_("Who changed what") if row["object_name"] == "LogEntry" else row["name"])
            app["models"].sort(key=lambda row: (_place(row["object_name"]), row["name"].casefold()))
        return sorted(apps, key=lambda app: (_room(app["app_label"]), app["name"].lower()))


_ROOMS = ["articles", "quizzes", "courses", "accounts", "auth", "mfa", "admin"]
_FIRST = ["Article", "Question", "Quiz", "Course", "Module", "Lesson", "Cohort", "User", "JoinCode"]
_FIRST += ["ArticleRevision", "QuestionRevision", "QuizRevision", "LessonRevision"]


def _room(label: str) -> int:
    return _ROOMS.index(label) if label in _ROOMS else len(_ROOMS)


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
