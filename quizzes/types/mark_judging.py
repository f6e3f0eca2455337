"""Judging the marks of one skill in a passage: the words they take, score, evidence, counts."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, starmap

from articles.text.positions import Span
from quizzes.scoring.layout import Layout
from quizzes.scoring.spans import Granularity, SpanScore, score_spans, snap
from quizzes.types.base import Tally, Unit
from quizzes.types.mark_findings import PLACES_KEPT, SkillFindings, SkillKey


class SkillJudge:
    """What belongs to one skill of a question, prepared for judging any number of responses."""

    def __init__(self, name: str, key: SkillKey, layout: Layout, granularity: Granularity) -> None:
        self.name, self.key, self.layout, self.granularity = name, key, layout, granularity
        self.findings = SkillFindings(name, key, layout)
        sentences = list(self._sentences())
        self.left_alone = [left for _index, left, _flagged in sentences]
        self.flagged = {index: (at, flagged) for at, (index, _left, flagged) in enumerate(sentences)}
        self.snapped = lru_cache(PLACES_KEPT)(self._snapped)

    def _snapped(self, start: int, end: int) -> frozenset[int]:
        return frozenset(chain.from_iterable(snap([(start, end)], self.layout, self.granularity)))

    def marked(self, marks: Iterable[Span]) -> frozenset[int]:
        """The words of all marks of the skill."""
        return frozenset().union(*starmap(self.snapped, marks))

    def score(self, marked: frozenset[int], *, answered: bool) -> SpanScore:
        """In an item that was answered, no judged mark of a skill means that nothing is to be marked for it."""
        left_empty = answered and marked <= self.key.words.acceptable
        return score_spans(
            [() if left_empty else marked], self.key.words, self.layout, nothing_to_mark=left_empty
        )

    def _sentences(self) -> Iterator[tuple[int, Unit, Unit]]:
        """Each sentence that is evidence, with its unit where it was left alone and where it was flagged.

        A sentence with a required word is a problem; one with acceptable words only is left out, and so
        is one without any word; every other is sound.
        """
        problems, excused = (
            {self.layout.sentence_of[word] for word in words}
            for words in (self.key.words.words_to_find, self.key.words.acceptable)
        )
        for index, words in enumerate(self.layout.sentence_words):
            is_problem = index in problems
            if words and (is_problem or index not in excused):
                yield (
                    index,
                    self._unit(index, is_problem, correct=not is_problem),
                    self._unit(index, is_problem, correct=is_problem),
                )

    def _unit(self, index: int, is_problem: bool, *, correct: bool) -> Unit:
        """A sentence, named by its number from 1."""
        return Unit(
            skill=self.name,
            unit=str(index + 1),
            ordinal=index,
            kind="problem" if is_problem else "sound",
            correct=correct,
            fraction=float(correct),
        )

    def units(self, marked: frozenset[int]) -> list[Unit]:
        """One unit a sentence; it is flagged by a marked word that is not acceptable."""
        units = self.left_alone.copy()
        sentences = set(map(self.layout.sentence_of.__getitem__, marked - self.key.words.acceptable))
        for sentence in sentences & self.flagged.keys():
            at, flagged = self.flagged[sentence]
            units[at] = flagged
        return units

    def tally(self, score: SpanScore) -> Tally:
        """The counts of the skill."""
        return Tally(
            skill=self.name,
            fraction=score.f1,
            required=len(score.shares),
            found=score.found,
            partly=score.partly,
            marks=score.marks,
            sound_marks=score.sound,
        )
