"""Courses as bundles in the admin: downloaded as one file; uploaded, looked at, and then imported."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.admin.base import staff
from accounts.admin.publishers import who_publishes
from accounts.models import Organisation
from articles.admin.base import Owned
from articles.admin.choices import only_own
from articles.admin.revision_pages import address
from articles.models import ArticleRevision
from courses.bundles import waiting
from courses.bundles.archive import MOST_UPLOADED, pack, unpack
from courses.bundles.export import ExportRefused, export
from courses.bundles.faults import BundleRefused, Fault
from courses.bundles.load import load, preview
from courses.bundles.stored import Change, Changes
from courses.models import Course, LessonRevision
from quizzes.models import QuestionKey, QuestionRevision, QuizRevision

#: What an import makes what learners meet, all at once.
PUBLISHED = (Course, LessonRevision, QuizRevision, QuestionRevision, ArticleRevision)


class UploadForm(forms.Form):
    """A bundle as one file, and whose it is to be."""

    file = forms.FileField(
        label=_("Bundle"), help_text=_("A ZIP file, as “Download as bundle” makes it."), allow_empty_file=True
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("For"), empty_label=None)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_UPLOADED:
            most = MOST_UPLOADED // 1_000_000
            raise forms.ValidationError(_("The file is too big: the most is %d MB.") % most)
        return file


class BundlePages(Owned):
    """The pages of courses that have to do with bundles."""

    def get_urls(self) -> list[URLPattern]:
        name, wrap = "courses_course", self.admin_site.admin_view
        preview_route = "import/<uuid:token>/<int:organisation>/"
        return [
            path("import/", wrap(self.upload_view), name=f"{name}_import"),
            path(preview_route, wrap(self.import_view), name=f"{name}_import_preview"),
            path("<path:object_id>/bundle/", wrap(self.bundle_view), name=f"{name}_bundle"),
            *super().get_urls(),
        ]

    # Out -----------------------------------------------------------------------------------------
    def may_download(self, request: HttpRequest) -> bool:
        """A bundle holds the keys."""
        options = QuestionKey._meta
        return staff(request).has_perm(f"{options.app_label}.view_{options.model_name}")

    def bundle_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        course = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, course) or not self.may_download(request):
            raise PermissionDenied
        try:
            packed = pack(export(course))
        except ExportRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(address(course))
        name = slugify(course.bundle) or slugify(course.title) or "course"
        headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
        return HttpResponse(packed, content_type="application/zip", headers=headers)

    # In ------------------------------------------------------------------------------------------
    def may_upload(self, request: HttpRequest) -> bool:
        return staff(request).has_perm("courses.add_course")

    def may_import(self, request: HttpRequest) -> bool:
        return all(
            staff(request).has_perm(f"{model._meta.app_label}.publish_{model._meta.model_name}")
            for model in PUBLISHED
        )

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a bundle, and go on to what it would change."""
        if not self.may_upload(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        only_own(form.fields["organisation"], request)
        if form.is_valid():
            token = waiting.keep(file=form.cleaned_data["file"], by=staff(request))
            args = [token, form.cleaned_data["organisation"].pk]
            return HttpResponseRedirect(reverse("admin:courses_course_import_preview", args=args))
        return self._page(request, "upload", _("Import a bundle"), form=form)

    def import_view(self, request: HttpRequest, token: UUID, organisation: int) -> HttpResponse:
        """What the uploaded bundle would change; and the import itself, which is all or nothing."""
        file = waiting.find(token=token, by=staff(request))
        owner = self._own(request).filter(pk=organisation).first()
        if not self.may_upload(request):
            raise PermissionDenied
        if file is None or owner is None:
            self.message_user(
                request, _("That upload is not here any more. Upload it again."), messages.WARNING
            )
            return HttpResponseRedirect(reverse("admin:courses_course_import"))
        if request.method == "POST" and "forget" in request.POST:
            waiting.forget(token=token, by=staff(request))
            return HttpResponseRedirect(reverse("admin:courses_course_changelist"))
        is_import = request.method == "POST"
        if is_import and not self.may_import(request):
            raise PermissionDenied
        try:
            with TemporaryDirectory() as folder:
                with file.open("rb") as packed:
                    unpack(packed, Path(folder))
                bundle, changes = (load if is_import else preview)(Path(folder), owner)
        except BundleRefused as refused:
            return self._refused(request, refused.faults)
        if is_import:
            waiting.forget(token=token, by=staff(request))
            return self._imported(request, changes)
        title = bundle.course.file.title if bundle.course else ""
        return self._page(
            request,
            "import",
            _("Import “%s”") % title,
            organisation=owner,
            parts=_parts(changes),
            may_import=self.may_import(request),
            who_publishes="" if self.may_import(request) else who_publishes(Course, owner),
        )

    def _own(self, request: HttpRequest) -> "models.QuerySet[Organisation]":
        user = staff(request)
        return Organisation.objects.all() if user.is_superuser else Organisation.objects.of(user)

    def _refused(self, request: HttpRequest, faults: list[Fault]) -> HttpResponse:
        return self._page(request, "refused", _("This bundle cannot be imported"), faults=faults)

    def _imported(self, request: HttpRequest, changes: Changes) -> HttpResponse:
        course = next(change.row for change in changes.rows if isinstance(change.row, Course))
        told = _("Imported: %s.") % changes
        self.log_change(request, course, told)
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(address(course))

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        context |= {"title": title, "opts": self.opts, "row_url": reverse("admin:courses_course_changelist")}
        context |= self.admin_site.each_context(request)
        return TemplateResponse(request, f"courses/admin/bundle_{template}.html", context)

    # Buttons -------------------------------------------------------------------------------------
    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        course = kwargs.get("obj")
        if course is not None and self.may_download(request):
            context["bundle_url"] = address(course, "bundle")
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        url = reverse("admin:courses_course_import") if self.may_upload(request) else ""
        return super().changelist_view(request, {**(extra_context or {}), "import_url": url})


def _parts(changes: Changes) -> list[tuple[str, list[tuple[Any, str, str]]]]:
    """What will happen, in the order in which it matters: for each kind of change its rows, as noun, title and
    address ("" for what is not here yet)."""
    words = {
        "changed": _("Changed"),
        "archived": _("Archived, because the bundle does not have it any more"),
        "new": _("New"),
        "restored": _("Taken out of the archive"),
        "unchanged": _("Unchanged"),
    }
    found: dict[str, list[Change]] = {what: [] for what in words}
    for change in changes.rows:
        found[change.what].append(change)
    return [
        (words[what], [(_noun(one), one.title, "" if what == "new" else address(one.row)) for one in rows])
        for what, rows in found.items()
        if rows
    ]


def _noun(change: Change) -> Any:
    return change.row._meta.verbose_name
