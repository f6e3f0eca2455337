"""What this room tells people: that work was set, that it is due tomorrow, that marks can be seen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import CohortMember
from quizzes.models import Accommodation, Assignment, Attempt
from quizzes.terms import terms

ASSIGNED, DUE_TOMORROW, GRADED = "assigned", "due_tomorrow", "graded"
#: An accommodation shifts a due date by no more days than this, or the reminder is not made.
FARTHEST = timedelta(days=60)


def register() -> None:
    """Called once the apps are ready."""
    notices.register(ASSIGNED, _assigned_words)
    notices.register(DUE_TOMORROW, _due_words)
    notices.register(GRADED, _graded_words)


def tell_assigned(sender: Any, *, assignment: Assignment, learners: Iterable[int], **_kwargs: Any) -> None:
    notices.tell(
        users=learners,
        kind=ASSIGNED,
        key=f"{ASSIGNED}:{assignment.uuid}",
        facts=_facts(assignment, assignment.due_at),
        url=assignment.quiz.get_absolute_url(),
    )


def tell_released(sender: Any, *, attempts: Iterable[Attempt], **_kwargs: Any) -> None:
    """Each learner once for each attempt, however often its marks are mended afterwards."""
    news = (
        notices.News(
            attempt.learner_id,
            f"{GRADED}:{attempt.uuid}",
            {"title": attempt.quiz_revision.title},
            reverse("quizzes:attempt", kwargs={"uuid": attempt.uuid}),
        )
        for attempt in attempts
    )
    notices.tell_each(kind=GRADED, news=news)


def tell_due_tomorrow(now: datetime | None = None) -> None:
    """Remind everybody whose own due date is tomorrow, by the calendar of the class, and who handed nothing in."""
    now = now or timezone.now()
    for assignment in _soon(now):
        for due, learners in _due_dates(assignment).items():
            if _is_tomorrow(due, now, assignment.cohort.timezone):
                notices.tell(
                    users=learners,
                    kind=DUE_TOMORROW,
                    key=f"{DUE_TOMORROW}:{assignment.uuid}:{due.isoformat()}",
                    facts=_facts(assignment, due),
                    url=assignment.quiz.get_absolute_url(),
                )


def _soon(now: datetime) -> Iterator[Assignment]:
    """Assignments that may be due tomorrow for somebody: the day after at the latest, or put off for someone."""
    put_off = Accommodation.objects.filter(Q(extra_days__gt=0) | Q(due_at__isnull=False))
    near = Q(due_at__gte=now, due_at__lt=now + timedelta(days=2))
    later = Q(due_at__gte=now - FARTHEST, due_at__lt=now + timedelta(days=2)) & Q(
        cohort__in=put_off.values("cohort")
    )
    found = Assignment.objects.live().filter(near | later, quiz__published__isnull=False)
    return found.select_related("cohort", "quiz__published").iterator()


def _due_dates(assignment: Assignment) -> Mapping[datetime, list[int]]:
    """Due date, then the learners for whom it holds and who have handed in nothing. Three queries."""
    revision = assignment.quiz.published
    if revision is None:
        return {}
    given = CohortMember.objects.filter(
        cohort=assignment.cohort_id, role=CohortMember.Role.LEARNER, left_at=None
    )
    if not assignment.everyone:
        given = given.filter(user__in=assignment.named.values("learner"))
    done = Attempt.objects.submitted().counting().filter(assignment=assignment)
    waiting = given.exclude(user__in=done.values("learner")).order_by().values_list("user", flat=True)
    granted: dict[int, list[Accommodation]] = defaultdict(list)
    wanted = Q(assignment=None) | Q(assignment=assignment)
    for row in Accommodation.objects.filter(wanted, cohort=assignment.cohort_id):
        granted[row.learner_id].append(row)
    dates: dict[datetime, list[int]] = defaultdict(list)
    for learner in waiting:
        held = terms(
            revision=revision,
            assignment=assignment,
            accommodations=granted[learner],
            zone=assignment.cohort.timezone,
        )
        if held.due_at is not None:
            dates[held.due_at].append(learner)
    return dates


def _is_tomorrow(due: datetime, now: datetime, zone: str) -> bool:
    here = ZoneInfo(zone)
    return due > now and due.astimezone(here).date() == now.astimezone(here).date() + timedelta(days=1)


def _facts(assignment: Assignment, due: datetime | None) -> dict[str, Any]:
    published = assignment.quiz.published
    return {
        "title": published.title if published else "",
        "class": assignment.cohort.name,
        "due": due.isoformat() if due else "",
    }


def _when(facts: notices.Facts) -> str:
    due = parse_datetime(facts["due"])
    return date_format(timezone.localtime(due), "DATETIME_FORMAT") if due else ""


def _assigned_words(facts: notices.Facts) -> str:
    told = {"title": facts["title"], "class": facts["class"]}
    if not facts["due"]:
        return _("New for %(class)s: “%(title)s”") % told
    return _("New for %(class)s: “%(title)s” (due %(when)s)") % {**told, "when": _when(facts)}


def _due_words(facts: notices.Facts) -> str:
    return _("“%(title)s” is due tomorrow (%(when)s)") % {"title": facts["title"], "when": _when(facts)}


def _graded_words(facts: notices.Facts) -> str:
    return _("Your marks for “%(title)s” are there.") % {"title": facts["title"]}
