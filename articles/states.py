"""By which 64 hex digits a page says what it showed, so that nothing is done to what nobody saw."""

import hashlib
from collections.abc import Iterable

from articles.models import Annotation, ArticleRevision


def state_of(revision: ArticleRevision, *, sentences: bool = False) -> str:
    """The text and its words (or sentences) in 64 hex digits: another text, or other cuts, have others."""
    if not sentences:
        return str(revision.sha256)
    return hashlib.sha256(f"{revision.sha256}{revision.sentences}".encode()).hexdigest()


def state_of_layer(revision: ArticleRevision, annotations: Iterable[Annotation]) -> str:
    """A layer in 64 hex digits: with another annotation, a changed one or another text it has others."""
    rows = sorted((row.pk, row.version, row.start, row.end) for row in annotations)
    return hashlib.sha256(f"{revision.sha256}{rows}".encode()).hexdigest()
