from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.problems import problem
from quizzes import attempts, feedback, telling
from quizzes.entries import entries
from quizzes.errors import AttemptClosed, AttemptError
from quizzes.grading import NotAnswered
from quizzes.models import AttemptItem, ItemResponse, QuizRevision
from quizzes.noticing import notice_of
from quizzes.pinned import pinned_beside
from quizzes.places import place_of_attempt
from quizzes.types import registry, responses
from quizzes.types.base import Schema
from quizzes.types.registry import Form, QuestionType, ResponseRefused
from quizzes.views.doors import SignedInRequest, signed_in, wants_json


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: SignedInRequest, uuid: UUID, position: int) -> HttpResponse:
    """One question of an attempt: asked, saved, checked, or with its feedback."""
    if request.method == "POST":
        return _answer(request, uuid, position)
    found = _shown(request, uuid, position)
    if found.attempt.is_open and found.attempt.learner_id != request.user.pk:
        raise Http404  # as the attempt itself: a teacher sees what was handed in
    if found.attempt.is_open and found.first_shown_at is None:
        attempts.note_shown(found)
    return render(request, _template(found), _page(request, found))


def _shown(request: SignedInRequest, uuid: UUID, position: int) -> AttemptItem:
    items = AttemptItem.objects.visible_to(request.user).select_related(
        "attempt__quiz_revision__pinned_article",
        "attempt__quiz",
        "attempt__assignment__cohort",
        "revision__article_revision",
        "current_score",
    )
    return get_object_or_404(items, attempt__uuid=uuid, position=position)


def _template(found: AttemptItem) -> str:
    """The type's own page; it extends `quizzes/item.html`."""
    return f"quizzes/types/{found.revision.type}.html"


@dataclass(frozen=True)
class Refused:
    """What was sent and not taken: the form as it was filled in, what of it makes a response, and why not."""

    given: Form
    typed: Schema
    error: AttemptError | ResponseRefused

    @property
    def field(self) -> str:
        """The field that is at fault, "" if it is no one field."""
        return self.error.field if isinstance(self.error, ResponseRefused) else ""


def _page(request: SignedInRequest, found: AttemptItem, refused: Refused | None = None) -> dict[str, Any]:
    """What the page needs; what was `refused` stands in for the stored response: nothing typed is lost."""
    attempt, revision = found.attempt, found.revision
    kind = registry.get(revision.type)
    newest = ItemResponse.objects.filter(item=found).order_by("-sequence").first()
    response = refused.typed if refused else _stored(kind, newest)
    again = attempt.is_open and (refused is not None or "again" in request.GET)
    wait = None if attempt.is_open else telling.waits(attempt, request.user)
    listed = entries(attempt, current=found.position, judged=not attempt.is_open and wait is None)
    urls = [entry.url for entry in listed]
    index = found.position - 1
    return {
        "attempt": attempt,
        "quiz": attempt.quiz,
        "practice": attempt.quiz_revision.feedback == QuizRevision.Feedback.AT_ONCE and attempt.is_open,
        "item": found,
        "revision": revision,
        "prompt": revision.asked,
        "response": response,
        "given": refused.given if refused else None,
        "refused": refused,
        "notice": notice_of(revision, response) if attempt.is_open else "",
        "pinned": pinned_beside(attempt.quiz_revision, revision, attempt) if attempt.is_open else None,
        "order": found.option_order,
        "sequence": newest.sequence + 1 if newest else 1,
        "judged": None
        if again or wait
        else feedback.for_item(attempt=attempt, item=found, reader=request.user),
        "wait": wait,
        "entries": listed,
        "total": len(listed),
        "previous_url": urls[index - 1] if index > 0 else "",
        "next_url": urls[index + 1] if index + 1 < len(urls) else "",
        "is_last": index + 1 == len(urls),
        "place": place_of_attempt(request.user, attempt),
        "item_url": urls[index],
        "again_url": f"{urls[index]}?again",
        "review_url": reverse("quizzes:review", kwargs={"uuid": attempt.uuid}),
        "submit_url": reverse("quizzes:submit", kwargs={"uuid": attempt.uuid}),
        "nav": "lessons",
    }


def _stored(kind: QuestionType, newest: ItemResponse | None) -> Any:
    if newest is None:
        return kind.Response()
    return registry.load(kind.slug, "response", newest.data, newest.schema_version)


def _answer(request: SignedInRequest, uuid: UUID, position: int) -> HttpResponse:
    found = get_object_or_404(
        AttemptItem.objects.for_answering(request.user), attempt__uuid=uuid, position=position
    )
    kind = registry.get(found.revision.type)
    verb = attempts.check_response if request.POST.get("do") == "check" else attempts.save_response
    data: dict[str, Any] = {}
    try:
        data = _data(found, request)
        saved = verb(item=found, sequence=_sequence(request), data=data)
    except (AttemptError, ResponseRefused) as error:
        if wants_json(request):
            return _problem(error)
        if isinstance(error, AttemptClosed):
            messages.error(request, str(error))
            return redirect(found.attempt)
        shown = _shown(request, uuid, position)
        refused = Refused(dict(request.POST.lists()), _typed(shown, data), error)
        page = _page(request, shown, refused)
        if not (page["notice"] and isinstance(error, NotAnswered)):  # then the notice says why
            messages.error(request, str(error))
        return render(request, _template(shown), page, status=409)
    notice = notice_of(found.revision, _stored(kind, saved)) if kind.tells else ""
    if wants_json(request):
        saved_at = saved.saved_at.isoformat()
        told = {"notice": notice} if notice else {}
        return JsonResponse({"state": "saved", "sequence": saved.sequence, "saved_at": saved_at, **told})
    return redirect(_next_url(request, found, told=not notice or bool(request.POST.get("told"))))


def _typed(found: AttemptItem, data: dict[str, Any]) -> Any:
    """As much of what was typed as makes a response: all of it, or all but one field."""
    revision = found.revision
    kind = registry.get(revision.type)
    for left_out in ("", *reversed(data)):
        try:
            kept = {name: value for name, value in data.items() if name != left_out}
            return responses.read_response(kind, revision.asked, kept)
        except ResponseRefused:
            continue
    return kind.Response()


def _data(found: AttemptItem, request: SignedInRequest) -> dict[str, Any]:
    revision = found.revision
    return registry.get(revision.type).from_form(revision.asked, dict(request.POST.lists()))


def _sequence(request: SignedInRequest) -> int:
    """The client's number; one that is no number is refused by the verb as out of range."""
    given = request.POST.get("sequence", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 10 else 0


def _next_url(request: SignedInRequest, found: AttemptItem, *, told: bool) -> str:
    """Where the pressed button leads; past the last question, to looking the answers over.

    Nowhere, once, where there is something to be told about the answer.
    """
    do = request.POST.get("do", "") if told else ""
    position = found.position + {"next": 1, "previous": -1}.get(do, 0)
    if do == "review" or position > found.attempt.items.count():
        return reverse("quizzes:review", kwargs={"uuid": found.attempt.uuid})
    return reverse("quizzes:item", kwargs={"uuid": found.attempt.uuid, "position": max(1, position)})


def _problem(error: AttemptError | ResponseRefused) -> HttpResponse:
    if isinstance(error, ResponseRefused):
        return problem(
            status=422,
            code="response-refused",
            title=_("This answer was not understood"),
            detail=error.message,
            pointer=error.field,
        )
    title = _("This answer was not saved")
    return problem(status=409, code=error.code, title=title, detail=str(error), **error.members)
