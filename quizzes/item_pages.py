"""What the pages of item statistics show, from what is stored; a class's pages and the authors' share it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from quizzes import item_words
from quizzes.answer_words import CHOICES, in_words
from quizzes.item_words import Flag
from quizzes.models import QuestionRevision, QuizAnalysis
from quizzes.scoring.choice_tables import BLANK
from quizzes.scoring.items import ENOUGH
from quizzes.types import registry


@dataclass(frozen=True)
class Plot:
    """A correlation and its interval as places on a picture that is 200 wide, from −1 to 1."""

    dot: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return round(self.high - self.low, 1)


def _at(value: float) -> float:
    return round(100 + 100 * value, 1)


@dataclass(frozen=True)
class ItemLine:
    """One question in the table of a quiz; `number` counts from 1."""

    number: int
    question: Any
    title: str
    n: int
    waiting: int
    unscored: int
    facility: str
    bar: int
    r: str
    interval: str
    plot: Plot | None
    seconds: str
    flags: list[Flag]
    shown: bool

    @property
    def to_look_at(self) -> bool:
        return self.shown and bool(self.flags)


def title_of(revision: QuestionRevision, number: int) -> str:
    task = revision.prompt.get("task", "") if isinstance(revision.prompt, dict) else ""
    return revision.title or Truncator(str(task)).words(8) or _("Question %(number)s") % {"number": number}


def revisions_of(analysis: QuizAnalysis) -> dict[int, QuestionRevision]:
    """The revisions that the figures are about, with their questions. One query."""
    pks = [item["revision"] for item in analysis.figures["items"]]
    return QuestionRevision.objects.select_related("question", "article_revision").in_bulk(pks)


def lines(analysis: QuizAnalysis) -> list[ItemLine]:
    """The table of a quiz. One query."""
    revisions = revisions_of(analysis)
    return [
        line(item, revisions[item["revision"]], number)
        for number, item in enumerate(analysis.figures["items"], start=1)
    ]


def line(item: Mapping[str, Any], revision: QuestionRevision, number: int) -> ItemLine:
    shown = item["n"] >= ENOUGH
    plotted = shown and item["r"] is not None
    ci90 = item["ci90"] if plotted else None
    low, high = ci90 or (item["r"], item["r"])
    return ItemLine(
        number=number,
        question=revision.question,
        title=title_of(revision, number),
        n=item["n"],
        waiting=item["waiting"],
        unscored=item.get("unscored", 0),  # figures of before have none
        facility=item_words.percent(item["facility"]),
        bar=round(100 * (item["facility"] or 0)),
        r=item_words.decimal(item["r"]) if shown else "",
        interval=item_words.interval(ci90),
        plot=Plot(_at(item["r"]), _at(low), _at(high)) if plotted else None,
        seconds=item_words.duration(item["seconds"]),
        flags=item_words.flags(item["flags"], texts_of(revision)),
        shown=shown,
    )


def texts_of(revision: QuestionRevision) -> dict[str, str]:
    """The words of what can be chosen, by name; the names of a gap's options say which gap."""
    prompt = revision.asked
    texts = {ref: str(words) for ref, words in CHOICES.items()}
    texts |= {option.ref: option.text for option in getattr(prompt, "options", ())}
    for gap in getattr(prompt, "gaps", ()):
        texts |= {f"{gap.ref}/{option.ref}": f"{option.text} ({gap.ref})" for option in gap.options}
    for place in getattr(prompt, "offered", ()):
        texts[place.ref] = prompt.passage.text[place.start : place.end]
    return texts


@dataclass(frozen=True)
class OptionLine:
    words: str
    right: bool | None
    blank: bool
    counts: tuple[int, int, int, int]


@dataclass(frozen=True)
class AnswerLine:
    """One of the different answers; `words` "" for a blank one."""

    words: str
    count: int
    share: str
    bar: int
    mean: str


@dataclass(frozen=True)
class Quarter:
    """The mean score of a quarter of the learners; `x`, `y` and `height` place its bar in a picture 60 high."""

    name: str
    mean: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class ItemPage:
    """One question with everything that is known of it."""

    line: ItemLine
    options: list[OptionLine]
    thirds: tuple[int, int, int]
    answers: list[AnswerLine]
    others: Mapping[str, int]
    quarters: list[Quarter]


def item_page(item: Mapping[str, Any], revision: QuestionRevision, number: int) -> ItemPage:
    """One question of stored figures, and the revision that they are about."""
    texts = texts_of(revision)
    total = sum(answer["count"] for answer in item["answers"]) + item["others"]["count"]
    rows = [_option(row, texts) for row in item["table"]]
    group = item["pairs"] // 3
    return ItemPage(
        line=line(item, revision, number),
        options=rows,
        thirds=(group, item["pairs"] - 2 * group, group),
        answers=[_answer(one, revision, total) for one in item["answers"]],
        others=item["others"],
        quarters=list(_quarters(item["quarters"])) if item["n"] >= ENOUGH else [],
    )


def _option(row: list[Any], texts: Mapping[str, str]) -> OptionLine:
    ref, right, everyone, top, middle, bottom = row
    blank = ref == BLANK
    if right is None and ref in CHOICES:  # wrong, though nobody's distractor
        right = False
    return OptionLine("" if blank else texts.get(ref, ref), right, blank, (everyone, top, middle, bottom))


def _answer(answer: Mapping[str, Any], revision: QuestionRevision, total: int) -> AnswerLine:
    response = None
    if answer["response"] is not None:
        kind = registry.get(revision.type)
        response = registry.load(kind.slug, "response", answer["response"], kind.schema_version)
    return AnswerLine(
        words=in_words(revision.asked, response),
        count=answer["count"],
        share=item_words.percent(answer["count"] / total),
        bar=round(100 * answer["count"] / total),
        mean=item_words.percent(answer["mean"]),
    )


def _quarters(means: Iterable[float | None]) -> Iterable[Quarter]:
    names = (_("Best quarter"), _("Second"), _("Third"), _("Last quarter"))
    for place, (name, mean) in enumerate(zip(names, means, strict=True)):
        height = round(60 * (mean or 0))
        yield Quarter(name, item_words.percent(mean), 10 + 50 * place, 65 - height, height)


@dataclass(frozen=True)
class Reliability:
    """How far the total can be trusted: the figures, or (in words) why there are none."""

    alpha: str
    sem: str
    reason: str


def reliability(analysis: QuizAnalysis) -> Reliability:
    figures = analysis.figures
    if figures["learners"] < ENOUGH:
        return Reliability("", "", _("Shown from 20 learners on."))
    if figures["alpha"] is None:
        return Reliability("", "", str(item_words.REASONS[figures["alpha_reason"]]))
    return Reliability(item_words.decimal(figures["alpha"]), item_words.decimal(figures["sem"]), "")
