"""Running a class: who starts it, who teaches in it, what its learners are called, when it is over.

`by` is who asks, and must lead the class (`Cohort.objects.led_by`); the pages see to that. All but
`start_class` lock the class, so that two teachers cannot each remove the other.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import joining, journal, nicknames
from accounts.backends import signing_in_as
from accounts.models import Cohort, CohortMember, JoinCode, Organisation, OrganisationMember, User
from accounts.signals import cohort_member_changed

Role = CohortMember.Role
LONGEST_NAME = 120
LONGEST_REAL_NAME = 200


class ClassRefused(Exception):
    """Nothing was changed; the message says why, and how to mend it. `field` is what has to be mended."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


def may_start_in(user: User) -> list[Organisation]:
    """The organisations in which they may start a class."""
    if not user.has_perm("accounts.start_cohort"):
        return []
    return list(Organisation.objects.of(user).order_by("name", "pk"))


@transaction.atomic
def start_class(*, by: User, organisation: Organisation, name: str, zone: str = "") -> Cohort:
    """A class that `by` teaches, with a code for its pupils. `zone` is the organisation's if empty.

    Raises ClassRefused without the permission, a place in the organisation or a name.
    """
    if organisation not in may_start_in(by):
        raise ClassRefused("organisation", _("You cannot start a class here. Ask your site admin."))
    cohort = Cohort.objects.create(
        organisation=organisation,
        name=_fit_name(name),
        timezone=zone or organisation.timezone,
    )
    _admit(cohort, by, Role.TEACHER)
    joining.new_code(cohort=cohort)
    journal.note(by, cohort, "Started.", added=True)
    return cohort


@transaction.atomic
def add_staff(*, by: User, cohort: Cohort, login: str, role: str) -> CohortMember:
    """Let a colleague teach or assist: somebody of the class's organisation, by user name or e-mail.

    Who has a place as staff already gets the new role. Raises ClassRefused.
    """
    _lock(cohort)
    if role not in {Role.TEACHER, Role.ASSISTANT}:
        raise ClassRefused("role", _("Choose what they are to do: teacher or assistant."))
    colleagues = OrganisationMember.objects.filter(organisation=cohort.organisation_id)
    found = User.objects.people().filter(pk__in=[user.pk for user in signing_in_as(login)])
    user = found.filter(is_active=True, pk__in=colleagues.values("user")).first()
    if user is None:
        raise ClassRefused(
            "login",
            _("Nobody who works for %(school)s has this name. Check it, or ask your site admin to add them.")
            % {"school": cohort.organisation},
        )
    member = CohortMember.objects.filter(cohort=cohort, user=user, left_at=None).first()
    if member is None:
        member = _admit(cohort, user, role)
        journal.note(by, member, f"Added as {role}.", added=True)
        return member
    if member.role == Role.LEARNER:
        raise ClassRefused("login", _("They are a learner in this class. Take them out first."))
    return change_role(by=by, member=member, role=role)


@transaction.atomic
def change_role(*, by: User, member: CohortMember, role: str) -> CohortMember:
    """Make a teacher an assistant, or the other way. Raises ClassRefused for the last teacher."""
    _lock(member.cohort)
    member.refresh_from_db()
    if role not in {Role.TEACHER, Role.ASSISTANT} or member.role == Role.LEARNER or member.left_at:
        raise ClassRefused("role", _("Only teachers and assistants change places."))
    if role == member.role:
        return member
    _refuse_last_teacher(member)
    member.role = role
    member.save(update_fields=["role", "updated_at"])
    cohort_member_changed.send(sender=CohortMember, member=member)
    journal.note(by, member, f"Is {role} now.")
    return member


@transaction.atomic
def remove_member(*, by: User, member: CohortMember) -> None:
    """End somebody's place; their work stays. Twice is once. Raises ClassRefused for the last teacher."""
    _lock(member.cohort)
    member.refresh_from_db()
    if member.left_at is not None:
        return
    _refuse_last_teacher(member)
    member.left_at = max(timezone.now(), member.joined_at)
    member.save(update_fields=["left_at", "updated_at"])
    cohort_member_changed.send(sender=CohortMember, member=member)
    journal.note(by, member, "Taken out of the class.")


