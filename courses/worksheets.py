"""A lesson for paper: its texts in numbered lines, its questions with room to write, and the key to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.models import ArticleRevision
from courses.models import Lesson, Step
from courses.numbering import NumberedLine, lines_at, numbered
from quizzes.models import QuestionKey, QuestionRevision, QuizSlot
from quizzes.paper import PaperQuestion, on_paper
from quizzes.paper_key import KeyLine, key_lines


@dataclass(frozen=True)
class Block:
    """A paragraph that is printed; `skips`: something of the text before it is left out."""

    kind: str
    lines: Sequence[NumberedLine]
    skips: bool


@dataclass(frozen=True)
class Text:
    """An article, as much of it as the lesson uses. Line numbers are those of the whole article."""

    article: ArticleRevision
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Explained:
    """A line of the key, and at which lines of the text its place is."""

    line: KeyLine
    at: tuple[int, int] | None


@dataclass(frozen=True)
class Task:
    """A numbered question. `at` are the lines of its passage in `article`; `key` is filled in on the key only."""

    number: int
    question: PaperQuestion
    article: ArticleRevision | None
    at: tuple[int, int] | None
    own: Sequence[Sequence[NumberedLine]] = ()
    key: Sequence[Explained] = ()


@dataclass(frozen=True)
class Part:
    """A quiz of the lesson; `drawn` questions are chosen anew for each try and are not on paper."""

    title: str
    tasks: Sequence[Task]
    drawn: int


@dataclass
class Worksheet:
    texts: list[Text] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def worksheet(lesson: Lesson, *, with_key: bool = False, hidden: frozenset[int] = frozenset()) -> Worksheet:
    """The worksheet of a published lesson; three queries, and one more with its key.

    Nothing of the `hidden` articles (primary keys), nor what asks about them, is on it.
    """
    steps = list(
        Step.objects.filter(lesson_revision=lesson.published_id)
        .exclude(quiz__archived_at__isnull=False)
        .exclude(article__isnull=False, article__in=hidden)
        .select_related("quiz", "article_revision")
        .order_by("position", "pk")
    )
    slots: dict[int, list[QuizSlot]] = {}
    wanted = [step.quiz.published_id for step in steps if step.quiz]
    for slot in (
        QuizSlot.objects.filter(quiz_revision__in=wanted)
        .select_related("question__published__article_revision", "pinned__article_revision")
        .order_by("position")
    ):
        asks = _revision(slot)
        if asks is None or asks.article_revision is None or asks.article_revision.article_id not in hidden:
            slots.setdefault(slot.quiz_revision_id, []).append(slot)
    asked = [one for found in slots.values() for slot in found if (one := _revision(slot)) is not None]
    keys = QuestionKey.objects.in_bulk([one.pk for one in asked]) if with_key else {}
    maker = _Maker(steps, asked, keys)
    parts = [maker.part(step, slots) for step in steps if step.quiz]
    return Worksheet(maker.texts(), [part for part in parts if part.tasks or part.drawn])


def _revision(slot: QuizSlot) -> QuestionRevision | None:
    return slot.pinned or (slot.question.published if slot.question else None)


class _Maker:
    """Numbers the tasks from 1 through the whole lesson, and knows each article's lines."""

    def __init__(
        self, steps: Sequence[Step], asked: Sequence[QuestionRevision], keys: dict[int, QuestionKey]
    ) -> None:
        self.keys = keys
        self.number = 0
        self.used: dict[ArticleRevision, set[int]] = {}
        self.lines: dict[ArticleRevision, list[list[NumberedLine]]] = {}
        for step in steps:
            if step.article_revision is not None:
                article = step.article_revision
                last = step.last_line or len(article.blocks)
                self._use(article, range((step.first_line or 1) - 1, last))
        for one in asked:
            if one.article_revision is not None and one.start is not None and one.end is not None:
                before = one.article_revision.text.count("\n", 0, one.start)
                within = one.article_revision.text.count("\n", one.start, one.end)
                self._use(one.article_revision, range(before, before + within + 1))

    def _use(self, article: ArticleRevision, paragraphs: range) -> None:
        self.used.setdefault(article, set()).update(paragraphs)
        if article not in self.lines:
            self.lines[article] = numbered(article.text)

    def texts(self) -> list[Text]:
        return [Text(article, self._blocks(article)) for article in self.used]

    def _blocks(self, article: ArticleRevision) -> list[Block]:
        """The paragraphs in use; a paragraph is a line of the article that is not blank."""
        whole = [at for at, line in enumerate(article.text.split("\n")) if line.strip()]
        blocks: list[Block] = []
        skips = False
        for at, lines in zip(whole, self.lines[article], strict=True):
            if at in self.used[article]:
                kind = article.blocks[at] if at < len(article.blocks) else "p"
                blocks.append(Block(kind, lines, skips))
            skips = at not in self.used[article]
        return blocks

    def part(self, step: Step, slots: dict[int, list[QuizSlot]]) -> Part:
        found = slots.get(step.quiz.published_id or 0, []) if step.quiz else []
        asked = [one for slot in found if (one := _revision(slot)) is not None]
        drawn = sum(slot.draw_count or 0 for slot in found)
        return Part(step.title, [self._task(one) for one in asked], drawn)

    def _task(self, revision: QuestionRevision) -> Task:
        self.number += 1
        question = on_paper(revision)
        article = revision.article_revision if question.span else None
        own = numbered(question.passage) if question.passage else []
        return Task(
            number=self.number,
            question=question,
            article=article,
            at=lines_at(self.lines[article], question.span) if article and question.span else None,
            own=own,
            key=self._key(revision, question, own) if revision.pk in self.keys else (),
        )

    def _key(
        self, revision: QuestionRevision, question: PaperQuestion, own: Sequence[Sequence[NumberedLine]]
    ) -> list[Explained]:
        article = revision.article_revision
        lines = self.lines[article] if article and question.span else own
        offset = question.span[0] if question.span else 0
        return [
            Explained(
                line, lines_at(lines, (line.span[0] + offset, line.span[1] + offset)) if line.span else None
            )
            for line in key_lines(revision, self.keys[revision.pk])
        ]
