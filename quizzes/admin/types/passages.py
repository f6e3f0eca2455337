"""What the forms share whose question has a passage: choosing it from an article, and places on it."""

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from articles.states import state_of
from articles.text.passages import Cut, NoSuchPlace, Stretch, cut, cut_at, line_spans, stretch_of
from articles.text.positions import normalise, touched
from articles.text.segments import segment_lines
from quizzes.admin.fields import Field, Kept, Number, Search, Text, Values
from quizzes.admin.forms import Errors, QuestionForm
from quizzes.admin.sources import quoting
from quizzes.admin.types.parts import whole
from quizzes.admin.types.picked import place_values, read_places
from quizzes.publishing import From
from quizzes.types.base import Passage

SENTENCES = re.compile(r"\s*([0-9]{1,4})\s*(?:[-–]\s*([0-9]{1,4})\s*)?")
LONGEST_OWN = 60_000
WORDS_AT_ONCE = 500
WORDS_OF_A_PARAGRAPH = 14
MOST_WORDS_SHOWN = 6_000  # beyond, a page of words is slow to pick from: fewer paragraphs, or typing

SEEN = Kept(name="article_seen")
OWN_FIELDS: tuple[Field, ...] = (
    Number(name="first", label=gettext_lazy("From paragraph")),
    Number(name="last", label=gettext_lazy("To paragraph")),
    Text(
        name="sentences",
        label=gettext_lazy("Only sentences"),
        help=gettext_lazy("Of these paragraphs, such as 2-4. Empty: all of them."),
        more=True,
    ),
    Text(
        name="own_text",
        label=gettext_lazy("Or a text of your own"),
        help=gettext_lazy("Where no article is chosen. One paragraph a line."),
        lines=4,
        more=True,
    ),
)
PLACE_FIELDS: tuple[Field, ...] = (
    Text(
        name="quote",
        label=gettext_lazy("Words of the passage"),
        lines=2,
        required=gettext_lazy("Pick the words on the passage, or type them as they stand there."),
    ),
    Kept(name="start"),
    Kept(name="end"),
)
WHICH = Number(
    name="nth",
    label=gettext_lazy("Which one"),
    help=gettext_lazy("If the words stand there more than once: 1 for the first."),
    more=True,
)


@dataclass(frozen=True)
class Word:
    """A word to pick (`index` from 0), or what stands between two (None); `held`: places, by number and kind."""

    text: str
    index: int | None
    sentence: int
    held: list[tuple[int, str]]

    @property
    def kind(self) -> str:
        return self.held[0][1] if self.held else ""

    @property
    def numbers(self) -> str:
        return ", ".join(str(number) for number, _kind in self.held)


@dataclass(frozen=True)
class Beginning:
    """A paragraph that a passage can begin with: its number from 1, its first words, whether it is taken."""

    number: int
    text: str
    taken: bool


