"""The teacher's doors to what a class is at, and to what it needs help with."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import teaching
from accounts.models import Cohort
from accounts.naming import names_in
from accounts.unchanged import unless_known
from quizzes import deadlines, live, needs
from quizzes.class_marks import MARKING, class_marks
from quizzes.distribution import distribution
from quizzes.errors import GivenAlready
from quizzes.first_answers import FirstAnswer, first_answers
from quizzes.models import Assignment, Attempt, Question, QuestionKey, QuestionRevision
from quizzes.paper_key import key_lines
from quizzes.views.doors import SignedInRequest, signed_in

#: What one press of the button gives.
MORE_S = 600


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def live_page(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who is at what now. POST gives ten more minutes, to one or to all who have a deadline."""
    if request.method == "POST":
        return _give_more(request, teaching.led_class(request.user, uuid))
    cohort = teaching.taught_class(request.user, uuid)
    chosen = _assignment(request, cohort)
    context = teaching.class_context(
        cohort,
        "quizzes:live",
        **_rows(request, cohort, chosen),
        chosen=chosen,
        assignments=_assignments(cohort),
        needs=needs.needs(cohort=cohort, attempts=live.attempts_of(cohort=cohort, assignment=chosen)),
        rows_url=_address("quizzes:live-rows", cohort, chosen),
    )
    return render(request, "quizzes/teach/live.html", context)


@signed_in
@require_safe
def live_rows(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The table alone, for the page to ask again and again."""
    cohort = teaching.taught_class(request.user, uuid)
    context = _rows(request, cohort, _assignment(request, cohort))
    return unless_known(request, render(request, "quizzes/teach/live_rows.html", context))


def _rows(request: SignedInRequest, cohort: Cohort, chosen: Assignment | None) -> dict[str, Any]:
    rows = live.rows(cohort=cohort, assignment=chosen)
    states = Counter(row.state for row in rows)
    any_deadline = any(row.may_have_more_time for row in rows)
    return {
        "rows": rows,
        "extra_s": live.extra_s(cohort=cohort, assignment=chosen) if any_deadline else 0,
        "not_begun": states["not-begun"],
        "working": states["working"],
        "handed_in": states["handed-in"],
        "any_deadline": any_deadline,
        "may_give": Cohort.objects.led_by(request.user).filter(pk=cohort.pk).exists(),
    }


def _assignments(cohort: Cohort) -> "list[Assignment]":
    return list(Assignment.objects.live().filter(cohort=cohort).select_related("quiz__published"))


def _assignment(request: SignedInRequest, cohort: Cohort) -> Assignment | None:
    """The one that is chosen; none for "today". An address that names no assignment of the class is not found."""
    named = request.POST.get("assignment") or request.GET.get("assignment")
    if not named:
        return None
    try:
        return get_object_or_404(Assignment.objects.live().filter(cohort=cohort), uuid=UUID(named))
    except ValueError as error:
        raise Http404 from error


def _address(name: str, cohort: Cohort, chosen: Assignment | None) -> str:
    address = reverse(name, kwargs={"uuid": cohort.uuid})
    return f"{address}?assignment={chosen.uuid}" if chosen else address


def _give_more(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    chosen = _assignment(request, cohort)
    asked = live.attempts_of(cohort=cohort, assignment=chosen).filter(submitted_at=None)
    # What is pressed names what it was pressed for, and what that had been given then.
    named, _colon, seen = request.POST.get("attempt", "").partition(":")
    if named != "all":
        try:
            asked = Attempt.objects.counting().open().filter(cohort=cohort, uuid=UUID(named))
        except ValueError:
            asked = asked.none()
    try:
        given = deadlines.give_more_time(
            attempts=asked, seconds=MORE_S, by=request.user, seen=_number(seen) if seen else None
        )
    except GivenAlready as error:
        messages.warning(request, str(error))
        return redirect(_address("quizzes:live", cohort, chosen))
    if given:
        said = ngettext(
            "Ten more minutes for %(count)s pupil.", "Ten more minutes for %(count)s pupils.", given
        )
        messages.success(request, said % {"count": given})
    else:
        messages.warning(request, _("Nobody there has a time limit that still runs."))
    return redirect(_address("quizzes:live", cohort, chosen))


def _number(typed: str) -> int:
    """-1 for what is no number that could have been given."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


@signed_in
@require_safe
def need(request: SignedInRequest, uuid: UUID, question: UUID) -> HttpResponse:
    """One question: what the class answered at the first try, and who answered what."""
    cohort = teaching.taught_class(request.user, uuid)
    asked = get_object_or_404(Question, uuid=question)
    found = first_answers(cohort=cohort, questions=[asked.pk])
    answers = [answer for answer in found if not answer.is_never_scored]
    if not answers:
        raise Http404
    most, _count = Counter(answer.revision_id for answer in answers).most_common(1)[0]
    revision = QuestionRevision.objects.select_related("article_revision").get(pk=most)
    same = [answer for answer in answers if answer.revision_id == most]
    names = names_in(cohort)
    marks = class_marks(cohort=cohort, revisions=[revision])[0] if revision.type in MARKING else None
    context = teaching.class_context(
        cohort,
        "quizzes:live",
        revision=revision,
        marks=marks,
        lines=marks.lines() if marks else [],
        table=[(marks.words_of(stretch), stretch) for stretch in marks.stretches] if marks else [],
        parts=distribution(revision, same),
        key=key_lines(revision, QuestionKey.objects.get(revision=revision)),
        answers=sorted(
            ((names.get(answer.learner_id, ""), answer, _verdict(answer)) for answer in answers),
            key=lambda one: (one[1].fraction is None, one[1].fraction, one[0].casefold()),
        ),
        low=sum(map(needs.is_low, answers)),
        tried=sum(answer.is_a_try for answer in answers),
        others=len(answers) - len(same),
    )
    return render(request, "quizzes/teach/need.html", context)


def _verdict(answer: FirstAnswer) -> str:
    if answer.data is None:
        return _("left open")
    if answer.dropped:
        return _("dropped: counts for nobody")
    if answer.fraction is None:
        return _("waits for a grader")
    if answer.fraction == 1:
        return _("right")
    return _("right in part") if answer.fraction else _("not yet")
