"""The page on which a question is written in the admin: shown, changed row by row, tried, saved."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import staff
from articles.admin import copies
from articles.models import ArticleRevision, Frozen
from articles.publishing import PublishingError
from articles.text.passages import NoSuchPlace
from quizzes import authoring, drafting
from quizzes.admin import offers
from quizzes.admin.desk import Desk, seen_at
from quizzes.admin.fields import Values
from quizzes.admin.forms import Errors, all_forms
from quizzes.admin.sources import quoting
from quizzes.admin.trying import tried
from quizzes.authoring import ChangedMeanwhile, Content
from quizzes.models import QuestionRevision

if TYPE_CHECKING:
    from quizzes.admin.questions import QuestionRevisionAdmin


_EDITED = gettext_lazy(
    "The article was edited after this page was opened, so these numbers mean other paragraphs now. The passage is"
    " shown as it is today: choose your paragraphs again if they are others, look at the places, and go on."
)


class NoFields(forms.ModelForm):
    """What the admin's template asks for where the fields are ours."""

    class Meta:
        model = QuestionRevision
        fields: tuple[str, ...] = ()


def choose_type(page: "QuestionRevisionAdmin", request: HttpRequest) -> HttpResponse:
    """The types that can be written here, each with what it asks and a small example."""
    context = {"forms": all_forms(), "title": _("What kind of question?")}
    return _render(page, request, context, None)


def offer(page: "QuestionRevisionAdmin", request: HttpRequest, revision: ArticleRevision) -> HttpResponse:
    """The article's paragraphs with what is annotated in them, and what can be made of those chosen."""
    annotations = drafting.key_of(revision)
    stretch, chosen = offers.asked(request, revision)
    skills = list({one.skill.slug: one.skill for one in annotations}.values())
    made, refused = [], ""
    if chosen:
        try:
            made = offers.offers(revision, stretch, chosen)
        except NoSuchPlace as error:
            refused = _("The article %s") % error
    context = {
        **page.admin_site.each_context(request),
        "title": _("Questions from the annotations"),
        "opts": page.opts,
        "revision": revision,
        "paragraphs": offers.paragraphs(revision, annotations),
        "skills": [(one, one.slug in chosen or len(skills) == 1) for one in skills],
        "stretch": stretch,
        "asked": bool(chosen),
        "offers": made,
        "refused": refused,
    }
    return TemplateResponse(request, "quizzes/admin/from_annotations.html", context)


def write(
    page: "QuestionRevisionAdmin", request: HttpRequest, desk: Desk, began: Values | None = None
) -> HttpResponse:
    """Show the page, or take in what it sent. `began` is what a new question begins with."""
    if request.method != "POST":
        values = began or desk.stored_values()
        return _show(page, request, desk, values)
    values = desk.posted(request.POST)
    if desk.form.edited_since(values):
        errors = Errors()
        errors.add("first", _EDITED)
        return _show(page, request, desk, values, errors)
    if "do" in request.POST:
        said = tried(desk, request.POST, values)
        focus = "" if said else desk.act(request.POST, values)
        return _show(page, request, desk, values, focus=focus, tried=said)
    values, written = desk.judge(values)
    if not written.is_whole:
        return _show(page, request, desk, values, written.errors)
    return _save(page, request, desk, values, desk.content(values, written))


def _save(
    page: "QuestionRevisionAdmin", request: HttpRequest, desk: Desk, values: Values, content: Content
) -> HttpResponse:
    errors = Errors()
    try:
        draft = _written(page, request, desk, values, content)
    except ChangedMeanwhile as changed:
        return _show(page, request, desk, values, conflict=_who_saved(desk.stored, changed))
    except (Frozen, PublishingError) as refused:
        errors.add("", str(refused))
        return _show(page, request, desk, values, errors)
    if draft is None:
        errors.add("", _("You work for no organisation yet, so there is nowhere to keep a question."))
        return _show(page, request, desk, values, errors)
    if "_publish" in request.POST and page.has_publish_permission(request):
        _publish(page, request, draft)
    else:
        page.message_user(request, _("Saved as a draft."), messages.SUCCESS)
    copies.note_saved(request, _copy_name(desk))
    return HttpResponseRedirect(_address(draft))