class PassageForm(QuestionForm):
    """A form with a passage: from an article that its author sees, or of their own writing."""

    #: Whether the question needs one.
    needs_passage = True

    @cached_property
    def passage_fields(self) -> tuple[Field, ...]:
        article = Search(
            name="article",
            label=gettext_lazy("Article"),
            help=gettext_lazy("Type a part of its title. A draft must be published before the question is."),
            choices=lambda values: [("", ""), *self.sources.chosen_article(values["article"])],
            attrs=quoting().build_attrs({}),
            more=not self.needs_passage,
        )
        if self.needs_passage:
            return (article, *OWN_FIELDS, SEEN)
        return (article, SEEN, *(replace(one, more=True) for one in OWN_FIELDS))

    def initial_passage(self, passage: Passage | None) -> Values:
        """The fields that say where the stored passage is from."""
        stored = self.sources.stored
        article = stored.article_revision if stored else None
        if passage is None:
            return {}
        if stored is None or article is None or stored.start is None or stored.end is None:
            return {"own_text": passage.text}
        stretch = stretch_of(article.text, article.sentences, (stored.start, stored.end))
        sentences = "–".join(map(str, stretch.sentences)) if stretch.sentences else ""
        return {
            "article": str(article.pk),
            "first": str(stretch.first),
            "last": str(stretch.last),
            "sentences": sentences,
        }

    def read_passage(self, values: Values, errors: Errors) -> Passage | None:
        """The passage that the form asks for; None after saying beside which field it cannot be had."""
        if values["article"]:
            found = self._cut(values, errors)
            return self._of_cut(*found) if found else None
        text = normalise(values["own_text"])
        if len(text) > LONGEST_OWN:
            errors.add("own_text", _("This is too long. Take the text in as an article."))
            return None
        if not text.strip():
            if self.needs_passage:
                errors.add("article", _("Choose the article, or write a text of your own under “More”."))
            return None
        kept = self._stored_passage()
        if kept is not None and kept.text == text:
            return kept
        try:
            return Passage.of(text)
        except ValidationError:
            errors.add("own_text", _("This text cannot be kept. Type it again without unusual characters."))
            return None

    def passage(self, values: Values) -> From | None:
        found = self._cut(values, Errors()) if values["article"] else None
        return From(found[0], found[1].start, found[1].end) if found else None

    # In which text it was chosen ----------------------------------------------------------------
    def seen(self, values: Values) -> Values:
        """The article's text as the page shows it, and the passage in it."""
        return {SEEN.name: " ".join(self._state(values))}

    def edited_since(self, values: Values) -> bool:
        """Whether the chosen paragraphs are others by now than the page showed, because the text was edited."""
        article, text, passage = [*values[SEEN.name].split(" "), "", ""][:3]
        now = self._state(values)
        return bool(now) and article == now[0] and text != now[1] and passage != now[2]

    def _state(self, values: Values) -> tuple[str, ...]:
        """The revision, its text with its sentences, and what is chosen of it; the two as digests."""
        revision = self.sources.article(values["article"])
        if revision is None:
            return ()
        passage = self.read_passage(values, Errors())
        asked = [values[name].strip() for name in ("first", "last", "sentences")]
        chosen = repr((asked, passage and (passage.text, passage.sentences)))
        text = state_of(revision, sentences=True)
        return str(revision.pk), text, hashlib.sha256(chosen.encode()).hexdigest()

    # Picking on it ------------------------------------------------------------------------------
    def pick_lines(self, values: Values) -> list[list[Word]]:
        """The passage as its words and what stands between them, with the places that hold each."""
        passage = self.read_passage(values, Errors())
        if passage is None or len(passage.words) > MOST_WORDS_SHOWN:
            return []
        held: dict[int, list[tuple[int, str]]] = {}
        rows = [dict(row) for row in values[self.picks]]
        for number, (row, place) in enumerate(
            zip(rows, read_places(rows, passage, self.picks, Errors()), strict=True), start=1
        ):
            for index in touched(place, passage.words) if place else ():
                held.setdefault(index, []).append((number, row["kind"]))
        return [
            [
                Word(
                    part.text,
                    part.index,
                    part.sentence,
                    held.get(part.index, []) if part.index is not None else [],
                )
                for part in line
            ]
            for line in segment_lines(passage.text, passage.words, passage.sentences)
        ]

    def pick(self, values: Values, first: str, last: str, empty: Values) -> bool:
        """Add a place from the word `first` to the word `last`; False where there are no such words."""
        passage = self.read_passage(values, Errors())
        ends = sorted(index for index in (whole(first), whole(last)) if isinstance(index, int))
        if passage is None or len(ends) < 2 or ends[0] < 0 or ends[1] >= len(passage.words):
            return False
        span = passage.words[ends[0]][0], passage.words[ends[1]][1]
        values[self.picks].append({**empty, **place_values(passage.text, span)})
        return True

    # Choosing paragraphs first ---------------------------------------------------------------------
    def paragraphs(self, values: Values) -> list[Beginning]:
        """The paragraphs of the chosen article, each with its first words; of no article none."""
        revision = self.sources.article(values["article"])
        if revision is None:
            return []
        stretch = _stretch(values, Errors())
        return [
            Beginning(
                number=number,
                text=Truncator(revision.text[start:end]).words(WORDS_OF_A_PARAGRAPH),
                taken=stretch is not None and stretch.first <= number <= stretch.last,
            )
            for number, (start, end) in enumerate(line_spans(revision.text), start=1)
        ]

    def begin_at(self, values: Values, number: int) -> None:
        """Take the paragraphs from this one on, as many as can be read at once; a number beyond takes none."""
        revision = self.sources.article(values["article"])
        lines = line_spans(revision.text) if revision else ()
        if revision is None or not 1 <= number <= len(lines):
            return
        last = number
        taken = len(revision.text[slice(*lines[number - 1])].split())
        while last < len(lines):
            taken += len(revision.text[slice(*lines[last])].split())
            if taken > WORDS_AT_ONCE:
                break
            last += 1
        values.update(first=str(number), last=str(last), sentences="")

    def _cut(self, values: Values, errors: Errors) -> tuple[Any, Cut] | None:
        revision = self.sources.article(values["article"])
        if revision is None:
            errors.add("article", _("This article is not there, or not for you. Choose another."))
            return None
        stretch = _stretch(values, errors)
        if stretch is None:
            return None
        spans = [tuple(span) for span in revision.sentences], [tuple(span) for span in revision.words]
        stored = self.sources.stored
        if stored and stored.article_revision_id == revision.pk and stored.start is not None:
            place = stored.start, stored.end or 0
            if stretch == stretch_of(revision.text, spans[0], place):
                return revision, cut_at(revision.text, *spans, place)  # no stretch of sentences, perhaps
        try:
            return revision, cut(revision.text, *spans, stretch)
        except NoSuchPlace as error:
            errors.add(
                error.part, _("The article %s") % error if error.part == "last" else str(error).capitalize()
            )
            return None

    def _of_cut(self, revision: Any, found: Cut) -> Passage:
        """The stored passage where it is the same: its words are not found anew."""
        stored = self.sources.stored
        kept = self._stored_passage()
        same = stored and (stored.article_revision_id, stored.start, stored.end) == (
            revision.pk,
            found.start,
            found.end,
        )
        if same and kept is not None and kept.text == found.text:
            return kept
        return Passage(text=found.text, sentences=found.sentences, words=found.words)

    def _stored_passage(self) -> Passage | None:
        stored = self.sources.stored
        return getattr(stored.asked, "passage", None) if stored else None


def _stretch(values: Values, errors: Errors) -> Stretch | None:
    first = whole(values["first"]) if values["first"].strip() else 1
    last = whole(values["last"]) if values["last"].strip() else first
    before = len(errors.by_name)
    for name, number in (("first", first), ("last", last)):
        if not isinstance(number, int) or number < 1:
            errors.add(name, _("Write the number of a paragraph, 1 for the first."))
    if len(errors.by_name) == before and last < first:
        errors.add("last", _("This must not come before the first paragraph."))
    sentences = None
    if values["sentences"].strip():
        found = SENTENCES.fullmatch(values["sentences"])
        if found is None:
            errors.add("sentences", _("Write two numbers, such as 2-4."))
        else:
            sentences = int(found[1]), int(found[2] or found[1])
    return None if len(errors.by_name) > before else Stretch(first, last, sentences)
