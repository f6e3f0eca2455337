"""Bringing in a OneRoster package: all of it, or nothing; the same again changes nothing.

People of users.csv get an account when enrollments.csv puts them into a class, and none otherwise. Classes
and places that teachers made, and people whom OneRoster does not name, are left alone.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts import classes, enrolling
from accounts.models import Cohort, CohortMember, ExternalIdentity, Organisation, User
from accounts.people import RosterRefused
from accounts.roster.plans import ISSUER as SCHOOL
from accounts.roster.rows import RowsRefused, Wanted
from accounts.roster.upserting import Note, upsert
from integrations.oneroster.archives import Fault, OneRosterRefused, unpack
from integrations.oneroster.columns import ISSUER
from integrations.oneroster.reading import Place, Roster, SchoolClass, read

Role = CohortMember.Role
#: Which of two roles in one class holds.
_WEIGHT = {Role.LEARNER: 0, Role.ASSISTANT: 1, Role.TEACHER: 2}
_COLUMNS = {"external_id": "userSourcedId", "cohort": "classSourcedId", "active": "status"}


@dataclass
class Report:
    """How many classes and places came to what. `archived` are ids of classes that are over here: left alone."""

    classes: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    archived: list[str] = field(default_factory=list)


def bring_in(
    *, by: User, organisation: Organisation, data: bytes, note: Note = lambda row, before, after: None
) -> Report:
    """Bring in a zip. Raises OneRosterRefused; then nothing was written."""
    package = unpack(data)
    report = Report()
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        cohorts = {cohort.external_id: cohort for cohort in _named_classes(organisation)}
        people = _known_people(organisation)
        roster = read(package, known_classes=frozenset(cohorts), known_people=frozenset(people))
        for one in roster.classes.values():
            _bring_class(by, organisation, one, cohorts, report, note)
        report.archived = sorted(id for id in roster.classes if id in cohorts and cohorts[id].is_archived)
        _meet_again(organisation, roster, people)
        wanted = _wanted(organisation, roster, cohorts, people)
        try:
            outcomes = upsert(
                organisation=organisation,
                rows=[row for row, _line in wanted],
                note=note,
                all_or_nothing=True,
            )
        except RowsRefused as refused:
            raise OneRosterRefused(_faults(wanted, refused)) from refused
    report.places.update(outcome.what.value for outcome in outcomes)
    return report


def _named_classes(organisation: Organisation) -> Iterable[Cohort]:
    return Cohort.objects.filter(organisation=organisation).exclude(external_id="")


def _known_people(organisation: Organisation) -> dict[str, int]:
    """User's `sourcedId` to primary key."""
    ids = ExternalIdentity.objects.filter(organisation=organisation, issuer=ISSUER)
    return dict(ids.values_list("subject", "user"))


def _bring_class(
    by: User,
    organisation: Organisation,
    one: SchoolClass,
    cohorts: dict[str, Cohort],
    report: Report,
    note: Note,
) -> None:
    """Make a class, change it, or end it. One that was archived here stays so, whatever the file says."""
    cohort = cohorts.get(one.id)
    before = _told(cohort) if cohort else None
    if one.over or (cohort is not None and cohort.is_archived):
        if cohort is not None and one.over and not cohort.is_archived:
            classes.set_archived(by=by, cohort=cohort, archived=True)
            report.classes["archived"] += 1
            note(cohort, before, {**(before or {}), "archived": True})
        return
    fields: Any = {"name": one.name, "starts_on": one.starts_on, "ends_on": one.ends_on}
    if cohort is not None and all(getattr(cohort, name) == value for name, value in fields.items()):
        report.classes["unchanged"] += 1
        return
    try:
        if cohort is None:
            made = enrolling.make_class(by=by, organisation=organisation, external_id=one.id, **fields)
        else:
            made = enrolling.change_class(by=by, cohort=cohort, **fields)
    except RosterRefused as refused:
        raise OneRosterRefused([Fault("classes.csv", one.line, "", refused.message)]) from refused
    cohorts[one.id] = made
    report.classes["updated" if cohort else "created"] += 1
    note(made, before, _told(made))


def _told(cohort: Cohort) -> dict[str, Any]:
    named = {"uuid": str(cohort.uuid), "external_id": cohort.external_id, "name": cohort.name}
    return {**named, "starts_on": cohort.starts_on, "ends_on": cohort.ends_on, "archived": cohort.is_archived}


def _meet_again(organisation: Organisation, roster: Roster, people: dict[str, int]) -> None:
    """Who is known by the school's own number already (`identifier`) is not made again."""
    new = {
        one.number: id
        for id, one in roster.people.items()
        if id not in people and one.number and not one.gone
    }
    same = ExternalIdentity.objects.filter(organisation=organisation, issuer=SCHOOL, subject__in=new)
    named = set(people.values())
    found = [one for one in same if one.user_id not in named]
    ExternalIdentity.objects.bulk_create(
        ExternalIdentity(
            organisation=organisation, user_id=one.user_id, issuer=ISSUER, subject=new[one.subject]
        )
        for one in found
    )
    people.update({new[one.subject]: one.user_id for one in found})


def _wanted(
    organisation: Organisation, roster: Roster, cohorts: dict[str, Cohort], people: dict[str, int]
) -> list[tuple[Wanted, int]]:
    """A row for each place, with its line in enrollments.csv (0: it has none there, and ends)."""
    open_classes = {id: cohort for id, cohort in cohorts.items() if not cohort.is_archived}
    places = _one_each(place for place in roster.places if place.cohort in open_classes)
    rows = []
    for (user, _cohort), place in places.items():
        person = roster.people.get(user)
        rows.append(
            (_row(place, None if user in people or person is None else person.nickname, roster), place.line)
        )
    held = CohortMember.objects.live().filter(
        user__in=people.values(), cohort__in=list(open_classes.values())
    )
    id_of = {pk: id for id, pk in people.items()}
    gone = {id for id, one in roster.people.items() if one.gone}
    for user_pk, cohort_id in held.values_list("user", "cohort__external_id"):
        user = id_of[user_pk]
        is_left_out = roster.whole and cohort_id in roster.classes
        if (user, cohort_id) not in places and (is_left_out or user in gone):
            rows.append((Wanted((ISSUER, user), cohort_id, active=False), 0))
    return rows


def _one_each(places: Iterable[Place]) -> dict[tuple[str, str], Place]:
    """Somebody with two lines in one class has the place that holds, with the weightier role."""
    found: dict[tuple[str, str], Place] = {}
    for place in places:
        held = found.get((place.user, place.cohort))
        if held is None or _rank(place) > _rank(held):
            found[place.user, place.cohort] = place
    return found


def _rank(place: Place) -> tuple[bool, int]:
    return place.active, _WEIGHT[Role(place.role)]


def _row(place: Place, nickname: str | None, roster: Roster) -> Wanted:
    person = roster.people.get(place.user)
    return Wanted(
        id=(ISSUER, place.user),
        cohort=place.cohort,
        display_name=nickname,  # of who has an account, the class's own word stays
        real_name=person.real_name if person else None,
        role=place.role if place.active else None,
        active=place.active,
    )


def _faults(wanted: list[tuple[Wanted, int]], refused: RowsRefused) -> list[Fault]:
    return [
        Fault("enrollments.csv", line, _COLUMNS.get(fault.field, fault.field), fault.message)
        for (row, line), outcome in zip(wanted, refused.outcomes, strict=True)
        for fault in outcome.faults
    ]
