from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quizzes import attempts, given_terms, results, telling
from quizzes.entries import entries, first_open
from quizzes.models import Attempt
from quizzes.places import place_of_attempt
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_safe
def attempt(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Where an open attempt goes on; the results of one that was handed in."""
    found = get_object_or_404(
        Attempt.objects.visible_to(request.user).select_related(
            "quiz_revision", "quiz", "learner", "cohort", "assignment__cohort"
        ),
        uuid=uuid,
    )
    if not found.is_open:
        return _result(request, found)
    mine = get_object_or_404(Attempt.objects.made_by(request.user), pk=found.pk)
    place = first_open(entries(mine))
    return redirect(place.url if place else mine.quiz)


def _result(request: SignedInRequest, found: Attempt) -> HttpResponse:
    wait = telling.waits(found, request.user)
    made = found.learner.attempts.counting().filter(quiz=found.quiz, cohort=found.cohort)
    held = given_terms.terms_of(found)
    allowed, closed = held.attempts_allowed, held.closed_at(timezone.now())
    place = place_of_attempt(request.user, found)
    context = {
        "attempt": found,
        "quiz": found.quiz,
        "wait": wait,
        "place": place,
        "next_title": place.onward.title,
        "next_url": place.onward.url,
        "may_retry": (
            found.learner == request.user and not closed and (allowed is None or made.count() < allowed)
        ),
        "start_url": reverse("quizzes:start", kwargs={"uuid": found.quiz.uuid}),
        "nav": "lessons",
    }
    if wait is not None:
        return render(request, "quizzes/waiting.html", context)
    summary = results.summary(found)
    told = {
        "headline": summary.headline,
        "deck": summary.deck,
        "skills": summary.skills,
        "entries": entries(found, judged=True),
    }
    return render(request, "quizzes/result.html", {**context, **told})


@signed_in
@require_safe
def review(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Look the answers over before handing in: which questions are still open."""
    found = get_object_or_404(
        Attempt.objects.made_by(request.user).select_related("quiz_revision", "quiz"), uuid=uuid
    )
    if not found.is_open:
        return redirect(found)
    listed = entries(found)
    context = {
        "attempt": found,
        "quiz": found.quiz,
        "entries": listed,
        "unanswered": sum(not entry.answered for entry in listed),
        "submit_url": reverse("quizzes:submit", kwargs={"uuid": found.uuid}),
        "place": place_of_attempt(request.user, found),
        "nav": "lessons",
    }
    return render(request, "quizzes/review.html", context)


@signed_in
@require_POST
def submit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand in. Twice is once."""
    try:
        closed = attempts.hand_in(learner=request.user, uuid=uuid)
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    if closed.submit_cause == Attempt.SubmitCause.DEADLINE:
        messages.warning(request, attempts.deadline_words())
    return redirect(closed)
