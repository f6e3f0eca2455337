"""The pages on which a teacher reads answers and grades them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Cohort, User
from accounts.naming import names_in
from accounts.problems import problem
from quizzes import grading_queue, marking, rubrics
from quizzes.marking import HeldByOther, MarkingError, StaleDraft
from quizzes.models import AttemptItem, GradingDraft, Question, SavedComment
from quizzes.types import registry
from quizzes.types.rewrite import Criterion
from quizzes.views.doors import SignedInRequest, signed_in, wants_json

#: In the session: whether names are shown before an answer is graded.
NAMES = "grading_names"


@dataclass(frozen=True)
class Answer:
    """One answer of a question's list: `state` is '', 'begun', 'done' or 'released'; `name` '' while hidden."""

    number: int
    item: AttemptItem
    url: str
    state: str
    name: str
    held_by: User | None


@signed_in
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits for a person, question by question. For whoever teaches a class."""
    if not Cohort.objects.taught_by(request.user).exists():
        raise Http404
    rows = grading_queue.queue(request.user)
    waiting = sum(row.waiting for row in rows)
    context = {
        "rows": rows,
        "waiting": waiting,
        "minutes": grading_queue.minutes(waiting),
        "nav": "classes",
    }
    return render(request, "quizzes/teach/grading.html", context)


@signed_in
@require_safe
def question(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """All answers to one question: how far they are, and their release."""
    found = _question(request, uuid)
    listed = _answers(request, found)
    ready = grading_queue.items_to_grade(request.user, led=True).filter(grading_queue.DONE, question=found)
    context = {
        "question": found,
        "title": listed[0].item.revision.title,
        "answers": listed,
        "waiting": sum(one.state in {"", "begun"} for one in listed),
        "done": sum(one.state == "done" for one in listed),
        "may_release": (may_release := ready.count()),
        "all_kept": may_release == ready.filter(grading_queue.KEPT).count(),
        "kept_back": list(grading_queue.kept_back(request.user, found)),
        "names": request.session.get(NAMES, False),
        "nav": "classes",
    }
    return render(request, "quizzes/teach/grading_question.html", context)


@signed_in
@require_POST
def next_answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Open the next answer that nobody has open."""
    return _to_next(request, _question(request, uuid))


@signed_in
@require_POST
def names(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show or hide names before an answer is graded, in this session."""
    found = _question(request, uuid)
    request.session[NAMES] = request.POST.get("show") == "1"
    return redirect("quizzes:grading-question", uuid=found.uuid)


@signed_in
@require_POST
def release(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give out the marks that are done."""
    found = _question(request, uuid)
    if not grading_queue.gradeable(request.user, led=True).filter(question=found).exists():
        raise Http404  # an assistant reads and grades
    ready = grading_queue.items_to_grade(request.user, led=True).filter(grading_queue.DONE, question=found)
    kept = ready.filter(grading_queue.KEPT).count()
    shown = max(0, marking.release(by=request.user, question=found) - kept)
    if shown or not kept:
        words = ngettext("%(count)s mark is released.", "%(count)s marks are released.", shown)
        messages.success(request, words % {"count": shown})
    if kept:
        words = ngettext(
            "%(count)s mark is recorded, and kept until you release its assignment.",
            "%(count)s marks are recorded, and kept until you release their assignment.",
            kept,
        )
        messages.success(request, words % {"count": kept})
    return redirect("quizzes:grading-question", uuid=found.uuid)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, uuid: UUID, attempt: UUID) -> HttpResponse:
    """One answer beside its original, with the rubric."""
    found = _question(request, uuid)
    listed = _answers(request, found)
    here = next((one for one in listed if one.item.attempt.uuid == attempt), None)
    if here is None:
        raise Http404
    if request.method == "POST":
        return _grade(request, found, listed, here)
    return render(request, "quizzes/teach/grading_answer.html", _page(request, found, listed, here))


def _question(request: SignedInRequest, uuid: UUID) -> Question:
    return get_object_or_404(grading_queue.gradeable_question(request.user, uuid))


def _answers(request: SignedInRequest, found: Question) -> list[Answer]:
    rows = list(grading_queue.answers(request.user, found))
    shown = request.session.get(NAMES, False)
    called = _names(item.attempt.cohort for item in rows)
    return [
        Answer(
            number=number,
            item=item,
            url=reverse("quizzes:grading-answer", kwargs={"uuid": found.uuid, "attempt": item.attempt.uuid}),
            state=(state := _state(item)),
            name=called.get(item.attempt.learner_id, "") if shown or state in {"done", "released"} else "",
            held_by=_holder(item, request.user),
        )
        for number, item in enumerate(rows, start=1)
    ]


def _names(cohorts: Iterable[Cohort | None]) -> dict[int, str]:
    """What the learners of these classes are called. A query a class."""
    return {learner: name for cohort in set(cohorts) if cohort for learner, name in names_in(cohort).items()}


def _state(item: AttemptItem) -> str:
    draft: GradingDraft | None = getattr(item, "grading_draft", None)
    if draft is None or not (draft.done or draft.levels or draft.comment):
        return ""
    if draft.released_at is not None:
        return "released"
    return "done" if draft.done else "begun"


def _holder(item: AttemptItem, user: User) -> User | None:
    draft: GradingDraft | None = getattr(item, "grading_draft", None)
    return draft.holder if draft is not None and marking.is_held(draft, user) else None


