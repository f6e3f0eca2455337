"""What a program's roster would change, row by row: judged before anything is written.

All that the rows name is read at once, in a dozen queries however many rows there are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import authority, classes, enrolling, nicknames
from accounts.models import Cohort, CohortMember, ExternalIdentity, Organisation, OrganisationMember, User
from accounts.people import Id, fault_of_id
from accounts.roster.rows import Fault, Outcome, Wanted, What

Role = CohortMember.Role
#: Somebody's primary key, because they may be named by several ids; the id of somebody new.
Who = int | Id


@dataclass
class Step:
    """A row that can be done: who it is (None: somebody new), and their place in the class now.

    `nickname` is what they are to be called from now on; "" for what they are called already.
    """

    row: Wanted
    outcome: Outcome
    user: User | None
    cohort: Cohort | None
    place: CohortMember | None
    nickname: str = ""


class Judge:
    """Knows the organisation as it stands; what it reads, the caller has locked."""

    def __init__(
        self,
        organisation: Organisation,
        rows: Sequence[Wanted],
        cohorts: dict[UUID | str, Cohort],
        known: Mapping[Id, int],
    ) -> None:
        self.rows, self.cohorts = rows, cohorts
        ids = ExternalIdentity.objects.filter(
            organisation=organisation, subject__in={row.id[1] for row in rows}
        )
        self.people: dict[Id, User] = {
            (one.issuer, one.subject): one.user for one in ids.select_related("user")
        }
        if known:
            held = User.objects.in_bulk(set(known.values()))
            self.people |= {id: held[pk] for id, pk in known.items()}
        users = {user.pk: user for user in self.people.values()}
        self.people = {id: users[user.pk] for id, user in self.people.items()}  # one object for each
        self.kept = self._among(authority.kept_by(organisation), users)
        works = OrganisationMember.objects.filter(organisation=organisation, user__in=users)
        self.may_teach = self.kept | set(works.values_list("user", flat=True))
        self.places = self._places(users)
        self.teachers = self._teachers()
        self.seen: dict[tuple[Who, int | None], int] = {}
        self.names: dict[Who, str] = {}

    def _among(self, found: "object", users: dict[int, User]) -> set[int]:
        return set(found.filter(pk__in=users).values_list("pk", flat=True))  # type: ignore[attr-defined]

    def _places(self, users: dict[int, User]) -> dict[tuple[int, int], CohortMember]:
        by_pk = {cohort.pk: cohort for cohort in self.cohorts.values()}
        found = {}
        for place in CohortMember.objects.live().filter(cohort__in=by_pk, user__in=users):
            place.cohort, place.user = by_pk[place.cohort_id], users[place.user_id]
            found[place.cohort_id, place.user_id] = place
        return found

    def _teachers(self) -> dict[int, set[Who]]:
        """Who teaches in each class; somebody new is known by their id."""
        held = CohortMember.objects.live().filter(
            cohort__in={cohort.pk for cohort in self.cohorts.values()}, role=Role.TEACHER
        )
        found: dict[int, set[Who]] = defaultdict(set)
        for cohort, user in held.values_list("cohort", "user"):
            found[cohort].add(user)
        return found

    def steps(self) -> tuple[list[Outcome], list[Step]]:
        """An outcome for each row, and what is to be done, in order. Who stops teaching is looked at last."""
        outcomes, steps = [], []
        for number, row in enumerate(self.rows):
            outcome = Outcome()
            outcomes.append(outcome)
            step = self._judged(number, row, outcome)
            if outcome.faults:
                outcome.what = What.REFUSED
            elif step is not None:
                steps.append(step)
        return outcomes, [step for step in steps if not self._leaves_no_teacher(step)]

    def _judged(self, number: int, row: Wanted, outcome: Outcome) -> Step | None:
        outcome.faults += row.faults or [Fault(*fault) for fault in self._unsound(row)]
        cohort = self.cohorts.get(row.cohort) if row.cohort else None
        if row.cohort and cohort is None:
            outcome.faults.append(_unknown_class(str(row.cohort)))
        if outcome.faults:
            return None
        user = outcome.user = self.people.get(row.id)
        place = self.places.get((cohort.pk, user.pk)) if cohort and user else None
        outcome.member = place
        first = self.seen.setdefault((_who(row, user), cohort.pk if cohort else None), number)
        if first != number:
            message = _("This is the same person and class as in row %(row)d.") % {"row": first}
            outcome.faults.append(Fault("external_id", "twice", message))
            return None
        if not row.active:
            return Step(row, outcome, user, cohort, place) if place else None
        outcome.faults += [
            *self._unfit_name(row, user),
            *(self._unfit_place(row, user, cohort, place) if cohort else []),
        ]
        if outcome.faults:
            return None
        if row.role == Role.TEACHER and cohort:
            self.teachers[cohort.pk].add(_who(row, user))
        return Step(row, outcome, user, cohort, place, self._renamed(row, user, outcome))

    def _unsound(self, row: Wanted) -> list[tuple[str, str, str]]:
        faults = [("external_id", "invalid", fault_of_id(row.id))]
        if row.real_name:
            faults.append(
                ("real_name", "invalid", classes.fault_of_real_name(nicknames.tidied(row.real_name)))
            )
        if row.display_name is not None:
            faults.append(("display_name", "invalid", nicknames.fault(nicknames.tidied(row.display_name))))
        if not row.active and not row.cohort:
            faults.append(("cohort", "required", _("Say which class they leave.")))
        return [fault for fault in faults if fault[2]]

    def _unfit_name(self, row: Wanted, user: User | None) -> list[Fault]:
        who = _who(row, user)
        if user is None and not (row.display_name or row.real_name) and who not in self.names:
            message = _("Somebody new needs a display_name, or a real_name to make one of.")
            return [Fault("display_name", "required", message)]
        name = nicknames.tidied(row.display_name or "")
        if name and self.names.setdefault(who, name) != name:
            message = _("Another row calls this person %(name)s.") % {"name": self.names[who]}
            return [Fault("display_name", "contradicts", message)]
        if user is None and who not in self.names:
            self.names[who] = called(row)
        return []

    def _renamed(self, row: Wanted, user: User | None, outcome: Outcome) -> str:
        name = self.names.get(_who(row, user), "")
        if user is None or not name or name == user.display_name:
            return name if user is None else ""
        if user.pk in self.kept:
            return name
        outcome.kept.append("display_name")
        return ""

    def _unfit_place(
        self, row: Wanted, user: User | None, cohort: Cohort, place: CohortMember | None
    ) -> list[Fault]:
        if place is None and cohort.is_archived:
            return [Fault("cohort", "class-archived", enrolling.archived())]
        role = row.role or (place.role if place else Role.LEARNER)
        if place is not None and role != place.role and Role.LEARNER in (role, place.role):
            message = _("They are %(role)s in this class. End that place first, then enrol them anew.")
            return [Fault("role", "other-role", message % {"role": place.get_role_display()})]
        if place is None and role != Role.LEARNER and user and user.pk not in self.may_teach:
            return [Fault("role", "may-not-teach", enrolling.may_not_teach())]
        return []

    def _leaves_no_teacher(self, step: Step) -> bool:
        """Refuse a step by which a class would lose its last teacher."""
        row, place = step.row, step.place
        if place is None or place.role != Role.TEACHER or (row.active and row.role in (None, Role.TEACHER)):
            return False
        left = self.teachers[place.cohort_id] - {place.user_id}
        if not left:
            message = _("A class has at least one teacher. Add another one first.")
            step.outcome.faults.append(Fault("role" if row.active else "active", "last-teacher", message))
            step.outcome.what = What.REFUSED
            return True
        self.teachers[place.cohort_id] = left
        return False


def _unknown_class(name: str) -> Fault:
    if nicknames.has_unseen(name):
        return Fault("cohort", "invalid", _("There is a character in it that cannot be seen."))
    message = _("No class of this organisation is named so. Make it first, or send make_cohorts.")
    return Fault("cohort", "unknown-class", message)


def _who(row: Wanted, user: User | None) -> Who:
    return user.pk if user else row.id


def called(row: Wanted) -> str:
    """What somebody new is called in class: their nickname, else the first word of the real name."""
    name = nicknames.tidied(row.display_name or "") or nicknames.tidied(row.real_name or "").split()[0]
    return name[: nicknames.LONGEST]
