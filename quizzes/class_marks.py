"""What a class marked in the passages of its questions, all laid over each other and nobody named.

Only the first judged answer of each learner counts: what comes after the key was shown is another
thing. Fewer than `heat.FEWEST` answers are never laid out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Cohort
from articles.text.positions import Span
from quizzes.first_answers import FirstAnswer, first_answers
from quizzes.models import QuestionKey, QuestionRevision
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
    """A question, and the words that each answer of the class marked, in no order that tells anything.

    `changed` more answered before the text was changed: what they marked has no place in it.
    """

    revision: QuestionRevision
    answers: tuple[frozenset[int], ...]
    changed: int = 0

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
    """The first judged answers of the class to each of `revisions`, which are of MARKING types. Two queries.

    Answers to another revision of the question count where its text is the same. Previews do not count,
    nor items that were left open.
    """
    given = first_answers(cohort=cohort, questions=[revision.question_id for revision in revisions])
    by_question: dict[int, list[FirstAnswer]] = defaultdict(list)
    for answer in given:
        by_question[answer.question_id].append(answer)
    answered = {revision.pk: revision for revision in revisions}
    others = {answer.revision_id for answer in given} - answered.keys()
    if others:
        rows = QuestionRevision.objects.select_related("article_revision").in_bulk(others)
        answered |= rows
    return [_marks_of(revision, by_question[revision.question_id], answered) for revision in revisions]


def _marks_of(
    revision: QuestionRevision, answers: Sequence[FirstAnswer], answered: Mapping[int, QuestionRevision]
) -> ClassMarks:
    same = {pk for pk in {one.revision_id for one in answers} if _same_text(answered[pk], revision)}
    found = [
        words
        for pk in sorted(same)
        for words in _words(answered[pk], (one for one in answers if one.revision_id == pk))
    ]
    changed = sum(one.data is not None and one.revision_id not in same for one in answers)
    return ClassMarks(revision, tuple(sorted(found, key=sorted)), changed)


def _same_text(one: QuestionRevision, other: QuestionRevision) -> bool:
    """Whether a word of the one is the same word of the other."""
    if one.pk == other.pk:
        return True
    if one.type not in MARKING:
        return False
    here, there = one.asked.passage, other.asked.passage
    return here.text == there.text and list(here.layout.words) == list(there.layout.words)


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
