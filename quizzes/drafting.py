"""Questions drafted from an article's annotations: a passage, and the annotations copied as its key.

Nothing is saved: a draft is an author's to finish, and the copy does not change when the annotations do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.models import Annotation, AnnotationSet, ArticleRevision
from articles.text.passages import Cut, Stretch, cut
from articles.text.positions import Span, touched
from quizzes.types import classify, hottext, mark_spans
from quizzes.types.base import Option, Passage

#: Skills that are shown by whole sentences; the others, wording first of all, by words.
BY_SENTENCE = frozenset(
    {"text-type", "attribution", "source-quality", "checkability", "cause-and-motive", "missing-voices"}
)
#: In which order places are offered that share words: only one of them can be.
_FIRST = {Annotation.Kind.REQUIRED: 0, Annotation.Kind.FOIL: 1, Annotation.Kind.ACCEPTABLE: 2}


@dataclass(frozen=True)
class Source:
    """A passage of an article and the annotations in it, of the skills that a question will ask for."""

    revision: ArticleRevision
    stretch: Stretch
    cut: Cut
    skills: tuple[str, ...]
    annotations: tuple[Annotation, ...]

    @property
    def passage(self) -> Passage:
        return Passage(text=self.cut.text, sentences=self.cut.sentences, words=self.cut.words)

    def span(self, annotation: Annotation) -> Span:
        """Where it is, counted from the start of the passage."""
        return annotation.start - self.cut.start, annotation.end - self.cut.start

    def of_kind(self, kind: str) -> list[Annotation]:
        return [one for one in self.annotations if one.kind == kind]

    def in_sentence(self, sentence: Span) -> list[Annotation]:
        """The annotations that share a code point with a sentence of the passage."""
        return [one for one in self.annotations if touched(self.span(one), [sentence])]

    @property
    def sound(self) -> int:
        """How many sentences hold nothing to find and nothing that readers differ about."""
        kinds = [{one.kind for one in self.in_sentence(sentence)} for sentence in self.cut.sentences]
        return sum(1 for held in kinds if not held & {"required", "acceptable"})


@dataclass(frozen=True)
class Counts:
    """What a learner will meet: places to find, open to readers, looking wrong; sentences that are sound."""

    to_find: int
    differ: int
    foils: int
    sound: int


def key_of(revision: ArticleRevision) -> list[Annotation]:
    """The annotations of a revision's key layer, in text order."""
    rows = Annotation.objects.filter(set__revision=revision, set__purpose=AnnotationSet.Purpose.KEY)
    return list(rows.select_related("skill").order_by("start", "end", "pk"))


def source(
    revision: ArticleRevision, stretch: Stretch, skills: Sequence[str], annotations: Iterable[Annotation]
) -> Source:
    """Cut the passage and take what lies wholly in it; raises NoSuchPlace."""
    sentences = [(start, end) for start, end in revision.sentences]
    words = [(start, end) for start, end in revision.words]
    found = cut(revision.text, sentences, words, stretch)
    held = tuple(
        one
        for one in annotations
        if one.skill.slug in skills and found.start <= one.start and one.end <= found.end
    )
    return Source(revision, stretch, found, tuple(skills), held)


def counts(of: Source) -> Counts:
    required, acceptable, foils = (of.of_kind(kind) for kind in ("required", "acceptable", "foil"))
    return Counts(len(required), len(acceptable), len(foils), of.sound)


def granularity(skills: Sequence[str]) -> str:
    """Whether a mark takes sentences or words: sentences where every skill is shown by them."""
    return "sentences" if BY_SENTENCE.issuperset(skills) else "words"


def marking(of: Source, task: str) -> tuple[mark_spans.Prompt, mark_spans.Key]:
    """A marking item whose key is a copy of the annotations."""
    prompt = mark_spans.Prompt.model_validate(
        {
            "task": task,
            "skills": of.skills,
            "granularity": granularity(of.skills),
            "passage": of.passage,
        }
    )
    return prompt, mark_spans.Key(spans=tuple(_key_span(of, one) for one in of.annotations))


def _key_span(of: Source, one: Annotation) -> mark_spans.KeySpan:
    start, end = of.span(one)
    return mark_spans.KeySpan.model_validate(
        {
            "ref": one.ref,
            "skill": one.skill.slug,
            "kind": one.kind,
            "start": start,
            "end": end,
            "rationale": one.rationale,
            "instead": one.instead,
            "minority": one.minority,
            "readings": one.readings,
        }
    )


def offered(of: Source) -> list[Annotation]:
    """Annotations that can be offered side by side: of one line each, and apart."""
    taken: list[Annotation] = []
    for one in sorted(of.annotations, key=lambda row: (_FIRST[Annotation.Kind(row.kind)], row.start)):
        start, end = of.span(one)
        apart = all(one.end <= other.start or other.end <= one.start for other in taken)
        if apart and "\n" not in of.cut.text[start:end]:
            taken.append(one)
    return sorted(taken, key=lambda row: row.start)


def choosing(of: Source, task: str) -> tuple[hottext.Prompt, hottext.Key]:
    """Offered places: what is to be found among what only looks wrong. There must be one at least."""
    places = offered(of)
    prompt = hottext.Prompt(
        task=task,
        passage=of.passage,
        offered=tuple(
            hottext.Offered(ref=one.ref, start=of.span(one)[0], end=of.span(one)[1]) for one in places
        ),
    )
    spans = tuple(
        hottext.OfferedKey.model_validate(
            {
                "ref": one.ref,
                "kind": one.kind,
                "rationale": one.rationale,
                "instead": one.instead,
                "minority": one.minority,
            }
        )
        for one in places
    )
    return prompt, hottext.Key(spans=spans)


def sorting(
    of: Source, task: str, categories: Sequence[str], *, judged: bool
) -> tuple[classify.Prompt, classify.Key]:
    """The passage's sentences to sort. With `judged` the first category is that of what is to be found.

    A sentence in which readers differ is never scored. Without `judged` nothing is accepted yet.
    """
    options = tuple(Option(ref=f"category-{n}", text=text) for n, text in enumerate(categories, start=1))
    units, keys = [], []
    for number, sentence in enumerate(of.cut.sentences, start=1):
        ref = f"unit-{number}"
        units.append(Option(ref=ref, text=of.cut.text[sentence[0] : sentence[1]]))
        keys.append(_unit_key(ref, of.in_sentence(sentence), judged=judged))
    problem = options[0].ref if judged else ""
    prompt = classify.Prompt(task=task, categories=options, problem=problem, units=tuple(units))
    return prompt, classify.Key(units=tuple(keys))


def _unit_key(ref: str, held: Sequence[Annotation], *, judged: bool) -> classify.UnitKey:
    kinds = {one.kind for one in held}
    accepted: tuple[str, ...] | None = ()
    if judged:
        accepted = ("category-1",) if "required" in kinds else ("category-2",)
        if kinds == {"acceptable"}:
            accepted = None
    said = [one.rationale for one in held if one.rationale]
    minority = [one.minority for one in held if one.minority]
    return classify.UnitKey(ref=ref, accepted=accepted, rationale=" ".join(said), minority=" ".join(minority))
