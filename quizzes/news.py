"""What this room tells people: that work was set, that it is due tomorrow, that marks can be seen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts import local_times, notices
from accounts.models import CohortMember, Notice, User
from quizzes.due import granted_to
from quizzes.models import Accommodation, Assignment, AssignmentLearner, Attempt, GradeEntry
from quizzes.terms import terms

ASSIGNED, DUE_TOMORROW, GRADED = "assigned", "due_tomorrow", "graded"
#: An accommodation shifts a due date by no more days than this, or the reminder is not made.
FARTHEST = timedelta(days=730)


def register() -> None:
    """Called once the apps are ready."""
    notices.register(ASSIGNED, _assigned_words, standing=_still_given)
    notices.register(DUE_TOMORROW, _due_words, standing=_still_due)
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


def tell_who_comes_in(sender: Any, *, member: CohortMember, **_kwargs: Any) -> None:
    """Who comes into a class later than its work is told what there is still to do."""
    tell_who_come_in(sender, members=[member])


def tell_who_come_in(sender: Any, *, members: Iterable[CohortMember], **_kwargs: Any) -> None:
    """The same for many at once, in three statements for 500 notices."""
    learner = CohortMember.Role.LEARNER
    coming: dict[int, list[int]] = defaultdict(list)
    for member in members:
        if member.role == learner and member.left_at is None:
            coming[member.cohort_id].append(member.user_id)
    if not coming:
        return
    now = timezone.now()
    given = Assignment.objects.live().filter(
        Q(due_at=None) | Q(due_at__gt=now),
        Q(closes_at=None) | Q(closes_at__gt=now),
        cohort__in=coming,
        quiz__published__isnull=False,
        quiz__archived_at=None,
    )
    work = list(given.select_related("quiz__published", "cohort").order_by("pk"))
    some = [one.pk for one in work if not one.everyone]
    named = set(AssignmentLearner.objects.filter(assignment__in=some).values_list("assignment", "learner"))
    notices.tell_each(
        kind=ASSIGNED,
        news=[
            notices.News(user, f"{ASSIGNED}:{one.uuid}", _facts(one, one.due_at), one.quiz.get_absolute_url())
            for one in work
            for user in coming[one.cohort_id]
            if one.everyone or (one.pk, user) in named
        ],
    )


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
    """Assignments that may be due tomorrow for somebody: by their date, or by what someone was granted."""
    put_off = Accommodation.objects.filter(extra_days__gt=0)
    near = Q(due_at__gte=now, due_at__lt=now + timedelta(days=2))
    later = Q(due_at__gte=now - FARTHEST, due_at__lt=now + timedelta(days=2)) & Q(
        cohort__in=put_off.values("cohort")
    )
    own = Accommodation.objects.filter(
        assignment__isnull=False, due_at__gte=now, due_at__lt=now + timedelta(days=2)
    )
    theirs = Q(pk__in=own.values("assignment"))
    found = Assignment.objects.live().filter(
        near | later | theirs, quiz__published__isnull=False, cohort__archived_at=None
    )
    return found.select_related("cohort", "quiz__published").iterator()


def _due_dates(assignment: Assignment) -> Mapping[datetime, list[int]]:
    """Due date, then the learners for whom it holds, who handed in nothing and are not excused. Four queries."""
    revision = assignment.quiz.published
    if revision is None:
        return {}
    given = CohortMember.objects.learning().filter(cohort=assignment.cohort_id)
    if not assignment.everyone:
        given = given.filter(user__in=assignment.named.values("learner"))
    done = Attempt.objects.submitted().counting().filter(assignment=assignment)
    waiting = given.exclude(user__in=done.values("learner")).order_by().values_list("user", flat=True)
    granted: dict[int, list[Accommodation]] = defaultdict(list)
    wanted = Q(assignment=None) | Q(assignment=assignment)
    for row in Accommodation.objects.filter(wanted, cohort=assignment.cohort_id):
        granted[row.learner_id].append(row)
    dates: dict[datetime, list[int]] = defaultdict(list)
    excused = _excused(assignment)
    for learner in waiting:
        if learner in excused:
            continue
        held = terms(
            revision=revision,
            assignment=assignment,
            accommodations=granted[learner],
            zone=assignment.cohort.timezone,
        )
        if held.due_at is not None:
            dates[held.due_at].append(learner)
    return dates


def _excused(assignment: Assignment) -> set[int]:
    """Learners, by primary key, of whom a teacher said so last. One query."""
    said = GradeEntry.objects.filter(assignment=assignment).order_by("at", "pk")
    newest = dict(said.values_list("learner", "kind"))
    return {learner for learner, kind in newest.items() if kind == GradeEntry.Kind.EXCUSED}


def _still_given(user: User, told: Sequence[Notice]) -> Iterator[Notice]:
    """What is given to them now, with the date that holds for them now. Two queries."""
    dates = _dates_of(user, told)
    for notice in told:
        named = notice.key.split(":")[1]
        if named in dates:
            due = dates[named]
            notice.facts = {**notice.facts, "due": due.isoformat() if due else ""}
            yield notice


def _still_due(user: User, told: Sequence[Notice]) -> Iterator[Notice]:
    """Reminders of a date that still holds for them. Two queries."""
    dates = _dates_of(user, told)
    for notice in told:
        due = dates.get(notice.key.split(":")[1])
        if due is not None and due == parse_datetime(notice.facts["due"]):
            yield notice


def _dates_of(user: User, told: Sequence[Notice]) -> dict[str, datetime | None]:
    """When what they were told of is due for them, by the assignment's UUID; what is not given any more is left out."""
    named = [notice.key.split(":")[1] for notice in told]
    live = Assignment.objects.given_to(user).filter(
        uuid__in=named, cohort__archived_at=None, quiz__archived_at=None, quiz__published__isnull=False
    )
    found = list(live.select_related("cohort", "quiz__published").order_by())
    granted = granted_to(user, found)
    return {
        str(one.uuid): terms(
            revision=one.quiz.published,
            assignment=one,
            accommodations=granted[one.pk],
            zone=one.cohort.timezone,
        ).due_at
        for one in found
        if one.quiz.published is not None
    }


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
    return local_times.told(due) if due else ""


def _assigned_words(facts: notices.Facts) -> str:
    told = {"title": facts["title"], "class": facts["class"]}
    if not facts["due"]:
        return _("New for %(class)s: “%(title)s”") % told
    return _("New for %(class)s: “%(title)s” (due %(when)s)") % {**told, "when": _when(facts)}


def _due_words(facts: notices.Facts) -> str:
    return _("“%(title)s” is due tomorrow (%(when)s)") % {"title": facts["title"], "when": _when(facts)}


def _graded_words(facts: notices.Facts) -> str:
    return _("Your marks for “%(title)s” are there.") % {"title": facts["title"]}
