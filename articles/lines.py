"""How a revision of an article reads as lines, for telling what changed."""

from django.utils.translation import gettext as _

from articles.differences import Line
from articles.models import Annotation, AnnotationSet, ArticleRevision

COLUMNS = (
    "title",
    "byline",
    "source",
    "dateline",
    "licence",
    "content_note",
    "language",
    "direction",
)


def of_article(revision: ArticleRevision) -> list[Line]:
    """What stands above the text, its paragraphs, and its key's annotations. One query."""
    lines = [named(revision, name) for name in COLUMNS]
    kinds = {"h2": _("subhead %d"), "p": _("paragraph %d")}
    for number, text in enumerate(revision.text.split("\n"), start=1):
        kind = revision.blocks[number - 1] if number <= len(revision.blocks) else "p"
        lines.append(Line(kinds.get(kind, kinds["p"]) % number, text, group="text"))
    key = Annotation.objects.filter(set__revision=revision, set__purpose=AnnotationSet.Purpose.KEY)
    for row in key.select_related("skill").order_by("ref"):
        label = _("annotation on “%s”") % row.exact[:60]
        told = [str(row.skill), str(row.get_kind_display()), row.exact, row.rationale, row.instead]
        lines.append(Line(label, " · ".join(filter(None, [*told, row.minority])), f"annotation {row.ref}"))
    return lines


def named(row: ArticleRevision, name: str) -> Line:
    """A column of its own as a line."""
    field = row._meta.get_field(name)
    shown = getattr(row, f"get_{name}_display", None)
    return Line(str(field.verbose_name), str(shown() if shown else getattr(row, name)), name)  # type: ignore[union-attr]
