"""A lesson on paper, and its key: for who teaches the class."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import teaching
from articles import choosing as articles
from courses import choosing, worksheets
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_safe
def worksheet(request: SignedInRequest, uuid: UUID, lesson: UUID) -> HttpResponse:
    """What is copied for the pupils: no key, and no name but the class's."""
    return _sheet(request, uuid, lesson, with_key=False)


@signed_in
@require_safe
def key(request: SignedInRequest, uuid: UUID, lesson: UUID) -> HttpResponse:
    """The answers with their reasons, by question and line."""
    return _sheet(request, uuid, lesson, with_key=True)


def _sheet(request: SignedInRequest, uuid: UUID, lesson: UUID, *, with_key: bool) -> HttpResponse:
    cohort = teaching.taught_class(request.user, uuid)
    found = get_object_or_404(choosing.open_to(request.user, cohort).select_related("published"), uuid=lesson)
    context = {
        "cohort": cohort,
        "lesson": found,
        "revision": found.published,
        "sheet": worksheets.worksheet(found, with_key=with_key, hidden=articles.hidden_from(cohort)),
        "with_key": with_key,
    }
    return render(request, "courses/teach/worksheet.html", context)
