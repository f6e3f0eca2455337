"""The editor of annotations: one page on a text, and the doors through which it saves, row by row.

The same page serves the author of a key and a blind second keyer, who meets no row but their own.
Each door answers JSON to the page's script, and leads a plain form back to the page.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.admin import scope, see_also
from accounts.admin.base import staff
from accounts.admin.numbers import whole_number
from accounts.models import Organisation
from articles import annotating
from articles.admin import editor_state
from articles.admin.editor_forms import EntryForm
from articles.admin.editor_state import Layer
from articles.errors import AnnotatingError, ChangedMeanwhile, KeyChanged, LayerClosed, NotPlaced, TextChanged
from articles.models import Annotation, AnnotationSet, ArticleRevision, Skill
from articles.states import state_of

Purpose = AnnotationSet.Purpose
LOGGED_EVERY = timedelta(minutes=10)


def editor_links(request: HttpRequest, revision: ArticleRevision) -> list[see_also.Link]:
    """From a revision's page to its key, and to one's own blind layer."""
    owned = Organisation.objects.of(staff(request)).filter(pk=revision.article.organisation_id)
    if not staff(request).has_perm("articles.change_annotation") or not (
        staff(request).is_superuser or owned.exists()
    ):
        return []
    return [
        see_also.Link(_("Annotate"), reverse("admin:articles_annotation_editor", args=[revision.pk])),
        see_also.Link(
            _("Key it blind"), reverse("admin:articles_annotation_editor_blind", args=[revision.pk])
        ),
    ]


class Editor:
    """The editor's addresses for one purpose; `page` is the admin of annotations."""

    def __init__(self, page: Any, purpose: str) -> None:
        self.page = page
        self.purpose = purpose

    def urls(self) -> list[URLPattern]:
        doors: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("", "editor", self.show),
            ("add/", "annotate", self.add),
            ("change/", "mend", self.change),
            ("remove/", "take_off", self.remove),
        ]
        if self.purpose == Purpose.KEY:
            doors += [("sign/", "sign", self.sign), ("count/", "count", self.count)]
        else:
            doors += [("close/", "close", self.close)]
        suffix = "" if self.purpose == Purpose.KEY else "_blind"
        wrap = self.page.admin_site.admin_view
        return [
            path(f"editor/{self.purpose}/<id>/{end}", wrap(door), name=f"articles_annotation_{name}{suffix}")
            for end, name, door in doors
        ]

    def address(self, name: str, revision: ArticleRevision) -> str:
        suffix = "" if self.purpose == Purpose.KEY else "_blind"
        return reverse(f"admin:articles_annotation_{name}{suffix}", args=[revision.pk])

    # What is asked for -----------------------------------------------------------------------

    def layer(self, request: HttpRequest, id: str) -> Layer:
        """The layer of a revision that this member of staff may annotate; 404 for what they do not own."""
        if not staff(request).has_perm("articles.change_annotation"):
            raise PermissionDenied
        revisions = scope.rows(ArticleRevision, staff(request)).select_related("article__organisation")
        revision = revisions.filter(pk=whole_number(id) or 0).first()
        if revision is None or not self.page.owns_revision(request, revision):
            raise Http404
        by = request.POST.get("by") or request.GET.get("by")
        by = editor_state.SENTENCES if by == editor_state.SENTENCES else editor_state.WORDS
        return editor_state.layer_of(revision, self.purpose, staff(request), by)

    def row(self, request: HttpRequest, layer: Layer) -> Annotation:
        """The annotation of the layer that the form names; one that is gone is a change meanwhile."""
        sent = request.POST.get("row", "")
        found = [row for row in layer.annotations if str(row.pk) == sent]
        if not found or layer.row is None:
            raise ChangedMeanwhile(None)
        found[0].set = layer.row
        return found[0]

    # The page --------------------------------------------------------------------------------

    def show(
        self, request: HttpRequest, id: str, form: EntryForm | None = None, status: int = 200
    ) -> HttpResponse:
        layer = self.layer(request, id)
        if editor_state.hides(layer, staff(request)):
            self.page.message_user(request, editor_state.keying_blind(), messages.ERROR)
            blind = reverse("admin:articles_annotation_editor_blind", args=[layer.revision.pk])
            return HttpResponseRedirect(blind)
        editing = next((row for row in layer.annotations if str(row.pk) == request.GET.get("edit")), None)
        if form is None:
            initial = editor_state.row_state(editing, layer.units) if editing else None
            initial = self._initial(initial) | {"text": state_of(layer.revision)}
            form = EntryForm(blind=layer.blind, initial=initial)
        context = {
            **self.page.admin_site.each_context(request),
            "title": _("Second key: %s") % layer.revision.title if layer.blind else layer.revision.title,
            "opts": self.page.opts,
            "layer": layer,
            "revision": layer.revision,
            "passage": editor_state.passage_html(layer),
            "state": layer.state(),
            "advice": layer.advice(),
            "skills": Skill.objects.all(),
            "kinds": Annotation.Kind.choices,
            "form": form,
            "editing": editing,
            "others": editor_state.second_keys(layer) if not layer.blind else [],
            "behind": self._countable(layer),
            "doors": {name: self.address(name, layer.revision) for name in self._doors()},
            "wrote_key": layer.blind
            and layer.row is None
            and annotating.wrote_key(revision=layer.revision, user=staff(request)),
        }
        return TemplateResponse(request, "admin/articles/annotation/editor.html", context, status=status)

    def _doors(self) -> list[str]:
        own = ["sign", "count"] if self.purpose == Purpose.KEY else ["close"]
        return ["editor", "annotate", "mend", "take_off", *own]

    @staticmethod
    def _initial(row: dict[str, Any] | None) -> dict[str, Any]:
        kept = ("skill", "kind", "rationale", "instead", "minority", "readings", "party", "fact_checked_on")
        if row is None:
            return {"skill": "loaded-language", "kind": "required", "readings": 1}
        return {name: row[name] for name in kept} | {"seen": row["version"]}

    @staticmethod
    def _countable(layer: Layer) -> list[Annotation]:
        """Annotations behind which more readings stand than are counted."""
        if layer.blind or not layer.is_open:
            return []
        behind = editor_state.readings_behind(layer)
        return [row for row in layer.annotations if behind.get(row.pk, 0) > row.readings]

    # The doors -------------------------------------------------------------------------------

    def add(self, request: HttpRequest, id: str) -> HttpResponse:
        def write(layer: Layer, form: EntryForm) -> Annotation:
            sent, user = form.cleaned_data, staff(request)
            span = form.place()
            if span is None:
                raise NotPlaced(_("Write the words that you mean."), "quote")
            with transaction.atomic():  # what is refused leaves no empty layer
                opened = annotating.open_layer(revision=layer.revision, purpose=self.purpose, by=user)
                return annotating.add(
                    layer=opened,
                    skill=sent["skill"],
                    kind=sent["kind"],
                    span=span,
                    by=user,
                    ref=self._ref(request),
                    **form.words(),
                )

        return self._save(request, id, write)

    def change(self, request: HttpRequest, id: str) -> HttpResponse:
        def write(layer: Layer, form: EntryForm) -> Annotation:
            sent, row = form.cleaned_data, self.row(request, layer)
            return annotating.change(
                annotation=row,
                seen=sent["seen"] or 0,
                by=staff(request),
                skill=sent["skill"],
                kind=sent["kind"],
                span=form.place(),
                **form.words(),
            )

        return self._save(request, id, write)

    def remove(self, request: HttpRequest, id: str) -> HttpResponse:
        def write(layer: Layer) -> None:
            seen = request.POST.get("seen", "")
            try:
                row = self.row(request, layer)
            except ChangedMeanwhile:
                return  # it is gone already, which is what was asked for
            annotating.remove(annotation=row, seen=whole_number(seen) or 0)

        return self._do(request, id, write)

    def close(self, request: HttpRequest, id: str) -> HttpResponse:
        def write(layer: Layer) -> None:
            user = staff(request)
            annotating.close_layer(
                layer=annotating.open_layer(revision=layer.revision, purpose=self.purpose, by=user)
            )

        return self._do(request, id, write)

    def sign(self, request: HttpRequest, id: str) -> HttpResponse:
        def write(layer: Layer) -> None:
            if not all(request.POST.get(f"swap-{number}") for number in (1, 2, 3)):
                raise AnnotatingError(_("Tick the three steps first: each is to be done."), "swap")
            user = staff(request)
            opened = annotating.open_layer(revision=layer.revision, purpose=self.purpose, by=user)
            annotating.sign_swap_test(layer=opened, by=user, seen=request.POST.get("seen", ""))

        return self._do(request, id, write)

    def count(self, request: HttpRequest, id: str) -> HttpResponse:
        def write(layer: Layer) -> None:
            row = self.row(request, layer)
            if row not in self._countable(layer):
                raise AnnotatingError(_("Every reading of these words is counted already."))
            annotating.count_reading(annotation=row, seen=row.version, by=staff(request))

        return self._do(request, id, write)

    # What every door does --------------------------------------------------------------------

    def _save(
        self, request: HttpRequest, id: str, write: Callable[[Layer, EntryForm], Annotation]
    ) -> HttpResponse:
        """Check the form, write the row, and answer."""
        form = EntryForm(request.POST, blind=self.purpose == Purpose.BLIND)

        def save(layer: Layer) -> Annotation | None:
            if form.is_valid():
                try:
                    return write(layer, form)
                except (ChangedMeanwhile, LayerClosed, TextChanged):
                    raise
                except AnnotatingError as refused:
                    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return None

        return self._do(request, id, save, form)

    def _do(
        self,
        request: HttpRequest,
        id: str,
        write: Callable[[Layer], Annotation | None],
        form: EntryForm | None = None,
    ) -> HttpResponse:
        layer = self.layer(request, id)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:articles_annotation_changelist"))
        if editor_state.hides(layer, staff(request)):
            raise PermissionDenied
        script = request.headers.get("Accept", "").startswith("application/json")
        try:
            row = write(layer)
        except AnnotatingError as refused:
            return self._refused(request, layer, refused, form, script)
        if form is not None and form.errors:
            if script:
                return JsonResponse({"errors": form.errors}, status=422)
            return self._again(request, layer, form)
        self._log(request, layer)
        if script:
            return self._saved(request, layer, row)
        self.page.message_user(request, _("Saved."))
        return HttpResponseRedirect(self.address("editor", layer.revision))

    def _saved(self, request: HttpRequest, layer: Layer, row: Annotation | None) -> HttpResponse:
        now = editor_state.layer_of(layer.revision, self.purpose, staff(request), layer.by)
        return JsonResponse({**now.state(), "row": row.pk if row else None})

    def _refused(
        self,
        request: HttpRequest,
        layer: Layer,
        refused: AnnotatingError,
        form: EntryForm | None,
        script: bool,
    ) -> HttpResponse:
        if not script:
            if form is not None:
                form.add_error(None, str(refused))
                return self._again(request, layer, form)
            self.page.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(self.address("editor", layer.revision))
        answer: dict[str, Any] = {"detail": str(refused), "field": refused.field}
        if isinstance(refused, KeyChanged):  # shown at once, to be signed or not
            now = editor_state.layer_of(layer.revision, self.purpose, staff(request), layer.by)
            return JsonResponse({**answer, **now.state()}, status=409)
        if isinstance(refused, TextChanged):
            # The state alone, as the database has it: the layer was read before the lock.
            layer.revision.refresh_from_db(fields=["sha256", "sentences"])
            return JsonResponse({**answer, "text": layer.text}, status=409)
        if not isinstance(refused, ChangedMeanwhile):
            closed = isinstance(refused, LayerClosed)
            return JsonResponse({**answer, "closed": closed}, status=409 if closed else 422)
        answer["text"] = layer.text
        current = refused.current
        answer["current"] = editor_state.row_state(current, layer.units) if current else None
        return JsonResponse(answer, status=409)

    def _again(self, request: HttpRequest, layer: Layer, form: EntryForm) -> HttpResponse:
        """The page once more, with what was typed and what is wrong with it; it shows the text as it is now."""
        data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, from a request
        data["text"] = state_of(layer.revision)
        form.data = data
        return self.show(request, str(layer.revision.pk), form, status=422)

    @staticmethod
    def _ref(request: HttpRequest) -> str:
        """The name that an annotation had before it was removed: undoing gives it back."""
        ref = request.POST.get("ref", "")
        return ref if len(ref) <= 64 and ref == annotating.plain_ref(ref) else ""

    def _log(self, request: HttpRequest, layer: Layer) -> None:
        """One entry for ten minutes' work, not one for every keystroke."""
        user = staff(request)
        row = AnnotationSet.objects.filter(
            revision=layer.revision,
            purpose=self.purpose,
            **({"keyer": user} if layer.blind else {}),
        ).first()
        if row is None:
            return
        recent = LogEntry.objects.filter(
            user=user,
            content_type=ContentType.objects.get_for_model(AnnotationSet),
            object_id=str(row.pk),
            action_flag=CHANGE,
            action_time__gte=timezone.now() - LOGGED_EVERY,
        )
        if not recent.exists():
            self.page.log_change(request, row, str(_("Annotations changed in the editor.")))
