"""What the files of a package mean for the classes and people of one organisation. Nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import classes, nicknames
from integrations.oneroster.archives import Line, OneRosterRefused, Package
from integrations.oneroster.columns import NO_NAME, ROLES

LONGEST_ID = 255
_MOST_FAULTS = 200


@dataclass(frozen=True)
class SchoolClass:
    """A class as the file has it; `over` where it is to be deleted."""

    line: int
    id: str
    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    over: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody as the file has them; `gone` where they are to be deleted or may not sign in."""

    line: int
    id: str
    real_name: str
    nickname: str
    number: str
    gone: bool = False


@dataclass(frozen=True)
class Place:
    """Somebody's place in a class; not `active` where it has ended."""

    line: int
    user: str
    cohort: str
    role: str
    active: bool


@dataclass
class Roster:
    """All that a package says. `whole`: who has no line in enrollments.csv leaves the classes of classes.csv."""

    classes: dict[str, SchoolClass] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    whole: bool = False


def read(package: Package, *, known_classes: frozenset[str], known_people: frozenset[str]) -> Roster:
    """The roster in a package. `known_*` are ids that the organisation has, and that a delta may name.

    Raises OneRosterRefused with every fault of every file.
    """
    roster = Roster(whole=package.modes.get("enrollments") == "bulk")
    _require(package)
    sessions = _sessions(package)
    for line in _unique(package, "classes"):
        if found := _class(package, line, sessions):
            roster.classes[line.id] = found
    for line in _unique(package, "users"):
        roster.people[line.id] = _person(package, line)
    for line in package.lines("enrollments"):
        if place := _place(package, line, roster, known_classes, known_people):
            roster.places.append(place)
    if package.faults:
        raise OneRosterRefused(package.faults[:_MOST_FAULTS])
    return roster


def _require(package: Package) -> None:
    for name in ("users", "classes", "enrollments"):
        if package.modes.get(name) is None and "delta" not in package.modes.values():
            package.fault(
                "manifest", 0, f"file.{name}", _("A bulk export has users, classes and enrollments.")
            )


def _unique(package: Package, name: str) -> Iterable[Line]:
    seen: dict[str, int] = {}
    for line in package.lines(name):
        first = seen.setdefault(line.id, line.number)
        if first != line.number:
            package.fault(
                name, line.number, "sourcedId", _("It stands in line %(line)d too.") % {"line": first}
            )
        elif len(line.id) > LONGEST_ID or nicknames.has_unseen(line.id):
            package.fault(
                name, line.number, "sourcedId", _("It is too long, or has a character that is unseen.")
            )
        else:
            yield line


def _sessions(package: Package) -> dict[str, tuple[date, date] | None]:
    """Terms with their first and last day (the file's end is the day after); None for whole school years."""
    found: dict[str, tuple[date, date] | None] = {}
    for line in package.lines("academicSessions"):
        starts, ends = _day(package, line, "startDate"), _day(package, line, "endDate")
        if starts and ends and ends <= starts:
            package.fault("academicSessions", line.number, "endDate", _("It is the day after the last one."))
        elif starts and ends:
            is_term = line["type"] != "schoolYear"
            found[line.id] = (starts, ends - timedelta(days=1)) if is_term else None
    return found


def _day(package: Package, line: Line, column: str, name: str = "academicSessions") -> date | None:
    if not line[column]:
        return None
    try:
        return date.fromisoformat(line[column][:10])
    except ValueError:
        package.fault(name, line.number, column, _("A day is written 2026-09-01."))
        return None


def _class(package: Package, line: Line, sessions: dict[str, tuple[date, date] | None]) -> SchoolClass | None:
    if line.is_deleted:
        return SchoolClass(line.number, line.id, "", over=True)
    name = nicknames.tidied(line["title"])
    if name and (fault := classes.fault_of_name(name)):
        package.fault("classes", line.number, "title", fault)
    for column, file in (("schoolSourcedId", "orgs"), ("courseSourcedId", "courses")):
        known = {other.id for other in package.lines(file)}
        if line[column] and file in package.files and line[column] not in known:
            message = _("%(file)s.csv has no such sourcedId.") % {"file": file}
            package.fault("classes", line.number, column, message)
    terms = [term.strip() for term in line["termSourcedIds"].split(",") if term.strip()]
    unknown = [term for term in terms if term not in sessions]
    if unknown and "academicSessions" in package.files:
        message = _("academicSessions.csv has no %(term)s.") % {"term": unknown[0]}
        package.fault("classes", line.number, "termSourcedIds", message)
    days = [days for term in terms if (days := sessions.get(term))]
    starts = min((first for first, _last in days), default=None)
    ends = max((last for _first, last in days), default=None)
    return SchoolClass(line.number, line.id, name, starts, ends)


def _person(package: Package, line: Line) -> Person:
    family = "" if line["familyName"] in (NO_NAME, "-") else line["familyName"]
    given, called = line["givenName"], line["preferredGivenName"] or line["givenName"]
    real_name = nicknames.tidied(f"{given} {family}") if family or given != called else ""
    nickname = nicknames.tidied(called)[: nicknames.LONGEST].strip()
    gone = line.is_deleted or line["enabledUser"].lower() == "false"
    if not gone:
        if fault := classes.fault_of_real_name(real_name):
            package.fault("users", line.number, "familyName", fault)
        if fault := nicknames.fault(nickname):
            column = "preferredGivenName" if line["preferredGivenName"] else "givenName"
            package.fault("users", line.number, column, fault)
    return Person(line.number, line.id, real_name, nickname, line["identifier"], gone)


def _place(
    package: Package,
    line: Line,
    roster: Roster,
    known_classes: frozenset[str],
    known_people: frozenset[str],
) -> Place | None:
    """None for a role that we have no place for (an administrator), and for what is wrong."""
    for column, found, known, file in (
        ("classSourcedId", roster.classes, known_classes, "classes"),
        ("userSourcedId", roster.people, known_people, "users"),
    ):
        is_delta = package.modes["enrollments"] == "delta"
        if line[column] and line[column] not in found and not (is_delta and line[column] in known):
            message = _("%(file)s.csv has no such sourcedId.") % {"file": file}
            package.fault("enrollments", line.number, column, message)
            return None
    role = ROLES.get(line["role"].lower())
    if role is None and line["role"].lower() not in (
        "administrator",
        "aide",
        "guardian",
        "parent",
        "relative",
    ):
        package.fault(
            "enrollments", line.number, "role", _("It is student, teacher, proctor or administrator.")
        )
    if role is None:
        return None
    ends = _day(package, line, "endDate", "enrollments")
    over = ends is not None and ends <= timezone.localdate()
    person = roster.people.get(line["userSourcedId"])
    school_class = roster.classes.get(line["classSourcedId"])
    gone = (person is not None and person.gone) or (school_class is not None and school_class.over)
    active = not (line.is_deleted or over or gone)
    return Place(line.number, line["userSourcedId"], line["classSourcedId"], role, active)
