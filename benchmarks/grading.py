"""Judging stored responses, beside a floor: reading the same rows and parsing their JSON.

usage: python benchmarks/grading.py [slug …]
CAVEAT_RESPONSES is how many responses of each type (100,000). They lie in a SQLite table; each is read,
checked by its schema and judged, as a regrade does. Prints microseconds of processor time a response, and
the ratio: lower is better. The goal is at most 3 for the closed types, and 6 for marks on an article of 1,200 words.

A grader remembers what it made of an answer, and a class gives the same answers again and again. What an
answer costs that is met for the first time stands in a column of its own, with its ratio.
"""

import json
import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from quizzes.types import QuestionType, all_types, get
from quizzes.types.base import Passage
from quizzes.types.mark_spans import Key, KeySpan, Prompt

RESPONSES = int(os.environ.get("CAVEAT_RESPONSES", "100000"))
VARIED = 1000  # different draws, met again and again, as the answers of a class are
ROUNDS = 3  # the quickest counts: what slows a round down is what else the machine does
GOAL, GOAL_FOR_MARKS = 3.0, 6.0


class Question(NamedTuple):
    """What is asked, and how one response is drawn."""

    name: str
    kind: QuestionType
    prompt: Any
    key: Any
    draw: Callable[[random.Random], dict[str, Any]]
    goal: float = GOAL


def refs(options: Any) -> list[str]:
    return [option.ref for option in options]


def some(chance: random.Random, names: list[str]) -> list[str]:
    return sorted(chance.sample(names, chance.randrange(len(names) + 1)))


def each(chance: random.Random, choices: dict[str, list[str]]) -> dict[str, str]:
    """An entry for most of the names."""
    return {name: chance.choice(options) for name, options in choices.items() if chance.random() < 0.9}


def typed(chance: random.Random, texts: list[str]) -> dict[str, Any]:
    """Something that was typed, in one spelling or another."""
    text = chance.choice(texts)
    return {"text": chance.choice([text, text.upper(), f" {text}.", f"{text} {chance.randrange(100)}"])}


def drawer(kind: QuestionType) -> Callable[[random.Random], dict[str, Any]]:
    """How a response to the type's example is drawn."""
    prompt: Any = kind.example.prompt
    examples = [getattr(one, "text", "") for one in (kind.example.right, *kind.example.wrong)]
    draws: dict[str, Callable[[random.Random], dict[str, Any]]] = {
        "true_false": lambda chance: {"chosen": chance.choice(["true", "false"])},
        "single_choice": lambda chance: {"chosen": chance.choice(refs(prompt.options))},
        "multiple_choice": lambda chance: {
            "chosen": some(chance, refs(prompt.options)),
            "none_of_these": False,
        },
        "hottext": lambda chance: {"chosen": some(chance, refs(prompt.offered)), "nothing_to_mark": False},
        "classify": lambda chance: {
            "placed": each(chance, dict.fromkeys(refs(prompt.units), refs(prompt.categories)))
        },
        "match": lambda chance: {
            "placed": each(chance, dict.fromkeys(refs(prompt.rows), refs(prompt.targets)))
        },
        "order": lambda chance: {"order": chance.sample(refs(prompt.options), len(prompt.options))},
        "inline_choice": lambda chance: {
            "chosen": each(chance, {gap.ref: refs(gap.options) for gap in prompt.gaps})
        },
        "short_answer": lambda chance: typed(chance, examples),
        "number": lambda chance: typed(chance, examples),
        "rewrite": lambda chance: {
            **typed(chance, examples),
            "checked": some(chance, refs(prompt.self_check)),
        },
    }
    draws["source_table"] = draws["match"]
    return draws[kind.slug]


def questions() -> Iterator[Question]:
    for kind in all_types():
        if kind.slug != "mark_spans":
            yield Question(kind.slug, kind, kind.example.prompt, kind.example.key, drawer(kind))
    yield marking("words")
    yield marking("sentences")


