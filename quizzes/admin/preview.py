"""A question as a learner sees it, from what its author has written so far. Nothing is kept of it."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.admin.desk import Desk
from quizzes.admin.fields import Values
from quizzes.admin.forms import Written
from quizzes.admin.samples import samples
from quizzes.feedback import Feedback
from quizzes.models import QuizRevision
from quizzes.types import registry, responses
from quizzes.types.registry import ResponseRefused

#: In which the answer to a preview carries the author's form, as it was sent.
CARRIED = "carried"


def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The learner's page of the form in the request; with `carried`, the answer to it and its feedback."""
    carried = request.POST.get(CARRIED)
    post = QueryDict(carried) if carried is not None else request.POST
    values, written = desk.judge(desk.posted(post))
    if not written.is_whole:
        return render(request, "quizzes/admin/not_yet.html", {"said": _said(desk, written)}, status=422)
    kind = registry.get(desk.form.type)
    page = _page(request, desk, values, written, post)
    if carried is not None and request.POST.get("do") == "check":
        page |= _judged(kind, written, dict(request.POST.lists()))
    return render(request, f"quizzes/types/{kind.slug}.html", page)


def _said(desk: Desk, written: Written) -> list[tuple[Any, list[Any]]]:
    labels = {one.name: one.label for one in desk.fields}
    return [(labels.get(name.partition("-")[0], ""), said) for name, said in written.errors.by_name.items()]


def _page(
    request: HttpRequest, desk: Desk, values: Values, written: Written, post: QueryDict
) -> dict[str, Any]:
    """What a learner's page needs, of an attempt that there is not."""
    content = desk.content(values, written)
    kind = registry.get(desk.form.type)
    revision = SimpleNamespace(
        title=content.title,
        type=kind.slug,
        article_revision=content.passage.revision if content.passage else None,
    )
    attempt = SimpleNamespace(
        uuid="preview",
        is_open=True,
        deadline_at=None,
        quiz_revision=SimpleNamespace(title=_("Preview"), feedback=QuizRevision.Feedback.AT_ONCE),
    )
    return {
        "preview": True,
        "samples": samples(desk.form, kind, written.prompt, written.key),
        CARRIED: _without_token(post),
        "attempt": attempt,
        "quiz": None,
        "practice": True,
        "item": SimpleNamespace(position=1),
        "revision": revision,
        "prompt": written.prompt,
        "response": kind.Response(),
        "given": None,
        "refused": None,
        "notice": "",
        "order": [],
        "sequence": 1,
        "judged": None,
        "entries": [],
        "total": 1,
        "is_last": True,
        "place": SimpleNamespace(title="", url="", onward=None),
        "item_url": request.get_full_path(),
    }


def _without_token(post: QueryDict) -> str:
    kept = post.copy()
    for name in ("csrfmiddlewaretoken", "do"):
        kept.pop(name, None)
    return kept.urlencode()


def _judged(kind: registry.QuestionType, written: Written, form: Mapping[str, Any]) -> dict[str, Any]:
    """The feedback on an answer; why it was not understood, and as much of it as was."""
    if written.prompt is None:
        return {}
    own = {name: value for name, value in form.items() if name not in {CARRIED, "do"}}
    try:
        response = responses.read_response(kind, written.prompt, kind.from_form(written.prompt, own))
    except ResponseRefused as refused:
        return {"notice": refused.message, "given": own}
    outcome = kind.grade(written.prompt, written.key, response)
    if kind.tells and (code := kind.notice(written.prompt, response)):
        known = wording.NOTICES.get(code)
        return {"notice": str(known or code), "response": response, "given": own}
    headline = wording.headline(outcome, sorts_sentences=kind.sorts_sentences, practice=True)
    return {
        "response": response,
        "judged": Feedback(outcome=outcome, key=written.key, response=response, headline=headline),
    }
