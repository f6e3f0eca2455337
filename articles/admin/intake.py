"""“Add article”: paste or upload, see what cleaning leaves and takes out, keep it as a draft."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.base import CaveatAdmin, staff
from accounts.models import Organisation, User
from articles import intake, wording
from articles.models import ArticleRevision
from articles.text.cleaning import Cleaned, Kind, Unfit, clean
from articles.text.decoding import MOST_BYTES, Unreadable, decode
from articles.text.sentences import sentences

_BY_ENDING: dict[str, Kind] = {
    "txt": "text",
    "md": "markdown",
    "markdown": "markdown",
    "html": "html",
    "htm": "html",
}


def languages() -> list[tuple[str, str]]:
    """Codes and names in their own letters, by name."""
    known = ((code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info)
    return sorted(known, key=lambda one: one[1].casefold())


class Source(NamedTuple):
    """A text as it came, how it is written, and a word about its encoding."""

    text: str
    kind: Kind
    encoding: str = ""


class IntakeForm(forms.ModelForm):
    """The article's words, pasted or in a file, and what is known about it."""

    pasted = forms.CharField(
        label=gettext_lazy("Paste the article"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "vLargeTextField"}),
        help_text=gettext_lazy("One paragraph a line. A line that begins with ## is a subhead."),
    )
    upload = forms.FileField(
        label=gettext_lazy("Or take a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".txt,.md,.markdown,.html,.htm,text/*"}),
        help_text=gettext_lazy(
            "Text, Markdown or HTML: .txt, .md or .html. It takes the place of what is pasted."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is pasted is"),
        choices=[
            ("text", gettext_lazy("plain text")),
            ("markdown", gettext_lazy("Markdown")),
            ("html", gettext_lazy("HTML")),
        ],
        initial="text",
    )
    joined = forms.BooleanField(
        label=gettext_lazy("Its lines are wrapped: a paragraph ends at an empty line"), required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=languages)
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("For which organisation"), queryset=Organisation.objects.none()
    )

    class Meta:
        model = ArticleRevision
        fields = ["title", "source", "byline", "dateline", "licence", "content_note", "language"]

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = list(organisations)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in self.organisations])
        self.fields["pasted"].validators = []  # a NUL is taken out and told, as everything else
        if len(self.organisations) == 1:
            del self.fields["organisation"]

    @property
    def texts(self) -> list[Any]:
        return [self[name] for name in ("pasted", "upload", "kind", "joined")]

    @property
    def facts(self) -> list[Any]:
        return [field for field in self if field.name not in {"pasted", "upload", "kind", "joined"}]

    def clean_pasted(self) -> str:
        pasted: str = self.cleaned_data["pasted"]
        return pasted

    def clean_upload(self) -> Source | None:
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        if upload.size > MOST_BYTES:
            raise ValidationError(wording.unreadable(Unreadable("bytes")))
        try:
            decoded = decode(upload.read())
        except Unreadable as error:
            raise ValidationError(wording.unreadable(error)) from error
        kind = _BY_ENDING.get(upload.name.rpartition(".")[2].casefold(), "text")
        return Source(decoded.text, kind, wording.encoding(decoded.encoding, guessed=decoded.guessed))

    def clean(self) -> dict[str, Any]:
        """Adds `source` and `cleaned`, where the text can be read at all."""
        found = super().clean() or {}
        if {"upload", "pasted"} & self.errors.keys():
            return found
        source = found.get("upload") or Source(found.get("pasted", ""), found.get("kind", "text"))
        field = "upload" if found.get("upload") else "pasted"
        if not source.text.strip():
            self.add_error(field, _("Paste the article’s words here, or choose a file with them."))
            return found
        try:
            found["cleaned"] = clean(source.text, source.kind, joined=bool(found.get("joined")))
            found["source_read"] = source
        except Unfit as error:
            self.add_error(field, wording.unfit(error))
        return found

    @property
    def chosen_organisation(self) -> Organisation:
        chosen: Organisation = self.cleaned_data.get("organisation") or self.organisations[0]
        return chosen


class ArticleIntake(CaveatAdmin):
    """Gives the page of articles its “Add”."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_add_content(self, request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        organisations = organisations_of(staff(request))
        if request.method != "POST":
            form = IntakeForm(organisations=organisations, initial=_usual(organisations))
            return self._intake_page(request, form)
        form = IntakeForm(request.POST, request.FILES, organisations=organisations)
        valid = form.is_valid()
        cleaned: Cleaned | None = form.cleaned_data.get("cleaned")
        if cleaned is None:
            return self._intake_page(request, form)
        if valid and "_keep" in request.POST and not cleaned.removed:
            return self._keep(request, form, cleaned)
        # What was pasted or uploaded is in the box from here on as it was left by cleaning.
        again = IntakeForm(_with_text(request.POST, cleaned.marked), organisations=organisations)
        return self._intake_page(request, again, cleaned, form.cleaned_data["source_read"].encoding)

    def _keep(self, request: HttpRequest, form: IntakeForm, cleaned: Cleaned) -> HttpResponse:
        fields = {name: form.cleaned_data[name] for name in IntakeForm.Meta.fields}
        revision = intake.take_in(
            organisation=form.chosen_organisation, by=staff(request), fields=fields, cleaned=cleaned
        )
        self.log_addition(request, revision.article, str(_("Taken in.")))
        self.message_user(request, _("“%s” is kept as a draft. Look at its sentences next.") % revision.title)
        return HttpResponseRedirect(reverse("admin:articles_articlerevision_change", args=[revision.pk]))

    def _intake_page(
        self, request: HttpRequest, form: IntakeForm, cleaned: Cleaned | None = None, encoding: str = ""
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add an article"),
            "form": form,
            "encoding": encoding,
            "cleaned": cleaned,
        }
        if cleaned:
            context["blocks"] = list(zip(cleaned.blocks, cleaned.lines, strict=True))
            context["removed"] = [
                (wording.removed(what), what.times, what.sample) for what in cleaned.removed
            ]
            context["counts"] = _counts(cleaned)
        return TemplateResponse(request, "articles/admin/intake.html", context)


def may_add_content(page: CaveatAdmin, request: HttpRequest) -> bool:
    """Whether they have the permission, and work somewhere (a superuser everywhere)."""
    user = staff(request)
    permitted = user.has_perm(f"{page.opts.app_label}.add_{page.opts.model_name}")
    return permitted and (user.is_superuser or bool(user.employers))


def organisations_of(user: User) -> list[Organisation]:
    """Where they may add content; all, for a superuser, and the site's own first."""
    if user.is_superuser:
        shared = Organisation.objects.shared()
        return [shared, *Organisation.objects.exclude(pk=shared.pk)]
    return list(Organisation.objects.of(user))


def _usual(organisations: list[Organisation]) -> dict[str, Any]:
    """The first organisation, and its language."""
    if not organisations:
        return {"language": settings.LANGUAGE_CODE}
    spoken = organisations[0].language
    known = spoken in dict(languages())
    return {"organisation": organisations[0].pk, "language": spoken if known else settings.LANGUAGE_CODE}


def _with_text(data: QueryDict, text: str) -> QueryDict:
    changed = data.copy()
    changed["pasted"], changed["kind"] = text, "text"
    changed.pop("joined", None)
    return changed


def _counts(cleaned: Cleaned) -> str:
    lines, found = len(cleaned.lines), len(sentences(cleaned.text))
    paragraphs = ngettext("%(count)d paragraph", "%(count)d paragraphs", lines) % {"count": lines}
    said = ngettext("%(count)d sentence", "%(count)d sentences", found) % {"count": found}
    return f"{paragraphs}, {said}"
