from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import naming, teaching, todos
from accounts.classes import may_start_in
from accounts.models import Cohort, User
from courses import overview, work
from courses.models import Course, Lesson
from quizzes.models import Assignment
from quizzes.views.doors import SignedInRequest, signed_in

#: How far ahead the first page looks, and how far back for what was due and is not in yet.
AHEAD, BACK = timedelta(days=7), timedelta(days=1)


@signed_in
@require_safe
def classes(request: SignedInRequest) -> HttpResponse:
    """A teacher's first page: today, what is due, who is stuck, what waits; or how to begin."""
    teaching.remember(request.session, request.user)
    taught = Cohort.objects.taught_by(request.user).active()
    stuck = overview.stuck_in(taught)
    now = timezone.now()
    soon = Assignment.objects.live().filter(
        cohort__in=taught, due_at__gte=now - BACK, due_at__lte=now + AHEAD
    )
    context = {
        "today": now,
        "classes": [(one, stuck.get(one.pk)) for one in taught.order_by("name", "pk")],
        "due": work.lines_of(soon),
        "todos": todos.of(request.user),
        "try_url": _try_url(request.user),
        "start_url": reverse("accounts:start-class") if may_start_in(request.user) else "",
        "nav": "classes",
    }
    return render(request, "courses/teach/classes.html", context)


@signed_in
@require_safe
def class_page(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One class at a glance: its lessons, who may need somebody, and what waits."""
    cohort = teaching.taught_class(request.user, uuid)
    lines = overview.lesson_lines(cohort)
    context = {
        "today": timezone.now(),
        "class_zone": cohort.timezone,
        "lines": lines,
        "next": overview.next_of(lines),
        "width": overview.WIDTH,
        "leads": Cohort.objects.led_by(request.user).filter(pk=cohort.pk).exists(),
        "todos": todos.of(request.user),
        "present_url": reverse("courses:present", kwargs={"uuid": cohort.uuid}),
        "code_url": reverse("accounts:codes", kwargs={"uuid": cohort.uuid}),
        **_stuck(cohort),
    }
    return render(
        request, "courses/teach/class.html", teaching.class_context(cohort, "courses:class", **context)
    )


def _stuck(cohort: Cohort) -> dict[str, Any]:
    found = overview.stuck_in(Cohort.objects.filter(pk=cohort.pk)).get(cohort.pk)
    if found is None:
        return {"begun": [], "away": []}
    wanted = [*found.begun, *found.away]
    names = naming.names_in(cohort) if wanted else {}
    uuids = dict(User.objects.filter(pk__in=wanted).values_list("pk", "uuid")) if wanted else {}

    def links(pks: Iterable[int]) -> list[tuple[str, str]]:
        """Each name with the page on which the pupil's tries are."""
        shown = ((names[pk], uuids[pk]) for pk in pks if pk in names and pk in uuids)
        return sorted(
            (name, reverse("courses:marks_of", kwargs={"uuid": cohort.uuid, "learner": uuid}))
            for name, uuid in shown
        )

    return {"begun": links(found.begun), "away": links(found.away)}


def _try_url(user: User) -> str:
    """The first lesson that they may look at, as a pupil meets it; the front page's first minute if there is none."""
    course = Course.objects.live().visible_to(user).exclude(opening=None).order_by("pk").first()
    lessons = Lesson.objects.visible_to(user)
    if course is not None:
        lessons = lessons.filter(course=course)
    first = lessons.order_by("course", "module__position", "position", "pk").first()
    return first.get_absolute_url() if first is not None else reverse("courses:front") + "?try=1"
