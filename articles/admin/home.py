"""What articles add to the admin's first page."""

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin import home
from accounts.models import User
from articles.models import AnnotationSet, Article, ArticleRevision

ORGANISATION = "article__organisation"


def blind_layers(user: User) -> Iterator[home.Need]:
    """Blind readings that they began and have not closed."""
    open_layers = AnnotationSet.objects.filter(
        purpose=AnnotationSet.Purpose.BLIND, keyer=user, closed_at=None
    ).select_related("revision")
    for layer in open_layers[:5]:
        words = _now("A blind reading to close: “%s”") % layer.revision.title
        yield home.Need(words, home.admin_url(AnnotationSet, "change", layer.pk))


home.register_start(_("Paste an article"), Article, order=1)
home.register_drafts(ArticleRevision, ORGANISATION)
home.register_need(blind_layers)
home.register_need(home.drafts_for_reviewers(ArticleRevision, ORGANISATION))
