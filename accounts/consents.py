"""What people agree to when they come into a class, in the words that they read: the only writer of these.

News by mail is asked for apart (`accounts.digests`).
"""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Cohort, CohortMember, Consent, User


def joining_words() -> list[str]:
    """What is kept and who sees it, a sentence each, as somebody reads it who comes into a class."""
    return [
        _("We keep your nickname, your answers, your marks, and when you were here."),
        _("We keep what your teachers enter: comments, your school's number for you, more time or tries."),
        _("Your teachers and their assistants see them, and know your real name."),
        _("The people who run this site can see them too."),
        _("Your class sees your nickname only. We sell nothing and show no adverts."),
    ]


def agree(*, user: User, by: User | None = None) -> Consent:
    """Note that `user` agreed to what `joining_words` says now; `by` is who said so, if not they."""
    return Consent.objects.create(
        user=user, by=by or user, kind=Consent.Kind.JOINING, given=True, wording="\n".join(joining_words())
    )


def has_agreed(user: User) -> bool:
    """Whether their newest word on joining is yes."""
    return holds(user=user, kind=Consent.Kind.JOINING)


def holds(*, user: User, kind: str) -> bool:
    """Whether the newest word of a person on a kind of consent is yes; none is no."""
    newest = Consent.objects.filter(user=user, kind=kind).order_by("-at", "-pk").first()
    return newest is not None and newest.given


def is_asked(user: User) -> bool:
    """Whether they learn in a class, and have not said yes yet: somebody else made their account."""
    learns = user.cohort_memberships.learning()
    return learns.exists() and not has_agreed(user)


def agreed_in(cohort: Cohort) -> dict[int, datetime]:
    """User's primary key to when they agreed, for whoever has a live place in `cohort`. One query."""
    live = CohortMember.objects.filter(cohort=cohort, left_at=None).order_by()
    found = Consent.objects.filter(user__in=live.values("user"), kind=Consent.Kind.JOINING)
    newest = {consent.user_id: consent for consent in found.order_by("at", "pk")}
    return {user: consent.at for user, consent in newest.items() if consent.given}


def remind_at_login(*, request: HttpRequest, user: User, **_signal: object) -> None:
    """Point a pupil whose account somebody else made to the words that they have not read yet."""
    if is_asked(user):
        words = _("Please read “Who sees what”, at the foot of this page.")
        messages.info(request, words, fail_silently=True)
