"""Bringing in a program's roster: each row is done, or all are, or none; the same again changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils import timezone

from accounts import classes, nicknames
from accounts.models import Cohort, CohortMember, Organisation, User
from accounts.people import Id, Newcomer, make_people
from accounts.roster.judging import Judge, Step
from accounts.roster.rows import Outcome, RosterBusy, RowsRefused, Wanted, What, told
from accounts.signals import cohort_members_changed

_TRIES = 3
Role = CohortMember.Role


#: Told of each row that was written, with what it was and is: (row, before, after).
Note = Callable[[Model, Any, Any], None]


def upsert(
    *,
    organisation: Organisation,
    rows: Sequence[Wanted],
    note: Note,
    all_or_nothing: bool = False,
    make_cohorts: bool = False,
    known: Mapping[Id, int] = MappingProxyType({}),
) -> list[Outcome]:
    """Make and change people and places; an outcome for each row.

    `known` are people (primary keys) whom the caller knows by ids that are kept nowhere.
    Two at once of one organisation come one after the other. Raises RowsRefused where `all_or_nothing`
    and a row cannot be done, and RosterBusy; then nothing was written.
    """
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                return _upsert(organisation, rows, note, all_or_nothing, make_cohorts, known)
        except IntegrityError:  # an id or a user name was taken meanwhile, by another door
            continue
    raise RosterBusy


def _upsert(
    organisation: Organisation,
    rows: Sequence[Wanted],
    note: Note,
    all_or_nothing: bool,
    make_cohorts: bool,
    known: Mapping[Id, int],
) -> list[Outcome]:
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    cohorts = _held(organisation, rows)
    made = _missing(organisation, rows, cohorts) if make_cohorts else {}
    outcomes, steps = Judge(organisation, rows, {**cohorts, **made}, known).steps()
    if all_or_nothing and any(outcome.faults for outcome in outcomes):
        raise RowsRefused(outcomes)
    used = {step.cohort.pk for step in steps if step.cohort}
    for cohort in made.values():
        if cohort.pk in used:
            note(cohort, None, {"uuid": str(cohort.uuid), "external_id": cohort.external_id})
        else:  # every row that named it was refused
            cohort.delete()
    _write(organisation, steps)
    for outcome in outcomes:
        if outcome.what in (What.CREATED, What.UPDATED):
            about = outcome.member or outcome.user
            note(about, outcome.before, told(outcome.user, outcome.member))  # type: ignore[arg-type]
    return outcomes


def _held(organisation: Organisation, rows: Sequence[Wanted]) -> dict[UUID | str, Cohort]:
    """The classes that rows name, by UUID and external id; held until the transaction ends."""
    uuids = {row.cohort for row in rows if isinstance(row.cohort, UUID)}
    names = {row.cohort for row in rows if isinstance(row.cohort, str) and row.cohort}
    named = Cohort.objects.filter(Q(uuid__in=uuids) | Q(external_id__in=names), organisation=organisation)
    found: dict[UUID | str, Cohort] = {}
    for cohort in named.select_for_update(no_key=True).order_by("pk"):
        cohort.organisation = organisation
        found[cohort.uuid] = cohort
        if cohort.external_id:
            found[cohort.external_id] = cohort
    return found


def _missing(
    organisation: Organisation, rows: Sequence[Wanted], known: dict[UUID | str, Cohort]
) -> dict[UUID | str, Cohort]:
    """New classes of the external ids that no class has; each is called by it."""
    names = dict.fromkeys(row.cohort for row in rows if row.active and isinstance(row.cohort, str))
    return {
        name: Cohort.objects.create(
            organisation=organisation,
            timezone=organisation.timezone,
            external_id=name,
            name=name[: classes.LONGEST_NAME],
        )
        for name in names
        if name and name not in known and not nicknames.has_unseen(name)
    }


def _write(organisation: Organisation, steps: list[Step]) -> None:
    now = timezone.now()
    names = _names_before(steps)
    _make_new(organisation, steps)
    renamed: dict[int, User] = {}
    made: list[CohortMember] = []
    changed: list[CohortMember] = []
    moved: list[CohortMember] = []
    written: set[str] = set()
    for step in steps:
        user, place, outcome = step.user, step.place, step.outcome
        if user is None:
            continue
        if outcome.what != What.CREATED:
            outcome.before = told(user, place)
        if step.nickname and step.nickname != user.display_name:
            user.display_name, user.updated_at = step.nickname, now
            renamed[user.pk] = user
            outcome.what = What.UPDATED
        if place is None and step.cohort is not None:
            outcome.member = CohortMember(
                cohort=step.cohort,
                user=user,
                role=step.row.role or Role.LEARNER,
                real_name=names.get((step.cohort.pk, user.pk), "")
                if step.row.real_name is None
                else nicknames.tidied(step.row.real_name),
                joined_at=now,
            )
            outcome.what = What.CREATED
            made.append(outcome.member)
        elif place is not None and (fields := _changes(step, place, now)):
            for name, value in fields.items():
                setattr(place, name, value)
            outcome.what = What.UPDATED
            changed.append(place)
            written |= fields.keys()
            place.updated_at = now
            if fields.keys() & {"role", "left_at"}:
                moved.append(place)
    User.objects.bulk_update(renamed.values(), ["display_name", "updated_at"])
    CohortMember.objects.bulk_create(made)
    if written:
        CohortMember.objects.bulk_update(changed, sorted(written), batch_size=200)
        CohortMember.objects.filter(pk__in=[place.pk for place in changed]).update(updated_at=now)
    if made or moved:
        cohort_members_changed.send(sender=CohortMember, members=[*made, *moved])


def _names_before(steps: list[Step]) -> dict[tuple[int, int], str]:
    """By class and person: the real name at their last place there, for who comes back and is given none. One query."""
    back = {
        (step.cohort.pk, step.user.pk)
        for step in steps
        if step.cohort and step.user and step.place is None and step.row.real_name is None
    }
    if not back:
        return {}
    ended = CohortMember.objects.filter(
        left_at__isnull=False,
        cohort__in={cohort for cohort, _user in back},
        user__in={user for _cohort, user in back},
    )
    return {
        (cohort, user): name
        for cohort, user, name in ended.order_by("left_at", "pk").values_list("cohort", "user", "real_name")
    }


def _changes(step: Step, place: CohortMember, now: datetime) -> dict[str, Any]:
    """What a row changes of a place that they have."""
    row = step.row
    if not row.active:
        return {"left_at": max(now, place.joined_at)}
    wanted: dict[str, Any] = {}
    if row.role and row.role != place.role:
        wanted["role"] = row.role
    if row.real_name is not None and nicknames.tidied(row.real_name) != place.real_name:
        wanted["real_name"] = nicknames.tidied(row.real_name)
    return wanted


def _make_new(organisation: Organisation, steps: list[Step]) -> None:
    """Accounts for those who have none: one each, however many rows name them."""
    new = {step.row.id: step.nickname for step in steps if step.user is None}
    users = make_people(organisation, [Newcomer(id, nickname) for id, nickname in new.items()])
    made = dict(zip(new, users, strict=True))
    for step in steps:
        if step.user is None:
            step.user = step.outcome.user = made[step.row.id]
            step.outcome.what = What.CREATED