@transaction.atomic
def set_names(*, by: User, member: CohortMember, real_name: str, nickname: str) -> None:
    """What teachers call a learner, and what the class does. Raises ClassRefused; then neither changed.

    The nickname goes with the account into other classes; the caller asks `authority` whether `by`
    may change that account, and passes the present one where not.
    """
    _lock(member.cohort)
    real_name, nickname = nicknames.tidied(real_name), nicknames.tidied(nickname)
    if message := fault_of_real_name(real_name):
        raise ClassRefused("real_name", message)
    if nickname != str(member.user):
        if message := nicknames.fault(nickname) or taken_in(member.cohort, nickname, member.user_id):
            raise ClassRefused("nickname", message)
        member.user.display_name = nickname
        member.user.save(update_fields=["display_name", "updated_at"])
        journal.note(by, member.user, "Has another nickname.")
    if real_name != member.real_name:
        member.real_name = real_name
        member.save(update_fields=["real_name", "updated_at"])


@transaction.atomic
def set_archived(*, by: User, cohort: Cohort, archived: bool) -> None:
    """Close a class, or take it back: its pages stay readable, its codes let nobody in. Twice is once."""
    locked = _lock(cohort)
    if (locked.archived_at is not None) == archived:
        return
    locked.archived_at = timezone.now() if archived else None
    locked.save(update_fields=["archived_at", "updated_at"])
    journal.note(by, locked, "Archived." if archived else "Taken out of the archive.")


@transaction.atomic
def revoke_code(*, by: User, code: JoinCode) -> None:
    """The code lets nobody in from now on. Twice is once."""
    _lock(code.cohort)
    if JoinCode.objects.filter(pk=code.pk, revoked_at=None).update(
        revoked_at=timezone.now(), updated_at=timezone.now()
    ):
        journal.note(by, code, "Withdrawn.")


def fault_of_name(name: str) -> str:
    """What is wrong with a class's tidied name and how to mend it; '' if nothing is."""
    if not name:
        return _("Give the class a name, such as “7b English”.")
    if len(name) > LONGEST_NAME:
        return _("A class's name has at most %(most)d characters.") % {"most": LONGEST_NAME}
    if nicknames.has_unseen(name):
        return _("There is a character in it that cannot be seen. Type the name again.")
    return ""


def fault_of_real_name(real_name: str) -> str:
    """What is wrong with a tidied real name and how to mend it; '' if nothing is, and none is fine."""
    if len(real_name) > LONGEST_REAL_NAME:
        return _("A name has at most %(most)d characters.") % {"most": LONGEST_REAL_NAME}
    if nicknames.has_unseen(real_name):
        return _("There is a character in this name that cannot be seen. Type the name again.")
    return ""


def taken_in(cohort: Cohort, nickname: str, but: int | None = None) -> str:
    """A sentence, if somebody else in the class has this nickname; '' if it is free."""
    key = nicknames.nickname_key(nickname)
    others = User.objects.filter(cohort_memberships__cohort=cohort, cohort_memberships__left_at=None)
    if any(nicknames.nickname_key(str(other)) == key for other in others.exclude(pk=but)):
        return _("Somebody in this class is %(nickname)s already. Try another.") % {"nickname": nickname}
    return ""


def _admit(cohort: Cohort, user: User, role: str) -> CohortMember:
    member = CohortMember.objects.create(cohort=cohort, user=user, role=role)
    cohort_member_changed.send(sender=CohortMember, member=member)
    return member


def _lock(cohort: Cohort) -> Cohort:
    return Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _refuse_last_teacher(member: CohortMember) -> None:
    others = CohortMember.objects.filter(cohort=member.cohort_id, role=Role.TEACHER, left_at=None)
    if member.role == Role.TEACHER and not others.exclude(pk=member.pk).exists():
        raise ClassRefused("role", _("A class has at least one teacher. Add another one first."))


def _fit_name(typed: str) -> str:
    name = nicknames.tidied(typed)
    if message := fault_of_name(name):
        raise ClassRefused("name", message)
    return name
