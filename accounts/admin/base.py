"""What every page of the admin has in common: whose rows, what is read-only, how to archive."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import scope, see_also
from accounts.admin.choosing import SteadyAutocomplete
from accounts.models import User

#: Where a request keeps why its form comes back.
_WHY = "_why_returned"


class PlainJSON(forms.JSONField):
    """JSON that can be shown again whatever was typed: half a character stays the escape that it was."""

    def prepare_value(self, value: Any) -> Any:
        shown = super().prepare_value(value)
        return shown.encode(errors="backslashreplace").decode() if isinstance(shown, str) else shown


class NamedDateTime(AdminSplitDateTime):
    """Django's two fields for a moment; it leaves them without a label."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for part, name in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            part.attrs["aria-label"] = name


class Scoped(BaseModelAdmin):
    """Shows, and offers for choosing, only the rows that this member of staff looks after."""

    formfield_overrides = {
        models.JSONField: {"form_class": PlainJSON},
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": NamedDateTime},
    }

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        found = super().get_queryset(request)
        user = staff(request)
        if user.is_superuser:
            return found
        seen = scope.rows(self.model, user).order_by()
        return found.filter(pk__in=seen.values("pk"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Autocomplete that whatever is sent leaves standing."""
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = SteadyAutocomplete(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> "QuerySet[Any] | None":
        """What a form accepts for a foreign key, so that a guessed number is no choice."""
        choices = super().get_field_queryset(db, db_field, request)
        if staff(request).is_superuser:
            return choices
        if choices is None:
            choices = db_field.remote_field.model._default_manager.all()
        seen = scope.rows(db_field.remote_field.model, staff(request)).order_by()
        return choices.filter(pk__in=seen.values("pk"))


class Returned(forms.ModelForm):
    """A form that is not saved, but shown again with all that was typed, and with `why` above it."""

    why: Any = ""

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, self.why)
        return cleaned


class CaveatAdmin(Scoped, admin.ModelAdmin):
    """The parent of all our pages. Nothing is deleted here, unless a page says otherwise."""

    #: What a verb or the database's guard may raise at the last moment; shown as a message.
    refusals: tuple[type[Exception], ...] = ()
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, if they see it. Raises Http404 for every other, whether it exists or not.

        Who may see no row of this table gets PermissionDenied, which says nothing of the row either.
        """
        try:
            found = super().get_object(request, object_id, from_field or None)
        except OverflowError:  # a number that SQLite has no room for
            found = None
        if found is not None:
            return found
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        raise Http404

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """As typed; no text holds a NUL. Letters are compared in any case: on SQLite, `accounts.sqlite` does it."""
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term.replace("\0", "")
        )
        return found

    def choosable(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Of the rows that a search found those that are offered where one is to be chosen."""
        return rows

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except self.refusals as refused:  # published, say, between the check and the save
            why = str(refused)
        except IntegrityError:
            why = str(_("Nothing was saved: it would contradict another row, perhaps one made just now."))
        try:
            hand_back(request, why)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:  # not even the form is theirs any more
            self.message_user(request, why, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Where a verb refused what the form would save, one that comes back with all that was typed."""
        why = getattr(request, _WHY, "")
        if why:
            base = kwargs.get("form") or self.form
            kwargs["form"] = type(base.__name__, (Returned, base), {"why": why})
        return super().get_form(request, obj, change=change, **kwargs)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any | None = None,
    ) -> HttpResponse:
        context["see_also"] = see_also.links(request, obj) if obj is not None else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def run(
        self,
        request: HttpRequest,
        rows: Iterable[Any],
        verb: Callable[[Any], object],
        done: Callable[[int], str] | None = None,
    ) -> None:
        """Call a verb for each row; say what it refused, and in `done` how many it did."""
        count = 0
        for row in rows:
            try:
                verb(row)
            except self.refusals as refused:
                self.message_user(request, f"{row}: {refused}", messages.ERROR)
            else:
                count += 1
        self.message_user(request, (done or changed_words)(count))


class ReadOnlyAdmin(CaveatAdmin):
    """Rows that a verb alone writes, or that nothing changes: to be looked at."""

    view_on_site = False  # what is a learner's own page is nobody else's

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Part(Scoped, admin.TabularInline):
    """Rows on the page of the row that they belong to; as open to changes as that one is."""

    extra = 0
    show_change_link = True

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """In a table a field has no label of its own, only the head of its column."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and not isinstance(self, admin.StackedInline):
            field.widget.attrs.setdefault("aria-label", capfirst(str(field.label or db_field.verbose_name)))
        return field

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The box that takes a row out stands under the head of its column, too."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        if self.template == admin.TabularInline.template:
            formset.deletion_widget = forms.CheckboxInput(attrs={"aria-label": _("Delete")})
        return formset

    def parent_open(self, request: HttpRequest, obj: Any) -> bool:
        parent = self.admin_site.get_model_admin(self.parent_model)
        return obj is not None and parent.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_open(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_open(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_open(request, obj) and super().has_delete_permission(request, obj)


class ReadOnlyPart(Part):
    """Rows shown on another row's page, each with a link to its own."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Archiving(CaveatAdmin):
    """Adds the two actions that stand for deleting: archive, and take back out of the archive."""

    actions = ["archive", "restore"]

    def choosable(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Nothing new begins with what is archived."""
        return super().choosable(rows).filter(archived_at=None)

    def has_archive_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    def may_archive(self, request: HttpRequest, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Of the selected rows those that this member of staff may archive."""
        return rows

    @admin.action(description=_("Archive the selected rows"), permissions=["archive"])
    def archive(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        self._set_archived(request, queryset.filter(archived_at=None), archived=True)

    @admin.action(description=_("Take the selected rows out of the archive"), permissions=["archive"])
    def restore(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        self._set_archived(request, queryset.exclude(archived_at=None), archived=False)

    @transaction.atomic
    def _set_archived(self, request: HttpRequest, rows: "QuerySet[Any]", *, archived: bool) -> None:
        asked = [row.pk for row in self.may_archive(request, rows)]
        ours = self.model._default_manager.filter(pk__in=asked)
        changed = list(ours.select_for_update(of=("self",)).order_by("pk"))
        now = timezone.now()  # under the lock: no mark that a program took before is later
        ours.update(archived_at=now if archived else None, updated_at=now)
        for row in changed:
            self.log_change(request, row, str(_("Archived.") if archived else _("Taken out of the archive.")))
        self.message_user(request, changed_words(len(changed)))


def hand_back(request: HttpRequest, why: str) -> None:
    """Let the form that was sent come back with all that was typed, unsaved, and `why` above it."""
    setattr(request, _WHY, why)


def staff(request: HttpRequest) -> User:
    """Who is asking. The admin lets nobody in who has not signed in."""
    user = request.user
    return user if isinstance(user, User) else User()


def has_model_permission(page: admin.ModelAdmin, request: HttpRequest, what: str) -> bool:
    """Whether they have the permission itself ("change", "add"), though the page's form is read-only."""
    return staff(request).has_perm(f"{page.opts.app_label}.{what}_{page.opts.model_name}")


def changed_words(count: int) -> str:
    return ngettext("%(count)d row was changed.", "%(count)d rows were changed.", count) % {"count": count}
