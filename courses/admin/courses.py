from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import Part, ReadOnlyPart, has_model_permission
from articles.admin.base import OwnedArchiving
from articles.admin.choices import only_own, titled
from articles.admin.copying import Copying
from articles.admin.revision_pages import address
from articles.publishing import PublishingError
from courses import building, copying, publishing
from courses.admin.bundles import BundlePages
from courses.admin.exercises import ExercisePages
from courses.checking import course_faults
from courses.faults import Faulty
from courses.models import Course, Lesson, Module


class ModuleRows(Part):
    """The modules of a course, in order; a new one gets its ref from its title."""

    model = Module
    fields = ["position", "title", "archived_at"]
    readonly_fields = ["archived_at"]
    can_delete = False
    ordering = ["position"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_open(request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "position":
            field.required = False  # the verb puts a new one last
        if field is not None:
            field.widget.attrs["aria-label"] = field.label  # a head of a column is no label
        return field


class LessonRows(ReadOnlyPart):
    model = Lesson
    fields = ["position", "title", "published", "archived_at"]
    readonly_fields = ["title"]
    show_change_link = False
    view_on_site = False
    ordering = ["position"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return titled(super().get_queryset(request)).select_related("published", "module")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("title"))
    def title(self, lesson: Any) -> str:
        return format_html('<a href="{}">{}</a>', address(lesson), lesson.choice_title or lesson.ref)


class CourseLessons(LessonRows):
    """All lessons of a course, on its page."""

    fields = ["module", *LessonRows.fields]
    ordering = ["module__position", "position"]
    fk_name = "course"


@admin.register(Course)
class CourseAdmin(ExercisePages, BundlePages, Copying, OwnedArchiving):
    copy_verb = staticmethod(copying.copy_course)
    refusals = (PublishingError,)
    never_published = Q(published_at=None)
    list_display = ["title", "organisation", "language", "published_at", "archived_at", "updated_at"]
    list_filter = [
        ("organisation", admin.RelatedOnlyFieldListFilter),
        "language",
        ("published_at", admin.EmptyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["organisation"]
    search_fields = ["title", "bundle"]
    date_hierarchy = "created_at"
    fields = [
        "organisation",
        "bundle",
        "title",
        "language",
        "licence",
        "opening",
        "published_at",
        "archived_at",
        "uuid",
    ]
    readonly_fields = ["organisation", "bundle", "published_at", "archived_at", "uuid"]
    new_fields = ["title", "organisation", "language", "licence"]
    autocomplete_fields = ["opening"]
    inlines = [ModuleRows, CourseLessons]
    change_form_template = "courses/admin/course.html"
    actions = ["publish", *Copying.actions, *OwnedArchiving.actions]

    class Media:
        css = {"all": ["articles/admin/rows.css"]}

    def is_met(self, obj: Course) -> bool:
        return obj.published_at is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "add")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"courses_course_{name}")
            for name, view in (("check", self.check_view), ("open", self.open_view))
        ]
        return [*own, *super().get_urls()]

    def get_inlines(self, request: HttpRequest, obj: Course | None) -> Any:
        return self.inlines if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Course | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": self.new_fields})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Course | None = None) -> Any:
        return [] if obj is None else super().get_readonly_fields(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Course | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            only_own(form.base_fields["organisation"], request)
        return form

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        """A new course is made by the verb."""
        if change:
            super().save_model(request, obj, form, change)
            return
        columns = {name: form.cleaned_data[name] for name in self.new_fields}
        made = building.new_course(**columns)
        obj.pk, obj.uuid, obj.bundle = made.pk, made.uuid, made.bundle

    def response_add(self, request: HttpRequest, obj: Course, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(address(obj))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """New modules are made by the verb, at the end; then each stands where its number says."""
        if formset.model is not Module:
            super().save_formset(request, form, formset, change)
            return
        for module in formset.save(commit=False):
            if module.pk is None:
                place = module.position
                made = building.new_module(course=form.instance, title=module.title)
                module.pk, module.ref = made.pk, made.ref
                module.position = made.position if place is None else place
                Module.objects.filter(pk=made.pk).update(position=module.position, updated_at=timezone.now())
            else:
                module.save()

    def check_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is wrong with all that learners will meet in the course; nothing is published."""
        course = self._seen(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Check"),
            "opts": self.opts,
            "row": course,
            "row_url": address(course),
            "faults": [(fault, address(fault.row)) for fault in course_faults(course)],
        }
        return TemplateResponse(request, "courses/admin/check.html", context)

    def open_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open the course to learners; where that is refused, the list of faults says why."""
        course = self._seen(request, object_id)
        may = self.has_publish_permission(request) and self.owns(request, course)
        if request.method != "POST" or not may:
            raise PermissionDenied
        try:
            publishing.publish_course(course=course)
        except PublishingError as refused:
            if isinstance(refused, Faulty):
                self.message_user(
                    request, _("The course is not open yet: see what is wrong."), messages.ERROR
                )
                return HttpResponseRedirect(address(course, "check"))
            self.message_user(request, str(refused), messages.ERROR)
        else:
            self.log_change(request, course, str(_("Published.")))
            self.message_user(request, _("The course is open to learners."), messages.SUCCESS)
        return HttpResponseRedirect(address(course))

    def _seen(self, request: HttpRequest, object_id: str) -> Course:
        course: Course = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, course):
            raise PermissionDenied
        return course

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        course = kwargs.get("obj")
        if course is not None:
            may = course.published_at is None and self.has_publish_permission(request)
            last = course.modules.filter(archived_at=None).order_by("position").last()
            context["last_module"] = last.pk if last else ""
            context["open_url"] = address(course, "open") if may and self.owns(request, course) else ""
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Open the selected courses to learners"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: "QuerySet[Course]") -> None:
        def publish_one(course: Course) -> None:
            publishing.publish_course(course=course)
            self.log_change(request, course, str(_("Published.")))

        drafts = self.owned(request, queryset.filter(published_at=None))
        self.run(request, drafts, publish_one)


@admin.register(Module)
class ModuleAdmin(OwnedArchiving):
    organisation_path = "course__organisation"
    published_as = Course
    never_published = Q(course__published_at=None)
    list_display = ["title", "course", "position", "ref", "archived_at"]
    list_filter = [
        ("course", admin.RelatedOnlyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["course"]
    search_fields = ["title", "ref", "course__title"]
    date_hierarchy = "created_at"
    fields = ["course", "ref", "title", "position", "archived_at"]
    readonly_fields = ["course", "ref", "archived_at"]
    inlines = [LessonRows]

    def is_met(self, obj: Module) -> bool:
        return obj.course.published_at is not None
