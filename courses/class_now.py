"""What a pupil's class is doing together at this moment, so that their page of lessons can lead there."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Cohort, User
from courses.models import Presentation


class Now(NamedTuple):
    """A sentence, what the link says, and where it leads. It tells nothing of anybody's work."""

    words: str
    link: str
    url: str


def class_now(user: User) -> Now | None:
    """The newest lesson that a class of theirs began together and has not ended. One query."""
    running = (
        Presentation.objects.filter(
            cohort__in=Cohort.objects.learnt_by(user), started_at__isnull=False, ended_at=None
        )
        .select_related("lesson__published")
        .first()
    )
    if running is None or running.lesson.published is None:
        return None
    if running.scene == Presentation.Scene.TICKET:
        ticket = reverse("courses:ticket", kwargs={"uuid": running.uuid})
        return Now(_("Your class is at the last question."), _("Answer it"), ticket)
    return Now(
        _("Your class begins now."), str(running.lesson.published.title), running.lesson.get_absolute_url()
    )
