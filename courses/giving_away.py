"""Graded questions about paragraphs whose annotations some lesson shows: who reads there knows the answer.

A question and a lesson may hold different texts of one article. The words that are asked about are then looked
for in the text that is shown, by the rules of re-anchoring; where several places fit, all of them count.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles.models import ArticleRevision
from articles.text.positions import occurrences
from courses.faults import Fault
from courses.met import Met
from courses.models import LessonRevision, Step
from quizzes.models import QuestionRevision, QuizSlot
from quizzes.moving import Pair


class _Shown(NamedTuple):
    """Lines `first` to `last`, from 1, of a text, in a step of a lesson."""

    lesson: LessonRevision
    step: Step
    text: ArticleRevision
    first: int
    last: int


def given_away(
    revisions: Sequence[LessonRevision],
    judged: set[int],
    met: Met,
    asked_in: Callable[[QuizSlot], bool] = lambda _slot: True,
) -> Iterator[Fault]:
    """A fault for each graded question that these lessons ask, of the slots `asked_in`, and show as well.

    One of the two lessons is among those that are `judged`, by primary key.
    """
    shown: defaultdict[int | None, list[_Shown]] = defaultdict(list)
    for revision in revisions:
        for step in met.steps[revision.pk]:
            if text := met.shown_by(step):
                last = step.last_line or len(text.blocks)
                shown[step.article_id].append(_Shown(revision, step, text, step.first_line or 1, last))
    pair = cache(Pair)
    for revision in revisions:
        for step in met.steps[revision.pk]:
            state = met.state_of(step.quiz) if step.quiz and step.kind == Step.Kind.QUIZ else None
            for slot in filter(asked_in, met.slots[state.pk] if state else ()):
                asked = slot.pinned or (met.state_of(slot.question) if slot.question else None)
                if asked is None or asked.article_revision is None:
                    continue
                for place in shown[asked.article_revision.article_id]:
                    if judged & {revision.pk, place.lesson.pk} and (line := _line(asked, place, pair)):
                        yield _fault(asked, place, line)
                        break


def _line(
    asked: QuestionRevision, place: _Shown, pair: Callable[[ArticleRevision, ArticleRevision], Pair]
) -> int | None:
    """The first line, of the question's own text, that is shown at this place."""
    passage = asked.article_revision
    if passage is None or asked.start is None or asked.end is None:
        return None
    if passage == place.text:
        first, last = _lines(passage.text, asked.start, asked.end)
        both = range(max(first, place.first), min(last, place.last) + 1)
        return both[0] if both else None
    texts = pair(passage, place.text)
    for start, end in _pieces(passage, asked.start, asked.end):
        for now in _places(texts, start, end):
            first, last = _lines(place.text.text, *now)
            if first <= place.last and place.first <= last:
                return _lines(passage.text, start, end)[0]
    return None


def _pieces(passage: ArticleRevision, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences that the question asks about and, for those that changed, the lines that they stand in."""
    sentences = [(first, last) for first, last in passage.sentences if first < end and start < last]
    lines, at = [], 0
    for line in passage.text.split("\n"):
        if line.strip() and at < end and start < at + len(line):
            lines.append((at, at + len(line)))
        at += len(line) + 1
    return [*sentences, *lines]


def _places(texts: Pair, start: int, end: int) -> list[tuple[int, int]]:
    """Where a stretch may be now: where re-anchoring finds it, and wherever its very words are."""
    words = texts.older.text[start:end]
    found = [(at, at + len(words)) for at in occurrences(texts.newer.text, words)]
    inside = [span for span in texts.old_words if start <= span[0] and span[1] <= end]
    if inside and (place := texts.place((inside[0][0], inside[-1][1]))):
        found.append((place.start, place.end))
    return found


def _lines(text: str, start: int, end: int) -> tuple[int, int]:
    return text.count("\n", 0, start) + 1, text.count("\n", 0, end - 1) + 1


def _fault(asked: QuestionRevision, place: _Shown, line: int) -> Fault:
    words = _(
        "The question “%(title)s” is graded, and asks about paragraph %(line)d of “%(article)s”,"
        " whose notes are shown in “%(lesson)s”, step “%(step)s”. Ask about another one."
    )
    names = {
        "title": asked.title or asked.question_id,
        "line": line,
        "article": asked.article_revision.title if asked.article_revision else "",
        "lesson": place.lesson.title,
        "step": place.step.key,
    }
    return Fault(words % names, asked)
