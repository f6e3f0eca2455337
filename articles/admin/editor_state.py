"""What the editor shows of a layer: its text in units, its rows, advice, and how second keys agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from articles.advice import WORDING, Row, advise
from articles.agreement import Agreement, agreement, marked_words
from articles.models import Annotation, AnnotationSet, ArticleRevision
from articles.skills import title
from articles.states import state_of, state_of_layer
from articles.text.positions import Span, touched
from articles.text.segments import Group, Segment, sentence_lines

Purpose = AnnotationSet.Purpose
Kind = Annotation.Kind
WORDS, SENTENCES = "words", "sentences"


def spans(stored: Iterable[Iterable[int]]) -> list[Span]:
    return [(start, end) for start, end in stored]


@dataclass(frozen=True)
class Layer:
    """A layer as it is shown: `row` is None until something is annotated. `by` is what one gesture takes."""

    revision: ArticleRevision
    purpose: str
    row: AnnotationSet | None
    by: str = WORDS
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def blind(self) -> bool:
        return self.purpose == Purpose.BLIND

    @property
    def is_open(self) -> bool:
        return self.row.is_open if self.row else self.blind or self.revision.is_draft

    @property
    def words(self) -> list[Span]:
        return spans(self.revision.words)

    @property
    def units(self) -> list[Span]:
        return spans(self.revision.sentences) if self.by == SENTENCES else self.words

    @property
    def text(self) -> str:
        """In what state the text is, so that no place is taken over from another."""
        return state_of(self.revision, sentences=self.by == SENTENCES)

    @property
    def seen(self) -> str:
        """What was shown of it, so that nothing is signed that was not."""
        return state_of_layer(self.revision, self.annotations)

    def state(self) -> dict[str, Any]:
        """What the page's script holds: rows in text order, advice, who signed, the states of text and layer."""
        units = self.units
        return {
            "rows": [row_state(row, units) for row in self.annotations],
            "advice": [vars(one) for one in self.advice()],
            "signed": self.signed(),
            "text": self.text,
            "seen": self.seen,
        }

    def advice(self) -> list[Any]:
        if self.blind:
            return []
        tested = bool(self.row and self.row.swap_test_at)
        return advise([plain(row) for row in self.annotations], self.words, swap_tested=tested)

    def signed(self) -> dict[str, str] | None:
        if not self.row or not self.row.swap_test_at:
            return None
        return {"by": str(self.row.swap_test_by), "at": moment(self.row.swap_test_at)}


def layer_of(revision: ArticleRevision, purpose: str, user: Any, by: str = WORDS) -> Layer:
    """The key of a revision, or the blind layer of `user`, with its rows read. Makes nothing."""
    own = {"keyer": user} if purpose == Purpose.BLIND else {}
    found = AnnotationSet.objects.filter(revision=revision, purpose=purpose, **own).select_related(
        "swap_test_by"
    )
    row: AnnotationSet | None = found.first()
    if row is None:
        return Layer(revision, purpose, None, by)
    row.revision = revision
    return Layer(revision, purpose, row, by, list(row.annotations.select_related("skill", "changed_by")))


def hides(layer: Layer, user: User) -> bool:
    """Whether it is the key of a text that `user` keys blind: it is shown once they have closed theirs."""
    own = AnnotationSet.objects.keyed_blind_by(user).filter(revision=layer.revision)
    return not layer.blind and own.exists()


def keying_blind() -> str:
    return _("You are keying this text blind. Close your own reading first; then its key is shown.")


def plain(row: Annotation) -> Row:
    names = ("ref", "kind", "start", "end", "rationale", "minority", "readings", "party")
    return Row(skill=row.skill.slug, **{name: getattr(row, name) for name in names})


