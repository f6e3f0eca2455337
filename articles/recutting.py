"""The sentences of a draft: mended by hand, and kept where its text is edited afterwards."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple, Self

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import ArticleRevision
from articles.publishing import Incomplete, cut, locked_draft
from articles.signals import article_edited
from articles.text.positions import Span
from articles.text.sentences import sentences as found_in


class Before(NamedTuple):
    """A draft's text with its words and sentences, as they were before it was edited."""

    text: str
    words: Sequence[Sequence[int]]
    sentences: Sequence[Sequence[int]]

    @classmethod
    def of(cls, revision: ArticleRevision) -> Self:
        return cls(revision.text, revision.words, revision.sentences)


#: Sentences, or what makes them of the draft as it is under the lock.
Sentences = Sequence[Span] | Callable[[ArticleRevision], Sequence[Span]]


def mend_sentences(*, revision: ArticleRevision, sentences: Sentences) -> ArticleRevision:
    """Give a draft other sentences, as half-open code points of its text, in order; tells `article_edited`.

    Raises AlreadyPublished, what `sentences` raises, and Incomplete for a sentence that cuts a word, overlaps
    another, crosses a line or is empty, and where a word would be in none. Annotations and words stay.
    """
    with transaction.atomic():
        draft = locked_draft(revision)
        sentences = sentences(draft) if callable(sentences) else sentences
        _refuse_unfit(draft, sentences)
        before = Before.of(draft)
        draft.sentences = [list(span) for span in sentences]
        draft.save(update_fields=["sentences", "updated_at"])
        article_edited.send(sender=ArticleRevision, revision=draft, before=before, by=None)
    return draft


def _refuse_unfit(draft: ArticleRevision, sentences: Sequence[Span]) -> None:
    for start, end in sentences:
        if not 0 <= start < end <= len(draft.text):
            raise Incomplete(_("A sentence must begin before it ends, inside the text."))
        if "\n" in draft.text[start:end]:
            raise Incomplete(_("A sentence cannot go on in the next paragraph."))
    for one, other in pairwise(sentences):
        if other[0] < one[1]:
            raise Incomplete(_("Two sentences overlap, or are not in order."))
    remaining = iter(sentences)
    sentence = next(remaining, None)
    for start, end in draft.words:
        while sentence and sentence[1] <= start:
            sentence = next(remaining, None)
        if sentence is None or not sentence[0] <= start < end <= sentence[1]:
            raise Incomplete(_("The word “%s” must be in one sentence, and whole.") % draft.text[start:end])


def join(sentences: Sequence[Span], index: int) -> list[Span]:
    """The sentences with the one at `index` and the next made one; raises Incomplete without a next."""
    made = [(start, end) for start, end in sentences]
    if index + 1 >= len(made):
        raise Incomplete(_("There is no next sentence to join it with."))
    made[index : index + 2] = [(made[index][0], made[index + 1][1])]
    return made


def split(revision: ArticleRevision, index: int, at: int) -> list[Span]:
    """The draft's sentences, with the one at `index` cut before code point `at`; no blank at the cut's edges.

    Raises IndexError, and Incomplete where `at` is not inside the sentence.
    """
    made = [(start, end) for start, end in revision.sentences]
    start, end = made[index]
    before = len(revision.text[start:at].rstrip()) if start < at < end else 0
    if not before:
        raise Incomplete(_("Split a sentence before one of its words, but not before the first."))
    made[index : index + 1] = [(start, start + before), (at, end)]
    return made


def recut(revision: ArticleRevision, text: str) -> "tuple[dict[str, object], list[str]]":
    """`cut(text)`, with the mended sentences of the lines that stayed; and the lines whose mending is gone.

    A line stayed if it is there as often as it was. `revision` still has its older text.
    """
    made = cut(text)
    mended = _mended_lines(revision)
    before, now = _starts(revision.text), _starts(text)
    sentences = list(made["sentences"])
    lost = []
    for line_start, spans in mended.items():
        line = revision.text[line_start:].partition("\n")[0]
        if len(before[line]) != len(now[line]):
            lost.append(line)
            continue
        shift = now[line][before[line].index(line_start)] - line_start
        first, last = line_start + shift, line_start + shift + len(line)
        sentences = [span for span in sentences if not first <= span[0] < last]
        sentences += [[start + shift, end + shift] for start, end in spans]
    return {**made, "sentences": sorted(sentences)}, lost


def _mended_lines(revision: ArticleRevision) -> "dict[int, list[Span]]":
    """The sentences of each line that is not cut as the rules would; lines by where they begin."""
    kept, ruled = (
        _by_line(revision.text, revision.sentences),
        _by_line(revision.text, found_in(revision.text)),
    )
    return {start: kept[start] for start in sorted(kept) if kept[start] != ruled[start]}


def _by_line(text: str, spans: "Sequence[Sequence[int]]") -> "defaultdict[int, list[Span]]":
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for start, end in spans:
        found[text.rfind("\n", 0, start) + 1].append((start, end))
    return found


def _starts(text: str) -> "defaultdict[str, list[int]]":
    found: defaultdict[str, list[int]] = defaultdict(list)
    start = 0
    for line in text.split("\n"):
        found[line].append(start)
        start += len(line) + 1
    return found
