"""News by e-mail: one mail a day at most, to people who have an address and asked for it."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import consents, notices
from accounts.models import CohortMember, Consent, Notice, User

logger = logging.getLogger(__name__)
#: From this hour of the reader's day on.
HOUR = 7
#: How many people are read at a time.
BATCH = 100
_SALT = "accounts.digests"


def wanted_by(user: User) -> bool:
    """Whether they asked for news by mail: the newest word of theirs holds, and none is no."""
    return consents.holds(user=user, kind=Consent.Kind.MAIL)


def want(*, user: User, given: bool) -> None:
    """Write down that they want news by mail, or no more. The same word twice is once."""
    if wanted_by(user) != given:
        Consent.objects.create(user=user, kind=Consent.Kind.MAIL, given=given, wording=wording(), by=user)


def wording() -> str:
    return _("Send me what is new by e-mail, once a day at most.")


def token(user: User) -> str:
    """What a mail carries, so that its reader can have no more of them without signing in."""
    return signing.dumps(str(user.uuid), salt=_SALT)


def reader_of(token: str) -> User | None:
    try:
        named = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    found: User | None = User.objects.people().filter(uuid=named).first()
    return found


def send_due(now: datetime | None = None) -> int:
    """Send each reader whose day has begun what they have not read; how many mails went out.

    A mail that cannot be sent is tried again at the next turn, and holds up nobody else's.
    """
    now = now or timezone.now()
    sent, after = 0, 0
    connection = get_connection()
    while batch := list(_readers(now).filter(pk__gt=after).order_by("pk")[:BATCH]):
        after = batch[-1].pk
        for user in batch:
            if _is_time(user, now):
                sent += _send(user, now, connection)
    return sent


def _readers(now: datetime) -> "QuerySet[User]":
    """People with an address who want mail, have unread news that was not mailed, and had no mail of late."""
    newest = Consent.objects.filter(user=OuterRef("pk"), kind=Consent.Kind.MAIL).order_by("-at", "-pk")
    place = CohortMember.objects.filter(user=OuterRef("pk"), left_at=None).order_by("-joined_at", "-pk")
    waiting = Notice.objects.unread().filter(mailed_at=None)
    lately = Notice.objects.filter(mailed_at__gt=now - timedelta(hours=20))
    found: QuerySet[User] = (
        User.objects.people()
        .filter(~Q(email=""), is_active=True, pk__in=waiting.values("user"))
        .exclude(pk__in=lately.values("user"))
        .annotate(
            wants=Subquery(newest.values("given")[:1]),
            class_zone=Subquery(place.values("cohort__timezone")[:1]),
            school_zone=Subquery(
                User.objects.filter(pk=OuterRef("pk"))
                .order_by(F("organisation_memberships__organisation").asc(nulls_last=True))
                .values("organisation_memberships__organisation__timezone")[:1]
            ),
        )
        .filter(wants=True)
        .prefetch_related(Prefetch("notices", waiting.order_by("at", "pk"), to_attr="waiting"))
    )
    return found


def _zone(user: User) -> ZoneInfo:
    named = user.timezone or getattr(user, "class_zone", "") or getattr(user, "school_zone", "") or "UTC"
    return ZoneInfo(named)


def _is_time(user: User, now: datetime) -> bool:
    return now.astimezone(_zone(user)).hour >= HOUR


def _send(user: User, now: datetime, connection: object) -> bool:
    """One mail. What was mailed is marked when it has gone: a crash in between sends it twice, never never."""
    waiting: list[Notice] = user.waiting  # type: ignore[attr-defined]
    told = notices.still_so(user, waiting)
    stale = {notice.pk for notice in waiting} - {notice.pk for notice in told}
    if stale:  # taken back or moved before anybody read of it: it was never said
        Notice.objects.filter(pk__in=stale).delete()
    if not told:
        return False
    with timezone.override(_zone(user)), translation.override(user.language or settings.LANGUAGE_CODE):
        mail = _mail(user, told, connection)
    try:
        mail.send()
    except OSError:  # the mail server's SMTPException is one, and so is a line that is down
        logger.exception("The news of user %s could not be mailed.", user.pk)
        return False
    Notice.objects.filter(pk__in=[notice.pk for notice in told]).update(mailed_at=now)
    return True


def _mail(user: User, told: list[Notice], connection: object) -> EmailMultiAlternatives:
    off = settings.SITE_URL + reverse("accounts:news_off", kwargs={"token": token(user)})
    context = {
        "reader": user,
        "news": [
            (notices.words(notice), settings.SITE_URL + notice.url if notice.url else "") for notice in told
        ],
        "off": off,
        "site": settings.SITE_URL,
    }
    mail = EmailMultiAlternatives(
        subject=_(
            "News from Read it twice"
        ),  # a subject is seen by whoever stands by: no class, mark or name
        body=render_to_string("accounts/mail/digest.txt", context),
        to=[user.email],
        headers={"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        connection=connection,
    )
    mail.attach_alternative(render_to_string("accounts/mail/digest.html", context), "text/html")
    return mail
