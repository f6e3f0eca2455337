import hashlib
import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models.article import ArticleRevision
from articles.models.revision import FrozenQuerySet, RevisionPart
from articles.models.skill import Skill


class AnnotationSetQuerySet(FrozenQuerySet):
    def open_to_the_eyes_of(self, user: User) -> Self:
        """Without other keyers' open blind layers, and without the key of a text that `user` keys blind now."""
        blind = Q(purpose=AnnotationSet.Purpose.BLIND, closed_at=None)
        own = AnnotationSet.objects.keyed_blind_by(user).values("revision")
        return self.exclude(blind & ~Q(keyer=user)).exclude(
            purpose=AnnotationSet.Purpose.KEY, revision__in=own
        )

    def keyed_blind_by(self, user: User) -> Self:
        """The blind layers that `user` has not closed yet: until then the keys of their texts are not shown."""
        return self.filter(purpose=AnnotationSet.Purpose.BLIND, keyer=user, closed_at=None)


class AnnotationSet(RevisionPart):
    """One layer of annotations on a revision: the *key* (one a revision), or a keyer's *blind* one.

    The key freezes with its revision. Blind layers are kept apart, and may come later; their keyer
    closes them; `key_then` keeps what the key had marked at that moment, before the two were talked over:
    by the slug of a skill, its spans to find and to differ on (null: a key, or still open). `swap_test_at`
    and `swap_test_by` say who tried the key with the parties exchanged; any later change of an annotation
    takes that back.
    """

    own_story = frozenset({"closed_at", "key_then", "swap_test_at", "swap_test_by"})

    class Purpose(models.TextChoices):
        KEY = "key", _("key")
        BLIND = "blind", _("blind second key")

    revision = models.ForeignKey(ArticleRevision, models.PROTECT, related_name="annotation_sets")
    purpose = models.CharField(_("purpose"), max_length=5, choices=Purpose, default=Purpose.KEY)
    keyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    key_then = models.JSONField(null=True, blank=True, editable=False)
    swap_test_at = models.DateTimeField(_("swap test signed at"), null=True, blank=True, editable=False)
    swap_test_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("swap test signed by"),
    )

    objects = AnnotationSetQuerySet.as_manager()  # type: ignore[misc]  # as the queryset of its parent

    class Meta:
        verbose_name = _("layer of annotations")
        verbose_name_plural = _("layers of annotations")
        constraints = [
            UniqueConstraint(fields=["revision"], condition=Q(purpose="key"), name="annotation_set_one_key"),
            UniqueConstraint(
                fields=["revision", "keyer"], condition=Q(purpose="blind"), name="annotation_set_one_a_keyer"
            ),
            models.CheckConstraint(
                condition=Q(purpose="key") | Q(purpose="blind", keyer__isnull=False),
                name="annotation_set_purpose",
            ),
            models.CheckConstraint(
                condition=Q(swap_test_at__isnull=True, swap_test_by__isnull=True)
                | Q(swap_test_at__isnull=False, swap_test_by__isnull=False),
                name="annotation_set_swap_test_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} · {self.get_purpose_display()}"

    @classmethod
    def frozen_if(cls) -> Q:
        return Q(purpose=cls.Purpose.KEY, revision__published_at__isnull=False)

    @classmethod
    def refuse_frozen_parents(cls, rows: Iterable[Any]) -> None:
        super().refuse_frozen_parents(row for row in rows if row.purpose == cls.Purpose.KEY)

    @property
    def is_open(self) -> bool:
        """Whether its annotations may change: a key until its revision is published, a blind one until closed."""
        if self.purpose == self.Purpose.KEY:
            return bool(self.revision.is_draft)
        return self.closed_at is None


class Annotation(RevisionPart):
    """A judgement on a stretch of one revision, kept as a pair of W3C selectors.

    `start` and `end` are the TextPositionSelector: half-open, code points, at the edges of words.
    `exact`, `prefix` and `suffix` (up to 32 code points each side) are the TextQuoteSelector.
    `rationale` says why, `instead` what sound reporting would say, `minority` what some readers
    say. `readings` counts independent readings behind it; `party` names whom the fault hits.
    `to_confirm`: it was moved to words that are not quite the old ones, and nobody has looked since.
    `version` goes up by one with each change, so that two who change one row are told. `uuid` names it to
    the outside, in this revision only: `ref` names it in all of them.
    """

    revision_path = "set__revision"
    own_story = frozenset({"uuid", "version", "changed_at", "changed_by"})

    class Kind(models.TextChoices):
        REQUIRED = "required", _("to find")
        ACCEPTABLE = "acceptable", _("readers differ")
        FOIL = "foil", _("fine as written")

    set = models.ForeignKey(AnnotationSet, models.PROTECT, related_name="annotations")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("ref"), max_length=64)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", verbose_name=_("skill"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField(_("words"))
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    rationale = models.TextField(_("why"), blank=True)
    instead = models.TextField(_("sound reporting would say"), blank=True)
    minority = models.TextField(_("some readers say"), blank=True)
    readings = models.PositiveSmallIntegerField(_("independent readings"), default=1)
    party = models.CharField(_("party that the fault hits"), max_length=64, blank=True)
    fact_checked_on = models.DateField(_("fact checked on"), null=True, blank=True)
    to_confirm = models.BooleanField(
        _("to confirm"), default=False, help_text=_("The words changed a little. Read it again.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("changed by"),
    )

    class Meta:
        ordering = ["set", "start", "end", "pk"]
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        indexes = [models.Index(fields=["set", "start"], name="annotation_in_text_order")]
        constraints = [
            UniqueConstraint(fields=["set", "ref"], name="annotation_ref_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="annotation_has_length"),
            models.CheckConstraint(condition=Q(readings__gte=1), name="annotation_read_by_someone"),
            models.CheckConstraint(
                condition=Q(kind__in=["required", "acceptable", "foil"]), name="annotation_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exact[:60]} ({self.get_kind_display()})"

    @property
    def state(self) -> str:
        """What it says and between which words, in 64 hex digits: changed or moved to others, it has others."""
        said = (self.version, self.prefix, self.exact, self.suffix)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @classmethod
    def frozen_if(cls) -> Q:
        return Q(set__purpose=AnnotationSet.Purpose.KEY, set__revision__published_at__isnull=False)
