from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, PublicModel, User
from accounts.models.organisation import owned_by
from quizzes.models.assignment import Assignment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AssignmentScoreQuerySet(models.QuerySet["AssignmentScore"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AssignmentScoreQuerySet":
        """Of the classes that they teach; a service sees those of its organisation."""
        if not isinstance(user, User):
            return self.none()
        if user.is_superuser:
            return self
        seen = Q(assignment__cohort__in=Cohort.objects.taught_by(user))
        if user.kind == User.Kind.SERVICE:
            seen |= owned_by(user, "assignment__cohort__organisation")
        return self.filter(seen)


class AssignmentScore(PublicModel):
    """That there is a mark of one learner under one assignment, by name, and when it may have changed last.

    What the mark is stands nowhere: `quizzes.marksheet` works it out. `updated_at` moves on with whatever
    a mark is made of, and with a date that passes; never the other way: an unchanged mark may have a newer
    one. `untold`: touched since other systems were told what it comes to. Written only by
    `quizzes.score_rows`.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="scores")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    untold = models.BooleanField(_("not told yet"), default=True, editable=False)

    objects = AssignmentScoreQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "learner"]
        verbose_name = _("score of an assignment")
        verbose_name_plural = _("scores of assignments")
        indexes = [
            models.Index(fields=["updated_at"], name="assignment_score_changed"),
            models.Index(fields=["id"], condition=Q(untold=True), name="assignment_score_untold"),
        ]
        constraints = [
            UniqueConstraint(fields=["assignment", "learner"], name="assignment_score_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} · {self.learner_id}"