def _written(
    page: "QuestionRevisionAdmin", request: HttpRequest, desk: Desk, values: Values, content: Content
) -> QuestionRevision | None:
    if desk.stored is not None:
        # Over what the author was shown, and over nothing that came after it.
        seen = seen_at(request.POST, "theirs" if "_overwrite" in request.POST else "seen")
        draft = authoring.rewrite_draft(revision=desk.stored, content=content, seen=seen)
        page.log_change(request, draft, str(_("Rewritten.")))
        return draft
    organisation = desk.organisation(values)
    if organisation is None:
        return None
    draft = authoring.add_question(
        organisation=organisation, type=desk.form.type, content=content, by=staff(request)
    )
    page.log_addition(request, draft, str(_("Written.")))
    return draft


def _publish(page: "QuestionRevisionAdmin", request: HttpRequest, draft: QuestionRevision) -> None:
    try:
        type(page).publish_verb(revision=draft, by=staff(request))
    except PublishingError as refused:
        page.message_user(request, _("Saved, but not published. %s") % refused, messages.ERROR)
        return
    page.log_change(request, draft, str(_("Published.")))
    page.message_user(request, _("Saved and published."), messages.SUCCESS)


def _who_saved(stored: QuestionRevision | None, changed: ChangedMeanwhile) -> dict[str, Any]:
    """Who saved the draft last, as the admin's log has it, and when."""
    kind = ContentType.objects.get_for_model(QuestionRevision)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(stored.pk if stored else ""))
    # A draft that followed its article was saved by nobody: then the log is older.
    last = entries.filter(action_time__gte=changed.at).select_related("user").order_by("-action_time", "-pk")
    found = last.first()
    return {"by": found.user if found else None, "at": changed.at}


def _address(draft: QuestionRevision) -> str:
    return reverse("admin:quizzes_questionrevision_change", args=[draft.pk])


def _preview_address(desk: Desk) -> str:
    if desk.stored is not None:
        return reverse("admin:quizzes_questionrevision_preview", args=[desk.stored.pk])
    return f"{reverse('admin:quizzes_questionrevision_preview_new')}?type={desk.form.type}"


def _copy_name(desk: Desk) -> str:
    """Under what name the browser keeps copies of what is not saved yet."""
    return f"question-{desk.stored.pk if desk.stored else desk.form.type}"


def _show(
    page: "QuestionRevisionAdmin",
    request: HttpRequest,
    desk: Desk,
    values: Values,
    errors: Errors | None = None,
    **extra: Any,
) -> HttpResponse:
    stored = desk.stored
    context = {
        "sheet": desk.lay(values, errors),
        "errors": bool(errors),
        "title": stored.title if stored and stored.title else desk.form.label,
        "type_label": desk.form.label,
        "preview_url": _preview_address(desk),
        "seen": request.POST.get("seen") or (stored.updated_at.isoformat() if stored else ""),
        "copy": copies.copy_of(request, _copy_name(desk)),
        "can_publish": page.has_publish_permission(request),
        "form_url": request.get_full_path() if stored is None else "",
        **extra,
    }
    return _render(page, request, context, stored)


def _render(
    page: "QuestionRevisionAdmin", request: HttpRequest, context: dict[str, Any], stored: Any
) -> HttpResponse:
    """Our part of the admin's own page."""
    context = {
        **page.admin_site.each_context(request),
        "original": stored,
        "object_id": str(stored.pk) if stored else None,
        "adminform": AdminForm(NoFields(), [], {}),
        "inline_admin_formsets": [],
        "media": page.media + quoting().media,
        "is_popup": False,
        "to_field": None,
        "preserved_filters": page.get_preserved_filters(request),
        **context,
    }
    return page.render_change_form(
        request,
        context,
        add=stored is None,
        change=stored is not None,
        obj=stored,
        form_url=context.get("form_url", ""),
    )
