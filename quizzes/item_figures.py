"""What is stored of a quiz's figures: `quizzes.scoring.items` over its answers, as JSON.

Keys of an item: `question`, `revision` (asked), `key` (of the revision that judged), `n`, `pairs`,
`waiting` (for a person to grade), `unscored` (nobody will: practice), `facility`, `r`,
`ci90`, `seconds`, `quarters`, `table`, `flags`,
`answers` (the commonest, each with `count`, `mean` and `response`), `others` and `words`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quizzes.item_rows import Answer, Integers, Rows
from quizzes.models import QuestionKey, QuestionRevision
from quizzes.scoring.choice_tables import Chosen, Offered
from quizzes.scoring.items import DIFFERENT_ITEMS, ItemFigures, analyse, reliability
from quizzes.scoring.spans import snap
from quizzes.scoring.word_counts import marked_counts, stretches
from quizzes.types import mark_spans, registry

#: How many different answers to a question are kept.
MOST_ANSWERS = 12
#: Over all classes an answer is kept from so many on: a rarer one may tell who gave it.
COMMON = 5
#: Why there is no alpha although all were given the same questions.
NOT_GRADED = "some answers wait for a person"


@dataclass(frozen=True)
class Kind:
    """One of the different answers to a question: who gave it is `rows`; None for no response."""

    response: Any
    rows: Integers
    newest: bool


@dataclass(frozen=True)
class Column:
    """One question with all that was answered to it; `which` as in `Chosen`, over `kinds`."""

    question: int
    asked: QuestionRevision
    prompt: Any
    key: Any
    kinds: list[Kind]
    which: Integers

    @property
    def type(self) -> registry.QuestionType:
        return registry.get(self.asked.type)

    def chosen(self) -> Chosen | None:
        """Who took which option; None where the type has none."""
        offered = [Offered(one.ref, one.right) for one in self.type.choices(self.prompt, self.key)]
        if not offered:
            return None
        sets = [
            frozenset() if kind.response is None else self.type.chosen(kind.response) for kind in self.kinds
        ]
        return Chosen(tuple(offered), tuple(sets), self.which)


def figures_of(rows: Rows, *, least: int = 1, at_once: bool = False) -> dict[str, Any]:
    """The figures of a quiz as JSON; two queries, whatever the number of learners and items.

    Answers that fewer than `least` gave are only counted. `at_once`: what has no score gets none ever.
    """
    columns = _columns(rows)
    found = analyse(rows.scores, chosen=[column.chosen() for column in columns], seconds=rows.seconds)
    waits = (rows.which >= 0) & np.isnan(rows.scores)
    never = np.asarray(waits.any(axis=0) & np.isnan(rows.scores).all(axis=0) & at_once)
    alpha, reason, sem = found.alpha, found.alpha_reason, found.sem
    if never.any():
        alpha, reason, sem = reliability(rows.scores[:, ~never])
    if not at_once and reason == DIFFERENT_ITEMS and waits.any() and (rows.which >= 0).all():
        reason = NOT_GRADED
    return {
        "learners": found.learners,
        "alpha": alpha,
        "alpha_reason": reason,
        "sem": sem,
        "items": [
            {
                "question": column.question,
                "revision": column.asked.pk,
                "key": rows.judged.get(column.question),
                "waiting": 0 if at_once else int(waits[:, j].sum()),
                "unscored": int(waits[:, j].sum()) if at_once else 0,
                **_figures(item, flagged=not never[j]),
                **_kept(_answers(column, rows.scores[:, j]), least),
                "words": list(_words(column)),
            }
            for j, (column, item) in enumerate(zip(columns, found.items, strict=True))
        ],
    }


def _columns(rows: Rows) -> list[Column]:
    revisions = QuestionRevision.objects.in_bulk({*rows.asked.values(), *rows.judged.values()})
    keys = QuestionKey.objects.in_bulk({*rows.judged.values(), *rows.asked.values()})
    columns = []
    for j, question in enumerate(rows.questions):
        asked = revisions[rows.asked[question]]
        judged = revisions[rows.judged.get(question, asked.pk)]
        if judged.type != asked.type:
            judged = asked
        codes, which = np.unique(rows.which[:, j], return_inverse=True)
        missing = int(codes[0] == -1)  # sorted: it comes first
        which = which - missing
        answers = [rows.answers[code] for code in codes[missing:].tolist()]
        columns.append(
            Column(
                question=question,
                asked=asked,
                prompt=asked.asked,
                key=registry.load(judged.type, "key", keys[judged.pk].key, judged.schema_version),
                kinds=_kinds(answers, which, asked),
                which=which,
            )
        )
    return columns


def _kinds(answers: Sequence[Answer], which: Integers, asked: QuestionRevision) -> list[Kind]:
    order = np.argsort(which, kind="stable")
    edges = np.searchsorted(which[order], np.arange(len(answers) + 1))
    return [
        Kind(_response(answer, asked.type), order[edges[i] : edges[i + 1]], answer.revision == asked.pk)
        for i, answer in enumerate(answers)
    ]


def _response(answer: Answer, slug: str) -> Any:
    """The response as its type's own; None for none, and for one that was given to a question of another type."""
    if answer.text is None or answer.version is None:
        return None
    kind = registry.get(slug)
    try:
        if answer.version == kind.schema_version:
            return kind.Response.model_validate_json(answer.text)
        return registry.load(slug, "response", json.loads(answer.text), answer.version)
    except ValueError:
        return None


