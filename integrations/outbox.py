"""What other systems are told of, written down in the transaction in which it happens.

The receivers here only write rows; `integrations.delivering` sends them, from the worker. What becomes of
scores is found and written down by `integrations.score_news`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import CohortMember, Organisation, User
from courses.models import Course
from integrations.models import Delivery, OutboxEvent, WebhookEndpoint
from quizzes import telling
from quizzes.models import Attempt

#: What an endpoint may be told of, and what that means.
EVENTS: Mapping[str, Any] = {
    "attempt.submitted": _("An attempt was handed in"),
    "score.changed": _("A score became another one, whatever changed it"),
    "grades.released": _("Marks can be seen by their learners"),
    "membership.changed": _("Somebody came into a class, left it, or changed their role"),
    "course.published": _("A course was opened to learners"),
}


#: The scope that a client needs to be told: what it could read, it may be told of.
NEEDS: Mapping[str, str] = {
    "attempt.submitted": "attempts:read",
    "score.changed": "grades:read",
    "grades.released": "grades:read",
    "membership.changed": "roster:read",
    "course.published": "content:read",
}


def put(
    *, kind: str, data: Mapping[str, Any], organisation: Organisation, learner: User | None = None
) -> None:
    """Write down an event, and a delivery for each endpoint that wants to know. One to three statements."""
    told = endpoints_for(kind, client__organisation=organisation)
    if told:
        write([OutboxEvent(organisation=organisation, kind=kind, learner=learner, data=dict(data))], told)


def endpoints_for(kind: str, **whose: Any) -> list[WebhookEndpoint]:
    """The live endpoints that are told of `kind`. One statement."""
    live = WebhookEndpoint.objects.filter(client__revoked_at=None, disabled_at=None, **whose)
    return [
        endpoint
        for endpoint in live.select_related("client")
        if kind in endpoint.events and NEEDS[kind] in endpoint.client.scopes
    ]


def write(events: Iterable[OutboxEvent], told: Sequence[WebhookEndpoint]) -> None:
    """The events, and a delivery of each to every one of the endpoints that is of its organisation."""
    Delivery.objects.bulk_create(
        Delivery(endpoint=endpoint, event=event)
        for event in OutboxEvent.objects.bulk_create(events)
        for endpoint in told
        if endpoint.client.organisation_id == event.organisation_id
    )


def on_attempt_submitted(sender: Any, *, attempt: Attempt, **_signal: Any) -> None:
    more = {"submitted_at": _time(attempt.submitted_at), "cause": attempt.submit_cause}
    _put_attempts("attempt.submitted", [attempt], **more)


def on_grades_released(sender: Any, *, attempts: Iterable[Attempt], **_signal: Any) -> None:
    _put_attempts("grades.released", attempts)


def on_member_changed(sender: Any, *, member: CohortMember, **_signal: Any) -> None:
    on_members_changed(sender, members=[member])


def on_members_changed(sender: Any, *, members: Iterable[CohortMember], **_signal: Any) -> None:
    """Many at once: one statement where nobody is told."""
    changed = list(members)
    organisations = {member.cohort.organisation_id for member in changed}
    told = endpoints_for("membership.changed", client__organisation__in=organisations)
    if not told:
        return
    events = (
        OutboxEvent(
            organisation_id=member.cohort.organisation_id,
            kind="membership.changed",
            learner=member.user,
            data=_membership(member),
        )
        for member in changed
    )
    write(events, told)


def _membership(member: CohortMember) -> dict[str, str | None]:
    return {
        "cohort": str(member.cohort.uuid),
        "user": str(member.user.uuid),
        "role": member.role,
        "joined_at": _time(member.joined_at),
        "left_at": _time(member.left_at),
    }


def on_course_published(sender: Any, *, course: Course, **_signal: Any) -> None:
    data = {"course": str(course.uuid), "title": course.title}
    put(organisation=course.organisation, kind="course.published", data=data)


def _put_attempts(kind: str, attempts: Iterable[Attempt], **more: Any) -> None:
    """What is made alone, or to try things, is nobody else's business.

    The rows that an event names are read only where somebody is told: handing in must stay quick. One
    statement where nobody is, seven at most where somebody is, however many attempts there are. What the
    learner is not told yet is told to nobody: its fraction is null.
    """
    theirs = [one for one in attempts if one.cohort_id is not None and not one.is_preview]
    if not theirs:
        return
    cohorts = {one.cohort_id for one in theirs}
    told = endpoints_for(kind, client__organisation__in=Organisation.objects.filter(cohorts__in=cohorts))
    if not told:
        return
    fractions = {one.pk: one.fraction for one in theirs}
    found = Attempt.objects.filter(pk__in=fractions).select_related(
        "learner", "quiz", "quiz_revision", "cohort", "assignment__cohort"
    )
    rows = list(found.order_by("pk"))
    held = telling.waits_among(rows)
    events = (
        OutboxEvent(
            organisation_id=row.cohort.organisation_id,
            kind=kind,
            learner=row.learner,
            data={**_named(row), "fraction": None if row.pk in held else fractions[row.pk], **more},
        )
        for row in rows
        if row.cohort is not None
    )
    write(events, told)


def _named(attempt: Attempt) -> dict[str, str | None]:
    """What an event says of an attempt, by public ids."""
    rows = {name: getattr(attempt, name) for name in ("learner", "quiz", "cohort", "assignment")}
    return {
        "attempt": str(attempt.uuid),
        **{name: str(row.uuid) if row else None for name, row in rows.items()},
    }


def _time(moment: Any) -> str | None:
    return moment.astimezone(timezone.get_default_timezone()).isoformat() if moment else None
