from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quizzes import attempts
from quizzes.errors import AttemptError, NotAssigned
from quizzes.models import Quiz
from quizzes.places import place_of
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_safe
def quiz(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What a quiz is, before it starts; its results, once it was handed in."""
    found = get_object_or_404(
        Quiz.objects.live().visible_to(request.user).select_related("published"), uuid=uuid
    )
    made = list(request.user.attempts.filter(quiz=found).select_related("cohort").order_by("-number"))
    newest = made[0] if made else None
    place = place_of(request.user, found)
    here = [attempt for attempt in made if attempt.cohort == place.cohort] if place.enrolled else made
    if here and newest is not None and not newest.is_open and "again" not in request.GET:
        return redirect(here[0])
    counted = sum(not attempt.is_preview for attempt in here)
    open_attempt = newest if newest is not None and newest.is_open else None
    context = {
        "quiz": found,
        "revision": found.published,
        "attempts": [attempt for attempt in made if not attempt.is_open],
        "open_attempt": open_attempt,
        "place": place,
        "nav": "lessons",
    }
    try:
        held, assignment = attempts.terms_for(learner=request.user, quiz=found, cohort=place.cohort)
    except NotAssigned as refused:
        if open_attempt is not None:  # what is begun is finished
            return redirect(open_attempt)
        return render(request, "quizzes/not_given.html", context | {"why": str(refused)})
    now = timezone.now()
    context |= {
        "count": found.published.question_count,
        "terms": held,
        "assignment": assignment,
        "class_zone": place.cohort.timezone if place.cohort else "",
        "opened": held.opened_at(now),
        "closed": held.closed_at(now),
        "may_start": held.attempts_allowed is None or counted < held.attempts_allowed,
        "start_url": reverse("quizzes:start", kwargs={"uuid": found.uuid}),
    }
    return render(request, "quizzes/quiz.html", context)


@signed_in
@require_POST
def start(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Start the quiz, or go on with it."""
    quizzes = Quiz.objects.visible_to(request.user).select_related("published", "organisation")
    found = get_object_or_404(quizzes, uuid=uuid)
    place = place_of(request.user, found)
    try:
        attempt = attempts.start(
            learner=request.user, quiz=found, cohort=place.cohort, preview=not place.enrolled
        )
    except AttemptError as error:
        messages.error(request, str(error))
        return redirect(found)
    return redirect(attempt)
