"""How a revision of an article reads as lines, for telling what changed."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.differences import Line
from articles.models import Annotation, AnnotationSet, ArticleRevision
from articles.text.passages import line_spans

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
#: Between the sentences of a paragraph, where how they are cut is told.
CUT = " | "
#: Of the paragraph in which an annotation stands, so many letters say which one it is.
SHOWN = 40


def of_article(revision: ArticleRevision) -> list[Line]:
    """What stands above the text, its paragraphs, and its key's annotations. One query."""
    lines = [named(revision, name) for name in COLUMNS]
    lines += _paragraphs(revision)
    key = Annotation.objects.filter(set__revision=revision, set__purpose=AnnotationSet.Purpose.KEY)
    for row in key.select_related("skill").order_by("ref"):
        label = _("annotation on “%s”") % row.exact[:60]
        text = " · ".join(filter(None, _told(row, revision.text)))
        lines.append(Line(label, text, f"annotation {row.ref}", is_key=True))
    return lines


def _paragraphs(revision: ArticleRevision) -> Iterator[Line]:
    """Each with what it is and how its sentences are cut, which differs where the text does not."""
    labels = {"h2": _("subhead %d"), "p": _("paragraph %d")}
    kinds = {"h2": _("subhead"), "p": _("paragraph")}
    sentences = iter(sorted((start, end) for start, end in revision.sentences))
    sentence = next(sentences, None)
    for number, (first, last) in enumerate(line_spans(revision.text), start=1):
        cut = []
        while sentence is not None and sentence[0] < last:
            cut.append(revision.text[sentence[0] : sentence[1]])
            sentence = next(sentences, None)
        kind = revision.blocks[number - 1] if number <= len(revision.blocks) else "p"
        yield Line(
            labels.get(kind, labels["p"]) % number,
            revision.text[first:last],
            group="text",
            detail=f"{kinds.get(kind, kinds['p'])}: {CUT.join(cut)}",
        )


def _told(row: Annotation, text: str) -> Iterator[str]:
    """All that an annotation says, and where it stands: its paragraph, and which of the same words there."""
    yield from (str(row.skill), str(row.get_kind_display()), row.exact)
    first = text.rfind("\n", 0, row.start) + 1
    paragraph = text[first:].split("\n", 1)[0]
    yield _("in “%s”") % (paragraph if len(paragraph) <= SHOWN else f"{paragraph[:SHOWN]}…")
    if paragraph.count(row.exact) > 1:
        yield _("place %d of these words") % (text.count(row.exact, first, row.start) + 1)
    yield from (row.rationale, row.instead, row.minority)
    if row.readings > 1:
        yield ngettext("%d independent reading", "%d independent readings", row.readings) % row.readings
    if row.party:
        yield _("party: %s") % row.party
    if row.fact_checked_on:
        yield _("fact checked on %s") % date_format(row.fact_checked_on)


def named(row: ArticleRevision, name: str) -> Line:
    """A column of its own as a line."""
    field = row._meta.get_field(name)
    shown = getattr(row, f"get_{name}_display", None)
    return Line(str(field.verbose_name), str(shown() if shown else getattr(row, name)), name)  # type: ignore[union-attr]
