"""A school's rosters as a OneRoster package, with results where they are asked for."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Cohort, CohortMember, ExternalIdentity, Organisation, User
from accounts.roster.plans import ISSUER as SCHOOL
from courses.bundles.archive import pack
from integrations.oneroster.columns import COLUMNS, FILES, ISSUER, NO_NAME, ROLES, SYSTEM, harmless

Row = Mapping[str, Any]
Files = dict[str, list[Row]]
_ROLES = {ours: theirs for theirs, ours in ROLES.items()}
#: In which month a school year begins, for classes without dates.
_YEAR_BEGINS = 8


class Sources:
    """What the files call people and classes: by the ids that the school gave, else by our UUIDs. Two queries."""

    def __init__(self, organisation: Organisation, cohorts: Sequence[Cohort]) -> None:
        self.organisation, self.cohorts = organisation, cohorts
        live = CohortMember.objects.live().filter(cohort__in=cohorts, user__erased_at=None)
        self.members = list(live.select_related("user").order_by("cohort", "joined_at", "pk"))
        self.ids: dict[int, dict[str, str]] = defaultdict(dict)
        people = {member.user_id for member in self.members}
        named = ExternalIdentity.objects.filter(organisation=organisation, user__in=people).order_by("pk")
        for one in named:
            self.ids[one.user_id].setdefault(one.issuer, one.subject)

    def user(self, user: User) -> str:
        return self.ids[user.pk].get(ISSUER, str(user.uuid))

    def cohort(self, cohort: Cohort) -> str:
        return cohort.external_id or str(cohort.uuid)


def rosters(sources: Sources) -> Files:
    """orgs, users, roles, academicSessions, courses, classes and enrollments."""
    organisation = sources.organisation
    school = organisation.slug
    sessions: dict[str, Row] = {}
    rows: list[Row] = [
        {
            **_every(sources.cohort(cohort), cohort.updated_at),
            "title": cohort.name,
            "courseSourcedId": f"{school}-reading",
            "classType": "scheduled",
            "schoolSourcedId": school,
            "termSourcedIds": _session(cohort, school, sessions),
        }
        for cohort in sources.cohorts
    ]
    course = {"title": "Read it twice", "orgSourcedId": school}
    return {
        "orgs": [{**_every(school, organisation.updated_at), "name": organisation.name, "type": "school"}],
        "academicSessions": list(sessions.values()),
        "courses": [{**_every(f"{school}-reading", organisation.updated_at), **course}],
        "classes": rows,
        **_people(sources),
        "enrollments": _enrollments(sources),
    }


def packed(files: Files) -> bytes:
    """The zip, with its manifest; the same bytes for the same files. A file that is not in `files` is absent."""
    manifest = {
        "manifest.version": "1.0",
        "oneroster.version": "1.2",
        **{f"file.{name}": "bulk" if name in files else "absent" for name in FILES},
        "source.systemName": "Read it twice",
        "source.systemCode": SYSTEM,
    }
    said = [{"propertyName": name, "value": value} for name, value in manifest.items()]
    texts = {f"{name}.csv": _csv(COLUMNS[name], rows) for name, rows in files.items()}
    return pack({"manifest.csv": _csv(("propertyName", "value"), said), **texts})


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column, "")) for column in columns])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


def day_of(moment: datetime, cohort: Cohort) -> date:
    """The day that it is then where the class is."""
    return moment.astimezone(ZoneInfo(cohort.timezone)).date()


def _every(id: str, changed: datetime) -> dict[str, Any]:
    return {"sourcedId": id, "status": "active", "dateLastModified": changed}


def _session(cohort: Cohort, school: str, sessions: dict[str, Row]) -> str:
    """The term of a class that has both days, else the school year in which it was made."""
    first, last = cohort.starts_on, cohort.ends_on
    is_term = first is not None and last is not None
    if first is None or last is None:
        made = day_of(cohort.created_at, cohort)
        year = made.year - (made.month < _YEAR_BEGINS)
        first, last = date(year, _YEAR_BEGINS, 1), date(year + 1, _YEAR_BEGINS, 1) - timedelta(days=1)
    id = f"{school}-{first}-{last}" if is_term else f"{school}-year-{first.year}"
    sessions.setdefault(
        id,
        {
            **_every(id, cohort.created_at),
            "title": f"{first} – {last}",
            "type": "term" if is_term else "schoolYear",
            "startDate": first,
            "endDate": last + timedelta(days=1),
            "schoolYear": str(last.year),
        },
    )
    return id


def _people(sources: Sources) -> Files:
    """Each once, with the newest real name that a class has for them."""
    names: dict[int, str] = {}
    people: dict[int, User] = {}
    teaching: set[int] = set()
    for member in sources.members:
        people[member.user_id] = member.user
        names[member.user_id] = member.real_name or names.get(member.user_id, "")
        if member.role != CohortMember.Role.LEARNER:
            teaching.add(member.user_id)
    users: list[Row] = []
    roles: list[Row] = []
    for pk, user in people.items():
        id, school = sources.user(user), sources.organisation.slug
        given, _blank, family = names[pk].rpartition(" ") if " " in names[pk] else (names[pk], "", "")
        users.append(
            {
                **_every(id, user.updated_at),
                "enabledUser": user.is_active,
                "username": user.username,
                "givenName": given or str(user),
                "familyName": family or NO_NAME,
                "identifier": sources.ids[pk].get(SCHOOL, ""),
                "preferredGivenName": str(user),
                "primaryOrgSourcedId": school,
            }
        )
        roles.append(
            {
                **_every(f"{id}-role", user.updated_at),
                "userSourcedId": id,
                "roleType": "primary",
                "role": "teacher" if pk in teaching else "student",
                "orgSourcedId": school,
            }
        )
    return {"users": users, "roles": roles}


def _enrollments(sources: Sources) -> list[Row]:
    cohorts = {cohort.pk: cohort for cohort in sources.cohorts}
    led: set[int] = set()
    rows: list[Row] = []
    for member in sources.members:
        is_first = member.role == CohortMember.Role.TEACHER and member.cohort_id not in led
        if is_first:
            led.add(member.cohort_id)
        rows.append(
            {
                **_every(str(member.uuid), member.updated_at),
                "classSourcedId": sources.cohort(cohorts[member.cohort_id]),
                "schoolSourcedId": sources.organisation.slug,
                "userSourcedId": sources.user(member.user),
                "role": _ROLES[member.role],
                "primary": is_first,
                "beginDate": day_of(member.joined_at, cohorts[member.cohort_id]),
            }
        )
    return rows
