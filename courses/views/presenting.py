"""The teacher's doors to the projector: choose a lesson, show it, and what is left of it afterwards."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import teaching
from accounts.models import Cohort
from accounts.unchanged import unless_known
from courses import choosing, presenting, showing
from courses.models import Presentation
from courses.turnout_words import turnout_words
from quizzes.scoring.heat import FEWEST
from quizzes.views.doors import SignedInRequest, signed_in

Scene = Presentation.Scene
_VERBS: dict[str, Callable[..., Presentation]] = {
    "start": presenting.start_together,
    "marks": presenting.show_marks,
    "ticket": presenting.exit_ticket,
    "end": presenting.end,
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def present(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Which lesson to show; POST opens it on the projector."""
    if request.method == "POST":
        return _open(request, teaching.led_class(request.user, uuid))
    cohort = teaching.taught_class(request.user, uuid)
    running = Presentation.objects.filter(cohort=cohort, ended_at=None).select_related("lesson__published")
    context = teaching.class_context(
        cohort,
        "courses:present",
        running=running.first(),
        choices=choosing.lessons(request.user, cohort),
        may_present=_may_present(request, cohort),
    )
    return render(request, "courses/teach/present.html", context)


def _may_present(request: SignedInRequest, cohort: Cohort) -> bool:
    """Whether the buttons are theirs: a teacher's, while the class lasts."""
    return Cohort.objects.led_by(request.user).active().filter(pk=cohort.pk).exists()


def _open(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    if cohort.archived_at is not None:
        messages.error(request, _("This class is over: nothing can be presented to it."))
        return redirect("courses:present", uuid=cohort.uuid)
    lessons = {str(lesson.uuid): lesson for lesson in choosing.open_to(request.user, cohort)}
    lesson = lessons.get(request.POST.get("lesson", ""))
    if lesson is None:
        messages.error(request, _("Choose a lesson first."))
        return redirect("courses:present", uuid=cohort.uuid)
    shown = presenting.open_lesson(cohort=cohort, lesson=lesson, by=request.user)
    return redirect("courses:projector", uuid=cohort.uuid, shown=shown.uuid)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def projector(request: SignedInRequest, uuid: UUID, shown: UUID) -> HttpResponse:
    """The scene that the class sees on the wall; a button goes on to the next. No name is on it, ever."""
    if request.method == "POST":
        return _go(request, teaching.led_class(request.user, uuid), shown)
    cohort = teaching.taught_class(request.user, uuid)
    presentation = _presentation(cohort, shown)
    if presentation.ended_at is not None:
        return redirect("courses:summary", uuid=cohort.uuid, shown=shown)
    material = showing.material(presentation.lesson, presentation.cohort_id)
    turnout = showing.turnout(presentation, material)
    context = {
        "cohort": cohort,
        "presentation": presentation,
        "lesson": presentation.lesson.published,
        "code": showing.code_of(cohort),
        "host": request.get_host(),
        "turnout": turnout,
        "words": turnout_words(turnout),
        "fewest": FEWEST,
        "ticket": material.ticket,
        "may_present": _may_present(request, cohort),
        **_screen(presentation, material),
    }
    return render(request, "courses/teach/projector.html", context)


def _screen(presentation: Presentation, material: showing.Material) -> dict[str, Any]:
    """The text that is shown and the finding on it; nothing in the scenes that have none."""
    if presentation.scene == Scene.WORK:
        return {"has_marks": bool(showing.questions(material))}
    if presentation.scene not in {Scene.MARKS, Scene.FINDING}:
        return {}
    screens = showing.screens(presentation.cohort, material)
    if not screens:
        return {}
    at = min(presentation.finding, len(screens) - 1)
    screen = screens[at]
    return {
        "screen": screen,
        "lines": screen.marks.lines(screen.finding.spans if screen.finding else ()),
        "table": _table(screen),
        "is_last": at == len(screens) - 1,
        "next_is_text": at + 1 < len(screens) and screens[at + 1].finding is None,
    }


def _table(screen: showing.Screen) -> list[tuple[str, Any]]:
    return [(screen.marks.words_of(stretch), stretch) for stretch in screen.marks.stretches]


def _go(request: SignedInRequest, cohort: Cohort, shown: UUID) -> HttpResponse:
    presentation = _presentation(cohort, shown)
    do = request.POST.get("do", "")
    seen = _number(request.POST.get("seen", ""))
    if do in _VERBS:
        _VERBS[do](presentation=presentation)
    elif do == "next":
        screens = showing.screens(cohort, showing.material(presentation.lesson, presentation.cohort_id))
        presenting.next_finding(presentation=presentation, seen=seen, last=len(screens) - 1)
    elif do == "back":
        presenting.back(presentation=presentation, seen=seen)
    return redirect("courses:projector", uuid=cohort.uuid, shown=shown)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1


def _presentation(cohort: Cohort, shown: UUID) -> Presentation:
    found = Presentation.objects.filter(cohort=cohort).select_related("cohort", "lesson__published")
    presentation = get_object_or_404(found, uuid=shown)
    if presentation.lesson.published is None:
        raise Http404
    return presentation


@signed_in
@require_safe
def turnout(request: SignedInRequest, uuid: UUID, shown: UUID) -> HttpResponse:
    """How many have joined, finished and handed in, in words; and which scene is on, for the page to follow."""
    presentation = _presentation(teaching.taught_class(request.user, uuid), shown)
    counted = showing.turnout(presentation, showing.material(presentation.lesson, presentation.cohort_id))
    state = "ended" if presentation.ended_at else f"{presentation.scene}-{presentation.finding}"
    return unless_known(request, JsonResponse({"state": state, "words": turnout_words(counted)}))


@signed_in
@require_safe
def summary(request: SignedInRequest, uuid: UUID, shown: UUID) -> HttpResponse:
    """What the class marked and how it went, to print; counts only."""
    cohort = teaching.taught_class(request.user, uuid)
    presentation = _presentation(cohort, shown)
    material = showing.material(presentation.lesson, presentation.cohort_id)
    counted = showing.turnout(presentation, material)
    texts: dict[int, dict[str, Any]] = {}
    for screen in showing.screens(cohort, material):
        text = texts.setdefault(
            screen.marks.revision.pk,
            {"marks": screen.marks, "lines": screen.marks.lines(), "table": _table(screen), "findings": []},
        )
        if screen.finding is not None:
            text["findings"].append(screen)
    given = showing.answers(presentation) if material.ticket is None else {}
    context = teaching.class_context(
        cohort,
        "courses:present",
        presentation=presentation,
        lesson=presentation.lesson.published,
        turnout=counted,
        words=turnout_words(counted),
        texts=list(texts.values()),
        ticket=material.ticket,
        alone=given.get("alone", 0),
        not_yet=given.get("not_yet", 0),
        enough_tickets=sum(given.values()) >= FEWEST,
        fewest=FEWEST,
    )
    return render(request, "courses/teach/summary.html", context)
