"""The plainest valid bundle, as files; a test writes it, then changes one thing."""

from pathlib import Path

COURSE = """\
format: 1
bundle: ferry-course
title: Read the ferry
language: en
licence: CC BY 4.0
opening: try
modules:
  - ref: first
    title: The first module
    lessons: [who, end]
"""
ARTICLE = """\
---
title: The night ferry
source: "Invented for a test."
licence: CC BY 4.0
---
The board voted on 2 March. The board wants the
pier for cruise ships.

## The letters

The mayor wrote a whining letter. It is four pages long.

The council wants to embarrass the board.
"""
ANNOTATIONS = """\
annotations:
  - ref: vote
    skill: attribution
    kind: foil
    paragraph: 1
    quote: "The board voted on 2 March."
    rationale: "A vote with its date."
  - ref: cruise
    skill: attribution
    kind: required
    paragraph: 1
    quote: "The board wants the pier for cruise ships."
    rationale: "It names nobody who said so."
    party: board
    fact_checked_on: 2026-11-24
  - ref: whining
    skill: loaded-language
    kind: required
    paragraph: 3
    quote: "whining"
    margin: "a whining letter"
    rationale: "It turns a complaint into a noise."
    instead: "“a letter”"
    readings: 2
"""
TRY = """\
title: A first try
mode: practice
questions:
  - ref: copied
    type: mark_spans
    skills: [attribution]
    title: The board
    prompt:
      task: "Mark what needs a source."
      granularity: sentences
      skill: attribution
      passage: {article: ferry, from: 1, to: 1}
    key: annotations
  - ref: spelt-out
    type: mark_spans
    skills: [loaded-language]
    points: 2.5
    difficulty: 3
    title: The letter
    prompt:
      task: "Mark the word that judges."
      granularity: words
      skill: loaded-language
      passage: {article: ferry, from: 3, to: 3, sentences: [1, 1]}
    key:
      spans:
        - ref: judging
          kind: required
          quote: "whining"
          margin: "a whining letter"
          rationale: "It judges."
          readings: 2
        - ref: plain
          kind: foil
          quote: "wrote"
          rationale: "What mayors do."
"""
EXAM = """\
title: The end
mode: graded
instructions: "Take your time."
attempts_allowed: 2
questions:
  - ref: note
    type: single_choice
    skills: [attribution]
    title: A note
    prompt:
      task: "Which note helps most?"
      options:
        - {ref: a, text: "Who says so?"}
        - {ref: b, text: "This is false."}
        - {ref: c, text: "This is too long."}
    key:
      right: [a]
      feedback:
        a: "It asks for the source."
        b: "That is not known."
        c: "It is short."
"""
WHO = """\
title: Who says so?
minutes: 10
summary: "Every claim has an owner."
steps:
  - key: claim
    kind: explain
    title: A claim
    route: false
    body: |
      Every claim has an *owner*.
  - {key: read, kind: read, title: The ferry, article: ferry, skill: attribution, from: 1, to: 2}
  - {key: practice, kind: practice, title: A first try, quiz: try, minutes: 8}
"""
END = """\
title: The end
minutes: 5
steps:
  - {key: exam, kind: quiz, title: The end, quiz: exam, minutes: 5}
"""
FACTS = """\
facts:
  - ref: vote
    fact: "The board voted on 2 March."
    article: ferry
    paragraph: 1
    sources:
      - {publisher: "The board", title: "Minutes", date: 2026-03-02, url: "https://board.example/minutes"}
    checked_on: 2026-11-24
"""
FILES = {
    "course.yaml": COURSE,
    "facts.yaml": FACTS,
    "articles/ferry.md": ARTICLE,
    "articles/ferry.annotations.yaml": ANNOTATIONS,
    "quizzes/try.yaml": TRY,
    "quizzes/exam.yaml": EXAM,
    "lessons/who.yaml": WHO,
    "lessons/end.yaml": END,
}


def write_bundle(folder: Path) -> Path:
    """Write the whole bundle, and return its folder."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Put `new` where `old` stands, once; `old` must be there."""
    text = (folder / name).read_text()
    assert text.count(old) >= 1, f"{old!r} is not in {name}"
    (folder / name).write_text(text.replace(old, new, 1))
