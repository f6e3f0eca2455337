"""The ids by which a school knows its pupils, one at a time; lists bring in many (`bringing_in`)."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal, nicknames
from accounts.classes import ClassRefused
from accounts.models import Cohort, CohortMember, ExternalIdentity, User
from accounts.roster.plans import ISSUER, LONGEST_ID


def id_of(member: CohortMember) -> str:
    """What their school knows them by, or ''."""
    found = _ids(member).first()
    return found.subject if found else ""


@transaction.atomic
def set_id(*, by: User, member: CohortMember, subject: str) -> None:
    """Give a learner the school's id, another one, or none (''). Raises ClassRefused.

    One person has one id in a school, and an id is one person's.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=member.cohort_id)
    subject = subject.strip()
    if subject == id_of(member):
        return
    if len(subject) > LONGEST_ID or nicknames.has_unseen(subject):
        raise ClassRefused("student_id", _("This id is too long, or has a character that cannot be seen."))
    _ids(member).delete()
    User.objects.filter(pk=member.user_id).update(
        updated_at=timezone.now()
    )  # what is gone tells of no change
    if subject:
        try:
            with transaction.atomic():
                ExternalIdentity.objects.create(
                    organisation=member.cohort.organisation, user=member.user, issuer=ISSUER, subject=subject
                )
        except IntegrityError as error:
            raise ClassRefused(
                "student_id", _("Somebody else in this school has the id %(id)s. Check it.") % {"id": subject}
            ) from error
    journal.note(by, member, "Has another student id.")


def _ids(member: CohortMember) -> "QuerySet[ExternalIdentity]":
    return ExternalIdentity.objects.filter(
        organisation=member.cohort.organisation_id, issuer=ISSUER, user=member.user
    )