def _figures(figures: ItemFigures, *, flagged: bool) -> dict[str, Any]:
    return {
        "n": figures.n,
        "pairs": figures.pairs,
        "facility": figures.facility,
        "r": figures.item_rest_r,
        "ci90": figures.item_rest_ci90,
        "seconds": figures.median_seconds,
        "quarters": list(figures.quarters),
        "table": [list(row) for row in figures.table],
        "flags": list(figures.flags) if flagged else [],
    }


def _kept(answers: Sequence[dict[str, Any]], least: int) -> dict[str, Any]:
    """The commonest answers; of the others, how many kinds there are and how many gave one."""
    kept = [answer for answer in answers if answer["count"] >= least][:MOST_ANSWERS]
    counts = [answer["count"] for answer in answers[len(kept) :]]
    return {"answers": kept, "others": {"kinds": len(counts), "count": sum(counts)}}


def _answers(column: Column, scores: Any) -> list[dict[str, Any]]:
    """Equal answers together, the commonest first; marks are equal if they take the same words."""
    together: dict[Any, list[Kind]] = defaultdict(list)
    for kind in column.kinds:
        together[_sense(column, kind)].append(kind)
    found = []
    for kinds in together.values():
        rows = np.concatenate([kind.rows for kind in kinds])
        known = scores[rows][~np.isnan(scores[rows])]
        response = kinds[0].response
        found.append(
            {
                "count": len(rows),
                "mean": float(known.mean()) if known.size else None,
                "response": None if response is None else response.model_dump(mode="json"),
            }
        )
    return sorted(found, key=lambda answer: -answer["count"])


def _sense(column: Column, kind: Kind) -> Any:
    """What makes two answers the same one."""
    response = kind.response
    if response is None or response == column.type.Response():
        return None
    if kind.newest and hasattr(column.prompt, "own_spans"):
        spans = frozenset(column.prompt.own_spans(response))
        return ("spans", spans, getattr(response, "nothing_to_mark", False))
    if isinstance(getattr(response, "text", None), str):
        return ("text", " ".join(response.text.split()).casefold())
    return ("json", response.model_dump_json())


def _words(column: Column) -> Iterable[dict[str, Any]]:
    """For each skill of a marked passage: its readers, and what they missed and took."""
    prompt, key = column.prompt, column.key
    if not isinstance(prompt, mark_spans.Prompt):
        return
    layout = prompt.passage.layout
    read = [
        (prompt.own_spans(kind.response), len(kind.rows))
        for kind in column.kinds
        if kind.newest and kind.response is not None and kind.response != column.type.Response()
    ]
    readers = sum(times for _own, times in read)
    for skill in prompt.skills:
        answers = [([own.span for own in spans if own.skill == skill], times) for spans, times in read]

        def keyed(kind: str, skill: str = skill) -> frozenset[int]:
            spans = [span.span for span in key.spans if span.skill == skill and span.kind == kind]
            return frozenset().union(*snap(spans, layout, prompt.granularity))

        found = stretches(
            marked_counts(answers, layout),
            readers,
            required=keyed("required"),
            acceptable=keyed("acceptable"),
            layout=layout,
        )
        yield {"skill": skill, "readers": readers, "stretches": [list(one) for one in found]}
