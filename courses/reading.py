"""A guided reading: part of an article with the annotations of one skill, paragraph by paragraph."""

from dataclasses import dataclass

from articles import choosing
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision, Skill
from courses.models import Enrolment, Step
from quizzes.overlay import Laid, Piece, overlay_lines


@dataclass(frozen=True)
class Note:
    """An annotation beside its paragraph, opened by the reader."""

    number: int
    kind: str
    label: str
    quote: str
    rationale: str
    instead: str
    minority: str


@dataclass(frozen=True)
class Paragraph:
    kind: str
    pieces: list[Piece]
    notes: list[Note]


@dataclass(frozen=True)
class Shown:
    """What a reading step shows one learner: no `revision` where their class does not read the text.

    `first` and `last` are lines of it, from 1; None: all.
    """

    revision: ArticleRevision | None
    first: int | None = None
    last: int | None = None


def shown_to(enrolment: Enrolment | None, step: Step) -> Shown:
    """The text of a reading step as it is, or what is read in its place. At most two queries."""
    article = step.article
    if article is None:
        return Shown(None)
    if enrolment is not None:
        choice = choosing.choice_of(cohort=enrolment.cohort_id, learner=enrolment.learner_id)
        if article.pk in choice.hidden:
            return Shown(None)
        if article.pk in choice.swapped:
            parallel = Article.objects.select_related("published").get(pk=choice.swapped[article.pk])
            return Shown(parallel.published)
    return Shown(step.article_revision, step.first_line, step.last_line)


def paragraphs(
    revision: ArticleRevision, *, skill: Skill | None, first: int | None, last: int | None
) -> list[Paragraph]:
    """Lines `first` to `last` (from 1; None: all) with the notes on them, in two queries at most."""
    notes = _notes(revision, skill)
    laid = [Laid(number, a.kind, ((a.start, a.end),)) for number, a in enumerate(notes, start=1)]
    shown = slice((first or 1) - 1, last)
    lines = overlay_lines(revision.text, laid, [])[shown]
    kinds = revision.blocks[shown]
    renumber: dict[int, int] = {}
    for line in lines:
        for part in (part for piece in line for part in piece.opens):
            renumber.setdefault(part.number, len(renumber) + 1)
    return [_paragraph(line, kind, notes, renumber) for line, kind in zip(lines, kinds, strict=True)]


def _notes(revision: ArticleRevision, skill: Skill | None) -> list[Annotation]:
    """The annotations that have something to say; the margins round short wording have not."""
    key = Annotation.objects.filter(set__revision=revision, set__purpose=AnnotationSet.Purpose.KEY)
    if skill is not None:
        key = key.filter(skill=skill)
    return list(key.exclude(rationale="", minority="").order_by("start", "end"))


def _paragraph(line: list[Piece], kind: str, notes: list[Annotation], renumber: dict[int, int]) -> Paragraph:
    ending = sorted(renumber[part.number] for piece in line for part in piece.refs)
    numbered = {new: notes[old - 1] for old, new in renumber.items()}
    return Paragraph(kind=kind, pieces=line, notes=[_note(numbered[number], number) for number in ending])


def _note(annotation: Annotation, number: int) -> Note:
    return Note(
        number=number,
        kind=annotation.kind,
        label=str(annotation.get_kind_display()),
        quote=annotation.exact,
        rationale=annotation.rationale,
        instead=annotation.instead,
        minority=annotation.minority,
    )
