"""What articles add to the admin's first page."""

from collections.abc import Iterator

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin import home
from accounts.models import User
from accounts.models.organisation import owned_by
from articles.models import AnnotationSet, Article, ArticleRevision, Orphan

ORGANISATION = "article__organisation"
MOST = 5  # of one kind


def waiting_texts(user: User) -> Iterator[home.Need]:
    """Drafts whose annotations lost their place or stand on words that changed; own blind readings to close."""
    lost = Count("orphans", filter=Q(orphans__outcome=Orphan.Outcome.OPEN), distinct=True)
    moved = Count(
        "annotation_sets__annotations", filter=Q(annotation_sets__annotations__to_confirm=True), distinct=True
    )
    blind = AnnotationSet.objects.filter(
        revision=OuterRef("pk"), purpose=AnnotationSet.Purpose.BLIND, keyer=user, closed_at=None
    )
    found = (
        ArticleRevision.objects.filter(owned_by(user, ORGANISATION))
        .annotate(lost=lost, moved=moved, layer=Subquery(blind.values("pk")[:1]))
        .filter(Q(published_at=None) & (Q(lost__gt=0) | Q(moved__gt=0)) | Q(layer__isnull=False))
    )
    for revision in found.defer("text", "words", "sentences")[:MOST]:
        if revision.layer:
            words = _now("A blind reading to close: “%s”") % revision.title
            yield home.Need(words, home.admin_url(AnnotationSet, "change", revision.layer))
        if revision.is_draft and (revision.lost or revision.moved):
            words = _now("Annotations of “%(title)s”: %(lost)d without a place, %(moved)d to confirm")
            told = words % {"title": revision.title, "lost": revision.lost, "moved": revision.moved}
            yield home.Need(told, home.admin_url(ArticleRevision, "change", revision.pk))


home.register_start(_("Paste an article"), Article, order=1)
home.register_drafts(ArticleRevision, ORGANISATION)
home.register_need(waiting_texts)
home.register_need(home.drafts_for_reviewers(ArticleRevision, ORGANISATION))
