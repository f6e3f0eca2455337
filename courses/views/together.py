"""What pupils ask while their class does a lesson together: what is on now, and the exit ticket."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Cohort
from accounts.unchanged import unless_known
from courses import presenting, showing
from courses.class_now import class_now
from courses.models import ExitTicket, Presentation
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_safe
def now(request: SignedInRequest) -> HttpResponse:
    """What their class does together now: words and a link, or nothing. Asked for every few seconds."""
    found = class_now(request.user)
    return unless_known(request, JsonResponse(found._asdict() if found else {}))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The last question of a presented lesson: its quiz, or a choice of two."""
    shown = get_object_or_404(
        Presentation.objects.filter(
            cohort__in=Cohort.objects.learnt_by(request.user), scene=Presentation.Scene.TICKET
        ).select_related("lesson__published"),
        uuid=uuid,
    )
    quiz = showing.material(shown.lesson, shown.cohort_id).ticket
    if quiz is not None:
        return redirect(quiz)
    answer = request.POST.get("answer", "")
    if request.method == "POST" and answer in ExitTicket.Answer.values:
        presenting.hand_in_ticket(presentation=shown, learner=request.user, answer=answer)
        messages.success(request, _("Thank you. Your answer is kept."))
        return redirect("courses:home")
    given = ExitTicket.objects.filter(presentation=shown, learner=request.user).first()
    context = {
        "lesson": shown.lesson.published,
        "choices": ExitTicket.Answer.choices,
        "given": given.answer if given else "",
        "unchosen": request.method == "POST",
        "nav": "lessons",
    }
    return render(request, "courses/ticket.html", context, status=400 if request.method == "POST" else 200)
