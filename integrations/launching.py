"""Signing learners in for a program, and opening what it asks for: the only writer of launches.

Only pupils: a launch is as good as a password, and a program holds no password of a teacher's. Whom it
may sign in, `authority.launched_by` says; it is asked again when the address is opened, and at each request
of the session that began so.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import authority
from accounts.models import Cohort, Organisation, User
from courses.models import Course, Lesson
from integrations.models import ApiClient, Launch
from quizzes import bounds
from quizzes.models import Assignment, Quiz
from quizzes.places import place_of

LIFETIME = timedelta(seconds=60)
SESSION_KEY = bounds.LAUNCHED_BY
_KEPT = timedelta(days=1)
_TOKEN_BYTES = 32


class LaunchRefused(Exception):
    """Nobody is let in. `field` has to be mended, `code` is for programs; the message says how."""

    def __init__(self, field: str, code: str, message: str) -> None:
        self.field, self.code, self.message = field, code, message
        super().__init__(message)


class LaunchOver(Exception):
    """The address lets nobody in: it was used, it is too old, or it never was one."""


#: What can be opened, and which of it a user (the program, then the learner) may.
TARGETS: Mapping[str, Callable[[User], Any]] = {
    "lesson": Lesson.objects.visible_to,
    "quiz": Quiz.objects.visible_to,
    "assignment": Assignment.objects.visible_to,
    "course": Course.objects.visible_to,
}


@transaction.atomic
def make_launch(*, client: ApiClient, learner: User, kind: str, target: Any) -> tuple[Launch, str]:
    """A launch of `learner` to `target` (a row of TARGETS[kind]), and its token, which is kept nowhere.

    Raises LaunchRefused for who may not be signed in, or does not meet the target.
    """
    if not authority.launched_by(client.organisation).filter(pk=learner.pk).exists():
        raise LaunchRefused(
            "learner",
            "not-launched",
            _(
                "Programs sign in pupils whom their organisation names by an external id, and who belong to it: "
                "no teachers, nobody with rights on this site, nobody of another school or who may not sign in."
            ),
        )
    if not _meets(learner, kind, target, client.organisation):
        raise LaunchRefused(
            kind,
            "not-given",
            _(
                "This learner does not meet it now. Enrol them in a class that has it, or give it to their class."
            ),
        )
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    quiz = target.quiz if kind == "assignment" else target if kind == "quiz" else None
    launch = Launch.objects.create(
        client=client,
        learner=learner,
        checksum=_checksum(token),
        path=(quiz or target).get_absolute_url(),
        quiz=quiz,
        cohort=target.cohort if kind == "assignment" else None,
        expires_at=timezone.now() + LIFETIME,
    )
    return launch, token


@transaction.atomic
def redeem(*, token: str) -> Launch:
    """Use up the launch with this token: of many at once, one gets it. Raises LaunchOver."""
    now = timezone.now()
    mine = Launch.objects.filter(checksum=_checksum(token), used_at=None, expires_at__gt=now)
    # One conditional UPDATE of plain columns: with a join it would ask a subquery, which on PostgreSQL sees
    # the row as it was before another one took it.
    if not mine.update(used_at=now, updated_at=now):
        raise LaunchOver
    launch = Launch.objects.select_related("client__organisation", "learner").get(checksum=_checksum(token))
    may = authority.launched_by(launch.client.organisation).filter(pk=launch.learner_id)
    if launch.client.revoked_at is not None or not may.exists():
        raise LaunchOver
    return launch


def may_stay(*, user: User, organisation: int) -> bool:
    """Whether a session of `user` goes on that a program of `organisation` (a primary key) began. One query."""
    return authority.launched_by(Organisation(pk=organisation)).filter(pk=user.pk).exists()


def forget_old() -> int:
    """Drop launches that ended a day ago; how many. The log of writes keeps that there were some."""
    return Launch.objects.filter(expires_at__lt=timezone.now() - _KEPT).delete()[0]


def _meets(learner: User, kind: str, target: Any, organisation: Organisation) -> bool:
    """A quiz by itself has to be one that a class of the organisation takes: it is started under no other."""
    if kind == "assignment":
        given = Assignment.objects.given_to(learner).filter(pk=target.pk)
        return given.exists() and Quiz.objects.visible_to(learner).filter(pk=target.quiz_id).exists()
    seen = TARGETS[kind](learner).filter(pk=target.pk).exists()
    if kind == "quiz":
        return seen and place_of(learner, target, Cohort.objects.filter(organisation=organisation)).enrolled
    return bool(seen)


def _checksum(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
