from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.identity import Identity, MetQuerySet
from articles.models.revision import PERMISSIONS, Revision, revision_constraints


class Article(Identity):
    """A text to be read closely, whatever revision it is in."""

    published = models.ForeignKey(
        "articles.ArticleRevision", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = MetQuerySet.as_manager()

    class Meta(Identity.Meta):
        ordering = ["ref", "pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class ArticleRevision(Revision):
    """One state of a text, with its sentences and words found once and kept.

    `text` is NFC, plain, one paragraph a line. `blocks[i]` is the kind of line i: "p" or "h2".
    `sentences` and `words` are lists of half-open [start, end) pairs in code points of `text`,
    found by the rules of version `rules_version`; nothing finds them again after publishing.
    """

    identity_field = "article"

    class Direction(models.TextChoices):
        LTR = "ltr", _("left to right")
        RTL = "rtl", _("right to left")

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions", verbose_name=_("article"))
    title = models.CharField(_("title"), max_length=250)
    byline = models.CharField(_("byline"), max_length=250, blank=True)
    source = models.CharField(
        _("source"), max_length=500, help_text=_("Where it is from, or that it is invented.")
    )
    dateline = models.CharField(_("dateline"), max_length=120, blank=True)
    licence = models.CharField(_("licence"), max_length=120)
    content_note = models.CharField(_("content note"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=35, default="en")
    direction = models.CharField(_("direction"), max_length=3, choices=Direction, default=Direction.LTR)
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64, editable=False)
    blocks = models.JSONField(default=list)
    sentences = models.JSONField(default=list)
    words = models.JSONField(default=list)
    rules_version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["article", "-number"]
        default_permissions = PERMISSIONS
        verbose_name = _("revision of an article")
        verbose_name_plural = _("revisions of articles")
        constraints = [
            *revision_constraints("article_revision", "article"),
            models.CheckConstraint(
                condition=Q(direction__in=["ltr", "rtl"]), name="article_revision_direction_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="article_revision_has_text"),
        ]
