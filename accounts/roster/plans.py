"""What a class list would change in a class: worked out before anything is written, and shown."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts import nicknames
from accounts.classes import fault_of_real_name
from accounts.models import Cohort, CohortMember, ExternalIdentity, User
from accounts.names import name_key
from accounts.naming import with_real_name
from accounts.roster.columns import Row, given_name

#: Under which issuer a school's own ids are kept.
ISSUER = "roster"
LONGEST_ID = 255


@dataclass(frozen=True)
class Fault:
    """A line that cannot be brought in, what is wrong with it, and how to mend it."""

    line: int
    message: str


@dataclass(frozen=True)
class New:
    """Somebody who gets an account and a place; `nickname` is free in the class."""

    row: Row
    nickname: str


@dataclass(frozen=True)
class Known:
    """Somebody who has an account: of this class (`member`), or of the school and new to the class.

    `asks`: found by the real name alone, so that the teacher says whether it is the same person.
    `learns_id`: the school's id is new to us. `renames`: the real name is another one now.
    """

    row: Row
    user: User
    member: CohortMember | None
    asks: bool = False
    learns_id: bool = False
    renames: bool = False

    @property
    def shown(self) -> str:
        return with_real_name(self.member.real_name if self.member else "", str(self.user))

    @property
    def is_change(self) -> bool:
        return self.member is None or self.learns_id or self.renames


@dataclass
class Plan:
    """All that a list would do. Nothing may be done while there are faults."""

    new: list[New] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    absent: list[CohortMember] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def joining(self) -> list[Known]:
        return [one for one in self.known if one.member is None]

    @property
    def changed(self) -> list[Known]:
        return [one for one in self.known if one.member is not None and one.is_change]

    @property
    def unchanged(self) -> list[Known]:
        return [one for one in self.known if not one.is_change]

    @property
    def asking(self) -> list[Known]:
        return [one for one in self.known if one.asks]

    def fingerprint(self) -> str:
        """The same for the same plan: what was agreed to is what is done, or nothing is."""
        said = [
            *(f"new {one.row}" for one in self.new),
            *(f"known {one.row} {one.user.pk} {one.member and one.member.pk}" for one in self.known),
            *(f"absent {member.pk}" for member in self.absent),
        ]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def plan(cohort: Cohort, rows: list[Row], *, strangers: frozenset[int] = frozenset()) -> Plan:
    """What `rows` would do to `cohort`, in five queries however many they are.

    `strangers` are the lines of which the teacher said that they are not whom we found by name.
    """
    return _Planner(cohort, rows, strangers).plan()


class _Planner:
    def __init__(self, cohort: Cohort, rows: list[Row], strangers: frozenset[int]) -> None:
        self.cohort, self.rows, self.strangers = cohort, rows, strangers
        self.made = Plan()
        members = CohortMember.objects.filter(cohort=cohort, left_at=None).select_related("user")
        self.by_user = {member.user_id: member for member in members}
        self.learners = [one for one in self.by_user.values() if one.role == CohortMember.Role.LEARNER]
        self.former = self._former()
        self.taken = {nicknames.nickname_key(str(member.user)) for member in self.by_user.values()}
        kept = ExternalIdentity.objects.filter(organisation=cohort.organisation_id, issuer=ISSUER)
        ids = [row.id for row in rows if row.id]
        self.by_id = {one.subject: one.user for one in kept.filter(subject__in=ids).select_related("user")}
        here = [*self.by_user, *(one.user_id for one in self.former)]
        self.with_id = set(kept.filter(user__in=here).values_list("user", flat=True))
        self.names = self._names_elsewhere()
        self.used: dict[int, int] = {}

    def _former(self) -> list[CohortMember]:
        """Who learnt in this class and left: the newest place of each."""
        left = CohortMember.objects.filter(
            cohort=self.cohort,
            role=CohortMember.Role.LEARNER,
            left_at__isnull=False,
            user__erased_at=None,
        ).exclude(user__in=self.by_user)
        newest = {place.user_id: place for place in left.select_related("user").order_by("joined_at", "pk")}
        return list(newest.values())

    def _names_elsewhere(self) -> dict[int, set[str]]:
        """Real names, folded, under which the holders of these ids are or were known in the school."""
        holders = [user.pk for user in self.by_id.values()]
        places = CohortMember.objects.filter(
            user__in=holders, cohort__organisation=self.cohort.organisation_id
        )
        names: dict[int, set[str]] = {pk: set() for pk in holders}
        for user, real_name in places.order_by().values_list("user", "real_name"):
            if real_name:
                names[user].add(name_key(real_name))
        return names

    def plan(self) -> Plan:
        twice_id = Counter(row.id for row in self.rows if row.id)
        twice_name = Counter(name_key(row.name) for row in self.rows if not row.id)
        for row in self.rows:
            if message := self._fault(row, twice_id, twice_name):
                self.made.faults.append(Fault(row.line, message))
            else:
                self._place(row)
        self._name_the_new()
        self.made.absent = sorted(
            (member for member in self.learners if member.user_id not in self.used),
            key=lambda member: (member.real_name or str(member.user)).casefold(),
        )
        self.made.faults.sort(key=lambda fault: fault.line)
        return self.made

    def _fault(self, row: Row, twice_id: Counter[str], twice_name: Counter[str]) -> str:
        if not row.name:
            return _("There is no name. Add it, or delete the line.")
        if row.name.startswith(("=", "+", "@")) or row.id.startswith("="):
            return _("This begins like a formula. Copy the cells and paste them as values.")
        if message := fault_of_real_name(row.name):
            return message
        if len(row.id) > LONGEST_ID or nicknames.has_unseen(row.id):
            return _("This id is too long, or has a character that cannot be seen. Type it again.")
        if twice_id[row.id] > 1:
            return _("The id %(id)s stands in this list twice. Each pupil has an id of their own.") % {
                "id": row.id
            }
        if not row.id and twice_name[name_key(row.name)] > 1:
            return _("Two pupils in this list are called %(name)s. Give each a student id.") % {
                "name": row.name
            }
        if row.nickname and (message := nicknames.fault(nicknames.tidied(row.nickname))):
            return message
        return ""

    def _place(self, row: Row) -> None:
        """Find out whom the row means, or put it with the new ones; or note what is wrong."""
        user = self.by_id.get(row.id) if row.id else None
        known = self._by_id(row, user) if user is not None else self._by_name(row)
        if known is None:
            return
        if known.user.pk in self.used:
            other = self.used[known.user.pk]
            self._refuse(row, _("This is the same person as in line %(line)d.") % {"line": other})
            return
        self.used[known.user.pk] = row.line
        self.made.known.append(known)

    def _by_id(self, row: Row, user: User) -> Known | None:
        member = self.by_user.get(user.pk)
        if member is None and name_key(row.name) not in self.names[user.pk]:
            self._refuse(
                row, _("The id %(id)s belongs to somebody else in this school. Check it.") % {"id": row.id}
            )
            return None
        if user.erased_at is not None or (member is not None and member.role != CohortMember.Role.LEARNER):
            self._refuse(row, _("The id %(id)s belongs to nobody who can be a pupil here.") % {"id": row.id})
            return None
        if member is None and nicknames.nickname_key(str(user)) in self.taken:
            self._refuse(
                row,
                _("%(name)s has the nickname of somebody in this class. Change that one first.")
                % {"name": row.name},
            )
            return None
        if member is None:
            self.taken.add(nicknames.nickname_key(str(user)))
        return Known(row, user, member, renames=member is not None and member.real_name != row.name)

    def _by_name(self, row: Row) -> Known | None:
        """Somebody of this class with exactly this real name, whom no other id names.

        Else who has no real name yet and a nickname that fits; else who left and had the name.
        """
        free = [one for one in self.learners if not (row.id and one.user_id in self.with_id)]
        same = [one for one in free if name_key(one.real_name) == name_key(row.name)]
        if not same:
            fitting = {
                nicknames.nickname_key(name) for name in (row.nickname, row.name, given_name(row)) if name
            }
            same = [
                one
                for one in free
                if not one.real_name
                and one.user_id not in self.used
                and nicknames.nickname_key(str(one.user)) in fitting
            ]
            same = same if len(same) == 1 else []
        if len(same) > 1:
            self._refuse(
                row,
                _("Two pupils in this class are called %(name)s. Give each a student id.")
                % {"name": row.name},
            )
            return None
        if row.line not in self.strangers:
            if same:
                (member,) = same
                renames = name_key(member.real_name) != name_key(row.name)
                return Known(row, member.user, member, asks=True, learns_id=bool(row.id), renames=renames)
            back = self._who_left(row)
            if back is not None:
                return back
        self.made.new.append(New(row, ""))
        return None

    def _who_left(self, row: Row) -> Known | None:
        """The one who left with this name, unless another id names them or their nickname is taken now."""
        same = [
            one
            for one in self.former
            if name_key(one.real_name) == name_key(row.name)
            and not (row.id and one.user_id in self.with_id)
            and one.user_id not in self.used
        ]
        if len(same) != 1 or nicknames.nickname_key(str(same[0].user)) in self.taken:
            return None
        self.taken.add(nicknames.nickname_key(str(same[0].user)))
        return Known(row, same[0].user, None, asks=True, learns_id=bool(row.id))

    def _name_the_new(self) -> None:
        """Nicknames for new accounts: the list's own first, so that none of them is taken away."""
        named = []
        for new in sorted(self.made.new, key=lambda one: not one.row.nickname):
            nickname = nicknames.tidied(new.row.nickname)
            if nickname and nicknames.nickname_key(nickname) in self.taken:
                self._refuse(
                    new.row,
                    _("Somebody in this class is %(nickname)s already. Choose another nickname.")
                    % {"nickname": nickname},
                )
                continue
            nickname = nickname or self._free_nickname(new.row)
            if message := nicknames.fault(nickname):
                self._refuse(new.row, message)
                continue
            self.taken.add(nicknames.nickname_key(nickname))
            named.append(New(new.row, nickname))
        self.made.new = sorted(named, key=lambda one: one.row.line)

    def _free_nickname(self, row: Row) -> str:
        """The given name; with the first letter of the last name, or a number, where it is taken."""
        given = given_name(row)[: nicknames.LONGEST - 4]
        words = row.name.split()
        tries = [given, *([f"{given} {words[-1][0]}."] if len(words) > 1 else [])]
        tries += [f"{given} {number}" for number in range(2, 1000)]
        return next(one for one in tries if nicknames.nickname_key(one) not in self.taken)

    def _refuse(self, row: Row, message: str) -> None:
        self.made.faults.append(Fault(row.line, message))