def row_state(row: Annotation, units: Sequence[Span]) -> dict[str, Any]:
    """A row for the page's script; `first` and `last` are the units that it touches."""
    taken = touched((row.start, row.end), units)
    return {
        "id": row.pk,
        "ref": row.ref,
        "version": row.version,
        "skill": row.skill.slug,
        "kind": row.kind,
        "first": taken[0] if taken else 0,
        "last": taken[-1] if taken else 0,
        "quote": row.exact,
        "rationale": row.rationale,
        "instead": row.instead,
        "minority": row.minority,
        "readings": str(row.readings),
        "party": row.party,
        "fact_checked_on": row.fact_checked_on.isoformat() if row.fact_checked_on else "",
    }


def moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")


def passage_html(layer: Layer) -> SafeString:
    """The text as paragraphs of units: built in one go, because a long article has 100,000 of them."""
    revision = layer.revision
    lines = sentence_lines(revision.text, layer.units, spans(revision.sentences))
    kinds = [*revision.blocks, *["p"] * len(lines)]
    shown = []
    for line, kind in zip(lines, kinds, strict=False):
        if line:
            opens = '<p class="subhead">' if kind == "h2" else "<p>"
            shown.append(f"{opens}{''.join(_group(group, layer.by) for group in line)}</p>")
    return mark_safe("\n".join(shown))  # noqa: S308 (every piece of the text is escaped)


def _group(group: Group, by: str) -> str:
    units = "".join(
        f'<span class="{_class(segment)}">{escape(segment.text)}</span>' for segment in group.segments
    )
    return units if group.sentence is None or by == SENTENCES else f'<span class="s">{units}</span>'


def _class(segment: Segment) -> str:
    """A unit that can be chosen, or the gap between two."""
    return "g" if segment.index is None else "w"


@dataclass(frozen=True)
class Compared:
    """How a second keyer and the key agree on one skill."""

    skill: str
    figures: Agreement


@dataclass(frozen=True)
class SecondKey:
    """A blind layer beside the key; while it is open nobody but its keyer sees what is in it."""

    keyer: str
    closed: str
    compared: list[Compared]


def second_keys(layer: Layer) -> list[SecondKey]:
    """The blind layers of the key's revision, the closed ones compared with it."""
    blind = AnnotationSet.objects.filter(revision=layer.revision, purpose=Purpose.BLIND)
    shown = []
    for other in blind.select_related("keyer").prefetch_related("annotations__skill").order_by("pk"):
        closed = moment(other.closed_at) if other.closed_at else ""
        rows = list(other.annotations.all()) if other.closed_at else []
        compared = _compared(layer, other, rows) if other.closed_at else []
        shown.append(SecondKey(str(other.keyer), closed, compared))
    return shown


def _compared(layer: Layer, other: AnnotationSet, rows: list[Annotation]) -> list[Compared]:
    """A closed second key beside the key as it was then: what was talked over afterwards is no agreement."""
    words = layer.words
    key: dict[str, list[Span]] = other.key_then or {}
    slugs = list(dict.fromkeys([*key, *(row.skill.slug for row in rows)]))
    return [
        Compared(
            title(slug),
            agreement(len(words), marked_words(key.get(slug, []), words), _marked(rows, slug, words)),
        )
        for slug in slugs
    ]


def _marked(rows: Iterable[Annotation], slug: str, words: Sequence[Span]) -> frozenset[int]:
    kept = [(row.start, row.end) for row in rows if row.skill.slug == slug and row.kind != Kind.FOIL]
    return marked_words(kept, words)


def readings_behind(layer: Layer) -> dict[int, int]:
    """For each judging annotation to find: how many readings there are, the key's and closed second keys' alike.

    A second key agrees when it marks every word of the annotation.
    """
    closed = AnnotationSet.objects.filter(
        revision=layer.revision, purpose=Purpose.BLIND, closed_at__isnull=False
    ).prefetch_related("annotations__skill")
    words = layer.words
    marked = [_marked(other.annotations.all(), WORDING, words) for other in closed]
    return {
        row.pk: 1 + sum(set(touched((row.start, row.end), words)) <= others for others in marked)
        for row in layer.annotations
        if row.skill.slug == WORDING and row.kind == Kind.REQUIRED
    }