def marking(granularity: Any) -> Question:
    """An article of 1,200 words in 80 sentences: 10 places to find, 6 that are open, 8 that are fine."""
    lines = [" ".join(f"W{s}x{w}" for w in range(15)) + "." for s in range(80)]
    paragraphs = [" ".join(lines[start : start + 4]) for start in range(0, 80, 4)]
    passage = Passage.of("\n".join(paragraphs))
    chance = random.Random(1)
    kinds = ["required"] * 10 + ["acceptable"] * 6 + ["foil"] * 8
    spans = []
    for index, (kind, sentence) in enumerate(zip(kinds, chance.sample(range(80), len(kinds)), strict=True)):
        words = passage.layout.sentence_words[sentence]
        first = chance.choice(words[:10])
        start, end = passage.words[first][0], passage.words[first + chance.randrange(4)][1]
        spans.append(
            KeySpan(ref=f"s{index}", kind=kind, skill="attribution", start=start, end=end, rationale="Why.")
        )
    key = Key(spans=tuple(spans))
    prompt = Prompt(task="Mark.", skills=("attribution",), granularity=granularity, passage=passage)
    kind = get("mark_spans")
    assert kind.check(prompt, key) == []

    def draw(chance: random.Random) -> dict[str, Any]:
        """Most places of the key, a little off, and as many marks elsewhere."""
        found = [(span.start, span.end) for span in spans if chance.random() < 0.5]
        elsewhere = [chance.choice(passage.words) for _ in range(chance.randrange(6))]
        marks = [{"skill": "attribution", "start": start, "end": end} for start, end in [*found, *elsewhere]]
        return {"marks": marks, "nothing_to_mark": False}

    return Question(f"mark_spans ({granularity})", kind, prompt, key, draw, GOAL_FOR_MARKS)


def stored(question: Question) -> sqlite3.Connection:
    """A table of responses as the site stores them."""
    chance = random.Random(question.name)
    drawn = [
        question.kind.Response.model_validate_json(json.dumps(question.draw(chance))) for _ in range(VARIED)
    ]
    texts = [json.dumps(response.model_dump(mode="json")) for response in drawn]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE response (id INTEGER PRIMARY KEY, data TEXT NOT NULL)")
    rows = ((text,) for text in islice(cycle(texts), RESPONSES))
    connection.executemany("INSERT INTO response (data) VALUES (?)", rows)
    return connection


def seconds(connection: sqlite3.Connection, judge: Callable[[str], object]) -> float:
    """How long it takes to read every row and do `judge` with it."""
    started = time.process_time()
    for (text,) in connection.execute("SELECT data FROM response ORDER BY id"):
        judge(text)
    return time.process_time() - started


def measured(question: Question) -> tuple[float, float, float]:
    """Microseconds a response: of the floor, of judging, and of judging an answer met for the first time."""
    connection = stored(question)
    read = question.kind.Response.model_validate_json
    grader = question.kind.grader(question.prompt, question.key)

    def judge(text: str) -> object:
        return grader(read(text))

    rounds = [(seconds(connection, json.loads), seconds(connection, judge)) for _ in range(ROUNDS)]
    floor, judging = (min(times) * 1e6 / RESPONSES for times in zip(*rounds, strict=True))
    return floor, judging, min(first_met(question, connection) for _ in range(ROUNDS))


def first_met(question: Question, connection: sqlite3.Connection) -> float:
    """Each different response once, by a grader that has met none of them."""
    texts = connection.execute("SELECT DISTINCT data FROM response").fetchall()
    started = time.process_time()
    grader = question.kind.grader(question.prompt, question.key)
    for (text,) in texts:
        grader(question.kind.Response.model_validate_json(text))
    return (time.process_time() - started) * 1e6 / len(texts)


def main() -> None:
    wanted = sys.argv[1:]
    print(f"{RESPONSES:,} responses each, {VARIED:,} drawn; microseconds of processor time a response")
    print(f"{'':24} {'floor':>8} {'judged':>8} {'ratio':>8} {'goal':>6} {'first met':>12} {'ratio':>8}")
    for question in questions():
        if not wanted or question.kind.slug in wanted:
            floor, judging, first = measured(question)
            print(
                f"{question.name:24} {floor:8.2f} {judging:8.2f} {judging / floor:8.2f} {question.goal:6.0f}"
                f" {first:12.2f} {first / floor:8.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