@dataclass(frozen=True)
class Typed:
    """What a form holds: the levels chosen, the comment, and the edition of the draft that it was made on."""

    levels: dict[str, int]
    comment: str
    edition: int

    @classmethod
    def of(cls, draft: GradingDraft | None) -> "Typed":
        return cls(draft.levels, draft.comment, draft.edition) if draft else cls({}, "", 0)


def _typed(request: SignedInRequest, criteria: tuple[Criterion, ...]) -> Typed:
    given = {one.ref: request.POST.get(f"level-{one.ref}", "") for one in criteria}
    return Typed(
        {
            ref: int(level)
            for ref, level in given.items()
            if level.isascii() and level.isdigit() and len(level) < 3
        },
        request.POST.get("comment", ""),
        _number(request.POST.get("edition", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _grade(request: SignedInRequest, found: Question, listed: list[Answer], here: Answer) -> HttpResponse:
    """Save what is in the form, then do what the button says."""
    typed = _typed(request, rubrics.criteria_of(here.item.revision))
    do, _dash, which = request.POST.get("do", "save").partition(":")
    if do == "insert":
        typed = replace(typed, comment=_with_saved(request.user, typed.comment, which))
    try:
        draft = marking.save(
            item=here.item, by=request.user, edition=typed.edition, levels=typed.levels, comment=typed.comment
        )
    except MarkingError as error:
        return _refused(request, found, listed, here, typed, error)
    if wants_json(request):
        return JsonResponse({"edition": draft.edition})
    return _go_on(request, found, listed, here, draft, do, which)


def _go_on(
    request: SignedInRequest,
    found: Question,
    listed: list[Answer],
    here: Answer,
    draft: GradingDraft,
    do: str,
    which: str,
) -> HttpResponse:
    if do == "next":
        if draft.levels:
            try:
                marking.finish(item=here.item, by=request.user, edition=draft.edition)
            except MarkingError as error:
                return _refused(request, found, listed, here, Typed.of(draft), error)
        else:
            marking.let_go(item=here.item, by=request.user)
        return _to_next(request, found, here.item)
    if do == "previous":
        marking.let_go(item=here.item, by=request.user)
        return redirect(listed[max(0, here.number - 2)].url)
    try:
        if do == "keep":
            marking.keep_comment(by=request.user, text=draft.comment, question=found)
        elif do == "archive" and (saved := _saved(request.user, which)):
            marking.archive_comment(comment=saved)
    except MarkingError as error:
        return _refused(request, found, listed, here, Typed.of(draft), error)
    return redirect(here.url)


def _to_next(request: SignedInRequest, found: Question, after: AttemptItem | None = None) -> HttpResponse:
    item = marking.open_next(question=found, by=request.user, after=after)
    if item is None:
        messages.success(
            request, _("Nothing more to read here: each answer is done, or somebody has it open.")
        )
        return redirect("quizzes:grading-question", uuid=found.uuid)
    return redirect("quizzes:grading-answer", uuid=found.uuid, attempt=item.attempt.uuid)


def _saved(user: User, uuid: str) -> SavedComment | None:
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    return SavedComment.objects.visible_to(user).filter(uuid=wanted).first()


def _with_saved(user: User, comment: str, uuid: str) -> str:
    saved = _saved(user, uuid)
    return f"{comment.rstrip()} {saved.text}".strip() if saved else comment


def _refused(
    request: SignedInRequest,
    found: Question,
    listed: list[Answer],
    here: Answer,
    typed: Typed,
    error: MarkingError,
) -> HttpResponse:
    """What was typed stays on the page. What somebody else stored meanwhile stands beside it."""
    theirs = error.draft if isinstance(error, StaleDraft) else None
    status = 409 if isinstance(error, StaleDraft | HeldByOther) else 422
    if wants_json(request):
        return problem(status=status, code="not-graded", title=_("This was not saved"), detail=str(error))
    if theirs is not None:
        typed = replace(typed, edition=theirs.edition)
    context = _page(request, found, listed, here, typed=typed) | {"error": str(error), "theirs": theirs}
    return render(request, "quizzes/teach/grading_answer.html", context, status=status)


@dataclass(frozen=True)
class Shown:
    """A criterion with its levels, numbered from 1 for the keyboard, and the level chosen (None: none yet)."""

    criterion: Criterion
    chosen: int | None


def _page(
    request: SignedInRequest,
    found: Question,
    listed: list[Answer],
    here: Answer,
    *,
    typed: Typed | None = None,
) -> dict[str, Any]:
    item = here.item
    revision = item.revision
    given = item.current_score.response if item.current_score else None
    typed = typed or Typed.of(getattr(item, "grading_draft", None))
    kind = registry.get(revision.type)
    return {
        "question": found,
        "title": revision.title,
        "here": here,
        "total": len(listed),
        "prompt": revision.asked,
        "response": registry.load(kind.slug, "response", given.data, given.schema_version) if given else None,
        "criteria": [Shown(one, typed.levels.get(one.ref)) for one in rubrics.criteria_of(revision)],
        "typed": typed,
        "saved_comments": SavedComment.objects.visible_to(request.user).for_question(found),
        "longest": marking.LONGEST_COMMENT,
        "nav": "classes",
    }
