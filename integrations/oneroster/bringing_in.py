"""Bringing in a OneRoster package: all of it, or nothing; the same again changes nothing.

People of users.csv get an account when enrollments.csv puts them into a class, and none otherwise. Classes
and places that teachers made, and people whom OneRoster does not name, are left alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import classes, enrolling
from accounts.models import Cohort, CohortMember, ExternalIdentity, Organisation, User
from accounts.people import RosterRefused
from accounts.roster.plans import ISSUER as SCHOOL
from accounts.roster.rows import RowsRefused, Wanted
from accounts.roster.upserting import Note, upsert
from integrations.oneroster.archives import Fault, OneRosterRefused, Package, unpack
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
        cohorts = _known_classes(organisation, package)
        known = _known_by_uuid(organisation, package)
        people = _known_people(organisation)
        known = {id: pk for id, pk in known.items() if id not in people}
        people |= known
        with timezone.override(organisation.timezone):  # what is over by now
            roster = read(package, known_classes=frozenset(cohorts), known_people=frozenset(people))
        report.archived = sorted(id for id in roster.classes if id in cohorts and cohorts[id].is_archived)
        for one in roster.classes.values():
            if package.is_ours and (held := cohorts.get(one.id)):
                one = _with_days(one, held)
            _bring_class(by, organisation, one, cohorts, report, note)
        _meet_again(organisation, roster, people, note)
        wanted = _wanted(
            roster, cohorts, people, _names_here(organisation, people) if package.is_ours else {}
        )
        try:
            outcomes = upsert(
                organisation=organisation,
                rows=[row for row, _line in wanted],
                note=note,
                all_or_nothing=True,
                known={(ISSUER, id): pk for id, pk in known.items()},
            )
        except RowsRefused as refused:
            raise OneRosterRefused(_faults(wanted, refused)) from refused
    report.places.update(outcome.what.value for outcome in outcomes)
    return report


def _known_classes(organisation: Organisation, package: Package) -> dict[str, Cohort]:
    """By `sourcedId`: the school's own ids and, of what the package names, our UUIDs, which packages of ours have."""
    of_school = Cohort.objects.filter(organisation=organisation)
    named = _uuids(package, ("classes", "sourcedId"), ("enrollments", "classSourcedId"))
    found = {named[cohort.uuid]: cohort for cohort in of_school.filter(uuid__in=named)}
    return found | {cohort.external_id: cohort for cohort in of_school.exclude(external_id="")}


def _known_by_uuid(organisation: Organisation, package: Package) -> dict[str, int]:
    """Whom the package names by our UUID, to primary key: who is, or was, in a class of the organisation."""
    named = _uuids(package, ("users", "sourcedId"), ("enrollments", "userSourcedId"))
    places = CohortMember.objects.filter(cohort__organisation=organisation, user__uuid__in=named)
    found = User.objects.filter(pk__in=places.values("user"), erased_at=None)
    return {named[uuid]: pk for uuid, pk in found.values_list("uuid", "pk")}


def _uuids(package: Package, *columns: tuple[str, str]) -> dict[UUID, str]:
    """What these columns of these files hold that is a UUID, as it is written there."""
    texts = {line[column] for name, column in columns for line in package.lines(name)}
    found = {}
    for text in texts:
        with suppress(ValueError):
            found[UUID(text)] = text
    return found


def _names_here(organisation: Organisation, people: Mapping[str, int]) -> dict[str, set[str]]:
    """What the school's classes call people, as `reading` would read it in a package of ours."""
    places = CohortMember.objects.live().filter(cohort__organisation=organisation, user__in=people.values())
    found: dict[int, set[str]] = defaultdict(set)
    for user, real_name, nickname in places.values_list("user", "real_name", "user__display_name"):
        found[user].add("" if real_name == nickname else real_name)
    return {id: found[pk] for id, pk in people.items()}


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
            cohort.refresh_from_db()  # its places stay as they are
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


def _with_days(one: SchoolClass, held: Cohort) -> SchoolClass:
    """A package of ours has a school year for a class that has not both days: the one that it has stays."""
    if one.starts_on or one.ends_on or (held.starts_on and held.ends_on):
        return one
    return replace(one, starts_on=held.starts_on, ends_on=held.ends_on)


def _told(cohort: Cohort) -> dict[str, Any]:
    named = {"uuid": str(cohort.uuid), "external_id": cohort.external_id, "name": cohort.name}
    return {**named, "starts_on": cohort.starts_on, "ends_on": cohort.ends_on, "archived": cohort.is_archived}


def _meet_again(organisation: Organisation, roster: Roster, people: dict[str, int], note: Note) -> None:
    """Who is known by the school's own number already (`identifier`) is not made again."""
    new = {
        one.number: id
        for id, one in roster.people.items()
        if id not in people and one.number and not one.gone
    }
    same = ExternalIdentity.objects.filter(organisation=organisation, issuer=SCHOOL, subject__in=new)
    named = set(people.values())
    made = ExternalIdentity.objects.bulk_create(
        ExternalIdentity(organisation=organisation, user=one.user, issuer=ISSUER, subject=new[one.subject])
        for one in same.select_related("user")
        if one.user_id not in named
    )
    for one in made:
        note(one, None, {"user": str(one.user.uuid), "issuer": one.issuer, "subject": one.subject})
    people.update({one.subject: one.user_id for one in made})


def _wanted(
    roster: Roster, cohorts: dict[str, Cohort], people: dict[str, int], names: Mapping[str, set[str]]
) -> list[tuple[Wanted, int]]:
    """A row for each place, with its line in enrollments.csv (0: it has none there, and ends).

    Of whom a class calls so already (`names`), each class's own word stays.
    """
    open_classes = {id: cohort for id, cohort in cohorts.items() if not cohort.is_archived}
    places = _one_each(place for place in roster.places if place.cohort in open_classes)
    held = CohortMember.objects.live().filter(
        user__in=people.values(), cohort__in=list(open_classes.values())
    )
    # By what the package calls them, where somebody has two names.
    id_of = {people[id]: id for id in sorted(people, key=roster.people.__contains__)}
    class_of = {open_classes[id].pk: id for id in sorted(open_classes, key=roster.classes.__contains__)}
    stay = {(id_of[user], class_of[cohort]) for user, cohort in held.values_list("user", "cohort")}
    rows = []
    for (user, cohort), place in places.items():
        person = roster.people.get(user)
        row = Wanted(
            id=(ISSUER, user),
            cohort=open_classes[cohort].uuid,
            # Of who has an account, the class's own word stays.
            display_name=None if user in people or person is None else person.nickname,
            real_name=person.real_name if person else None,
            role=place.role if place.active else None,
            active=place.active,
        )
        if (user, cohort) in stay and row.real_name in names.get(user, ()):
            row = replace(row, real_name=None)
        rows.append((row, place.line))
    gone = {id for id, one in roster.people.items() if one.gone}
    for user, cohort in sorted(stay - places.keys()):
        if (roster.whole and cohort in roster.classes) or user in gone:
            rows.append((Wanted((ISSUER, user), open_classes[cohort].uuid, active=False), 0))
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


def _faults(wanted: list[tuple[Wanted, int]], refused: RowsRefused) -> list[Fault]:
    return [
        Fault("enrollments.csv", line, _COLUMNS.get(fault.field, fault.field), fault.message)
        for (row, line), outcome in zip(wanted, refused.outcomes, strict=True)
        for fault in outcome.faults
    ]
