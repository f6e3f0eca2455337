"""What a class marked in the passages of its questions, all laid over each other and nobody named.

Only the first judged answer of each learner counts: what comes after the key was shown is another
thing. Fewer than `heat.FEWEST` answers are never laid out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.models import Cohort
from articles.text.positions import Span
from quizzes.models import ItemScore, QuestionKey, QuestionRevision
from quizzes.scoring import heat
from quizzes.types import registry

#: The types whose answer is a choice of places in a passage.
MARKING = ("mark_spans", "hottext")


@dataclass(frozen=True)
class Finding:
    """A place that was to be found, with the words of the key. `spans` are in code points of the passage."""

    ref: str
    spans: tuple[Span, ...]
    quote: str
    skill: str
    rationale: str
    instead: str
    minority: str


@dataclass(frozen=True)
class ClassMarks:
    """A question, and the words that each answer of the class marked, in no order that tells anything."""

    revision: QuestionRevision
    answers: tuple[frozenset[int], ...]

    @property
    def answered(self) -> int:
        return len(self.answers)

    @property
    def enough(self) -> bool:
        """Whether there are so many answers that none can be told from the others."""
        return len(self.answers) >= heat.FEWEST

    @cached_property
    def stretches(self) -> tuple[heat.Stretch, ...]:
        """What is warm; nothing at all while the answers are not enough."""
        if not self.enough:
            return ()
        layout = self.revision.asked.passage.layout
        return heat.stretches(heat.tally(self.answers, len(layout.words)), len(self.answers), layout)

    def lines(self, here: Sequence[Span] = ()) -> list[list[heat.Group]]:
        passage = self.revision.asked.passage
        return heat.heat_lines(passage.text, self.stretches, passage.layout, here)

    def words_of(self, stretch: heat.Stretch) -> str:
        passage = self.revision.asked.passage
        start, end = passage.layout.span(stretch.words)
        return str(passage.text[start:end])

    def marked(self, finding: Finding) -> int | None:
        """How many marked it; None while the answers are not enough."""
        layout = self.revision.asked.passage.layout
        words = {word for span in finding.spans for word in layout.words_touched(span)}
        return heat.marked_by(self.answers, words) if self.enough else None


def class_marks(*, cohort: Cohort, revisions: Sequence[QuestionRevision]) -> list[ClassMarks]:
    """The first judged answers of the class to each of `revisions`, which are of MARKING types. One query.

    Previews do not count, nor answers to another revision, nor items that were left open.
    """
    given = first_answers(cohort=cohort, questions=[revision.question_id for revision in revisions])
    by_revision: dict[int, list[Any]] = defaultdict(list)
    for answer in given:
        by_revision[answer.revision_id].append(answer)
    return [
        ClassMarks(revision, tuple(sorted(_words(revision, by_revision[revision.pk]), key=sorted)))
        for revision in revisions
    ]


@dataclass(frozen=True)
class FirstAnswer:
    """What one learner made of a question first, as it is stored; `data` is None for an item left open."""

    learner_id: int
    question_id: int
    revision_id: int
    fraction: float | None
    data: Any
    schema_version: int | None
    attempt_uuid: Any
    position: int
    handed_in: bool

    @property
    def is_a_try(self) -> bool:
        """Whether something was answered, and scored."""
        return self.data is not None and self.fraction is not None


def first_answers(*, cohort: Cohort, questions: Iterable[int]) -> list[FirstAnswer]:
    """The first judged answer of each learner in `cohort` to each question, by primary keys. One query."""
    rows = (
        ItemScore.objects.filter(
            number=1,
            item__question__in=questions,
            item__attempt__cohort=cohort,
            item__attempt__is_preview=False,
        )
        .order_by("at", "pk")
        .values_list(
            "item__attempt__learner_id",
            "item__question_id",
            "item__revision_id",
            "fraction",
            "response__data",
            "response__schema_version",
            "item__attempt__uuid",
            "item__position",
            "item__attempt__submitted_at",
        )
    )
    first: dict[tuple[int, int], FirstAnswer] = {}
    for learner, question, revision, fraction, data, version, attempt, position, submitted_at in rows:
        answer = FirstAnswer(
            learner_id=learner,
            question_id=question,
            revision_id=revision,
            fraction=fraction,
            data=data,
            schema_version=version,
            attempt_uuid=attempt,
            position=position,
            handed_in=submitted_at is not None,
        )
        first.setdefault((learner, question), answer)
    return list(first.values())


def _words(revision: QuestionRevision, answers: Iterable[FirstAnswer]) -> list[frozenset[int]]:
    """The words that each answer marks; what was left open is no answer."""
    layout = revision.asked.passage.layout
    kind = registry.get(revision.type)
    found: list[frozenset[int]] = []
    for answer in answers:
        if answer.data is None or answer.schema_version is None:
            continue
        response = registry.load(kind.slug, "response", answer.data, answer.schema_version)
        spans = [own.span for own in revision.asked.own_spans(response)]
        if spans or response.nothing_to_mark:
            found.append(frozenset(word for span in spans for word in layout.words_touched(span)))
    return found


def findings(revisions: Sequence[QuestionRevision]) -> dict[int, list[Finding]]:
    """What is to be found in each of `revisions`, by primary key, in text order. Reads keys: one query."""
    keys = QuestionKey.objects.in_bulk([revision.pk for revision in revisions])
    return {revision.pk: _findings(revision, keys[revision.pk]) for revision in revisions}


def _findings(revision: QuestionRevision, stored: QuestionKey) -> list[Finding]:
    key = registry.load(revision.type, "key", stored.key, revision.schema_version)
    offered = {place.ref: place for place in getattr(revision.asked, "offered", ())}
    skills = getattr(revision.asked, "skills", ())
    found = [
        Finding(
            ref=span.ref,
            spans=(offered.get(span.ref, span).span,),
            quote=_quote(revision, offered.get(span.ref, span).span),
            skill=getattr(span, "skill", skills[0] if skills else ""),
            rationale=span.rationale,
            instead=span.instead,
            minority=span.minority,
        )
        for span in key.spans
        if span.kind == "required"
    ]
    return sorted(found, key=lambda one: one.spans)


def _quote(revision: QuestionRevision, span: Span) -> str:
    return str(revision.asked.passage.text[span[0] : span[1]])


def marking_questions(revisions: Iterable[QuestionRevision]) -> list[QuestionRevision]:
    """Those whose answer is a choice of places in a passage."""
    return [revision for revision in revisions if revision.type in MARKING]
