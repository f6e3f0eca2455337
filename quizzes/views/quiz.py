from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quizzes import attempts, bounds
from quizzes.errors import AttemptError
from quizzes.models import Quiz
from quizzes.offers import offer_of
from quizzes.places import place_of
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_safe
def quiz(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What a quiz is, before it starts; its results, once it was handed in."""
    found = get_object_or_404(
        Quiz.objects.live().visible_to(request.user).select_related("published"), uuid=uuid
    )
    offer = offer_of(request.user, found, bounds.classes_for(request.session, found))
    open_attempt, place = offer.open_attempt, offer.place
    if offer.here and open_attempt is None and "again" not in request.GET:
        return redirect(offer.here[0])
    context = {
        "quiz": found,
        "revision": offer.revision,
        "attempts": [
            attempt
            for attempt in offer.made
            if not attempt.is_open and bounds.may_go_on(request.session, attempt)
        ],
        "open_attempt": open_attempt,
        "place": place,
        "nav": "lessons",
    }
    if offer.refused is not None:
        if open_attempt is not None:  # what is begun is finished
            return redirect(open_attempt)
        why = {"why": str(offer.refused), "going_on": bounds.may_go_on(request.session, offer.begun)}
        return render(request, "quizzes/not_given.html", context | why)
    context |= {
        "count": offer.revision.question_count,
        "terms": offer.terms,
        "assignment": offer.assignment,
        "class_zone": place.cohort.timezone if place.cohort else "",
        "opened": offer.opened,
        "closed": offer.closed,
        "may_start": offer.has_tries_left,
        "start_url": reverse("quizzes:start", kwargs={"uuid": found.uuid}),
    }
    return render(request, "quizzes/quiz.html", context)


@signed_in
@require_POST
def start(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Start the quiz, or go on with it."""
    quizzes = Quiz.objects.visible_to(request.user).select_related("published", "organisation")
    found = get_object_or_404(quizzes, uuid=uuid)
    within = bounds.classes_for(request.session, found)
    place = place_of(request.user, found, within)
    try:
        bounds.refuse_untaken(place, within)
        attempt = attempts.start(
            learner=request.user, quiz=found, cohort=place.cohort, preview=not place.enrolled
        )
        bounds.refuse_elsewhere(attempt, within)
    except AttemptError as error:
        messages.error(request, str(error))
        return redirect(found)
    return redirect(attempt)
