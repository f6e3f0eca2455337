"""Quizzes of a bundle, each with its questions, judged by the question types themselves."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import Field

from articles.text.words import words
from courses.bundles.articles import ArticleContent
from courses.bundles.faults import Faults, Path
from courses.bundles.passages import Extract, PassagePart, Resolver
from courses.bundles.schema import Refuse, Small, read_json, unknown, validated
from courses.bundles.source import Document, read_yaml
from quizzes import types
from quizzes.types import QuestionType
from quizzes.types.base import Prose, Ref, Schema

TITLE_WORDS = 4
MOST_MINUTES = 24 * 60


class QuizFile(Schema):
    """A quiz as written. `attempts_allowed`: graded quizzes only, null for no limit.

    Options come in another order for each attempt unless `shuffle_options` says no. `pinned` is an
    article that is read beside the questions. Mode “bank”: no quiz, but questions that only draws take.
    """

    title: Annotated[Prose, Field(max_length=200)]
    mode: Literal["practice", "graded", "bank"]
    instructions: str = ""
    attempts_allowed: Small | None = None
    shuffle_options: bool = True
    shuffle_questions: bool = False
    time_limit_minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] | None = None
    time_limit_seconds: Annotated[int, Field(ge=1, le=60 * MOST_MINUTES)] | None = None
    pinned: Ref | None = None
    questions: Annotated[tuple[object, ...], Field(min_length=1)]


class QuestionPart(Schema):
    """A question as written; what `prompt` and `key` hold is for its type to say.

    `about` says which passage it asks about where the prompt does not show one. `copied`: the key began as
    a copy of the article's annotations, and was edited.
    """

    ref: Ref
    type: str
    skills: Annotated[tuple[str, ...], Field(min_length=1)]
    points: Annotated[float, Field(gt=0, lt=10_000)] = 1
    difficulty: Annotated[int, Field(ge=1, le=5)] | None = None
    title: Annotated[str, Field(max_length=120)]
    about: PassagePart | None = None
    copied: bool = False
    prompt: dict[str, object]
    key: object


class UsePart(Schema):
    """A question that another quiz writes out, in the place of a question."""

    use: Ref
    points: Annotated[float, Field(gt=0, lt=10_000)] = 1


class DrawTerms(Schema):
    """What to draw: `count` questions of a skill, of one difficulty or of any."""

    skill: str
    count: Annotated[int, Field(ge=1, le=100)]
    difficulty: Annotated[int, Field(ge=1, le=5)] | None = None


class DrawPart(Schema):
    """A draw as written, in the place of a question; each question drawn is worth `points`."""

    draw: DrawTerms
    points: Annotated[float, Field(gt=0, lt=10_000)] = 1


@dataclass(frozen=True)
class DrawContent:
    """All that a slot that draws will hold."""

    skill: str
    count: int
    difficulty: int | None
    points: Decimal


@dataclass(frozen=True)
class UseContent:
    """A question that is asked here and written elsewhere."""

    ref: str
    points: Decimal
    path: Path


@dataclass(frozen=True)
class QuestionContent:
    """All that a revision of the question will hold, and its weight in the quiz.

    `extract` is the passage's place, if there is one; `copied`: the key is a copy of annotations.
    """

    ref: str
    type: str
    title: str
    skills: frozenset[str]
    difficulty: int | None
    prompt: Schema
    key: Schema
    extract: Extract | None
    copied: bool
    points: Decimal
    path: Path


@dataclass(frozen=True)
class QuizContent:
    """All that a revision of the quiz will hold. `whole` is False when a question has faults."""

    ref: str
    file: QuizFile
    entries: tuple[QuestionContent | DrawContent | UseContent, ...]
    document: Document
    whole: bool

    @property
    def questions(self) -> tuple[QuestionContent, ...]:
        """The questions that are asked here by name; what is drawn is not."""
        return tuple(entry for entry in self.entries if isinstance(entry, QuestionContent))


@dataclass(frozen=True)
class QuizReader:
    """Reads quizzes against what the bundle has: articles without faults, and names of those with some."""

    root: FilePath
    skills: frozenset[str]
    articles: Mapping[str, ArticleContent]
    broken: frozenset[str]
    faults: Faults

    def read(self, ref: str) -> QuizContent | None:
        """Return a quiz, or None after adding why its head cannot be used."""
        document = read_yaml(self.root, f"quizzes/{ref}.yaml", self.faults)
        if document is None:
            return None
        head = validated(QuizFile, document, self.faults)
        paths = document.entries("questions")
        entries = [entry for path in paths if (entry := self._entry(document, path))]
        if head is None:
            return None
        if head.attempts_allowed and head.mode == "practice":
            document.advise(
                self.faults, ("attempts_allowed",), "practice has no limit. Write null, or mode: graded."
            )
        if head.pinned and head.pinned not in {*self.articles, *self.broken}:
            document.fault(self.faults, ("pinned",), unknown("article", head.pinned, self.articles))
        return QuizContent(ref, head, tuple(entries), document, whole=len(entries) == len(paths))

    def _entry(self, document: Document, path: Path) -> QuestionContent | DrawContent | UseContent | None:
        written = document.at(path)
        if isinstance(written, dict) and "draw" in written:
            return self._draw(document, path)
        if isinstance(written, dict) and "use" in written:
            return self._use(document, path)
        return self._question(document, path)

    def _draw(self, document: Document, path: Path) -> DrawContent | None:
        part = validated(DrawPart, document, self.faults, path)
        if part is None:
            return None
        if part.draw.skill not in self.skills:
            message = unknown("skill", part.draw.skill, self.skills)
            document.fault(self.faults, (*path, "draw", "skill"), message)
        if message := _finer_than_cents(part.points):
            document.fault(self.faults, (*path, "points"), message)
        return DrawContent(part.draw.skill, part.draw.count, part.draw.difficulty, Decimal(str(part.points)))

    def _use(self, document: Document, path: Path) -> UseContent | None:
        part = validated(UsePart, document, self.faults, path)
        if part is None:
            return None
        if message := _finer_than_cents(part.points):
            document.fault(self.faults, (*path, "points"), message)
        return UseContent(part.use, Decimal(str(part.points)), path)

    def _question(self, document: Document, path: Path) -> QuestionContent | None:
        part = validated(QuestionPart, document, self.faults, path)
        if part is None:
            return None
        for name, message in self._faults_of(part):
            document.fault(self.faults, (*path, *name), message)
        if message := _title_advice(part.title):
            document.advise(self.faults, (*path, "title"), message)
        try:
            question_type = types.get(part.type)
        except types.UnknownType:
            slugs = [known.slug for known in types.all_types()]
            document.fault(self.faults, (*path, "type"), unknown("question type", part.type, slugs))
            return None
        resolver = Resolver(document, path, self.articles, self.broken, self.faults)
        judged = _judged(question_type, part, resolver)
        if part.about:
            resolver.place(part.about)
        if judged is None or not resolver.sound:
            return None
        return QuestionContent(
            ref=part.ref,
            type=part.type,
            title=part.title,
            skills=frozenset(part.skills),
            difficulty=part.difficulty,
            prompt=judged[0],
            key=judged[1],
            extract=resolver.extract,
            copied=resolver.copied or part.copied,
            points=Decimal(str(part.points)),
            path=path,
        )

    def _faults_of(self, part: QuestionPart) -> Iterator[tuple[Path, str]]:
        for index, skill in enumerate(part.skills):
            if skill not in self.skills:
                yield ("skills", index), unknown("skill", skill, self.skills)
            if skill in part.skills[:index]:
                yield ("skills", index), f"“{skill}” stands here twice."
        if message := _finer_than_cents(part.points):
            yield ("points",), message


def _title_advice(title: str) -> str:
    if not title.strip():
        return "the question needs a title: it stands in lists."
    is_long = len(words(title)) > TITLE_WORDS
    return f"the title stands in a list: use at most {TITLE_WORDS} words." if is_long else ""


def _finer_than_cents(points: float) -> str:
    """What to say of points that the table would round; "" of others."""
    exact = Decimal(str(points))
    return "use at most two decimals." if exact != round(exact, 2) else ""


def _judged(
    question_type: QuestionType, part: QuestionPart, resolver: Resolver
) -> tuple[Schema, Schema] | None:
    """The prompt and key, each valid and fitting the other; None after adding what does not fit."""
    asks_skills = "skills" in question_type.Prompt.model_fields
    raw = resolver.prompt(part.prompt, one_skill=asks_skills)
    prompt = read_json(question_type.Prompt, raw, _below("prompt", resolver))
    asked = asked_skills(raw) if asks_skills else ()
    idle = [skill for skill in part.skills if skill not in asked]
    if idle and asked and set(asked) <= set(part.skills):
        resolver.document.advise(
            resolver.faults,
            (*resolver.at, "skills"),
            f"the prompt does not ask for “{idle[0]}”. Take it out.",
        )
    for skill in asked:
        if skill not in part.skills:
            resolver.refuse(("prompt", "skills"), f"“{skill}” is not among the skills of the question.")
    raw_key = resolver.key(part.key, asked)
    key = read_json(question_type.Key, raw_key, _below("key", resolver)) if resolver.key_sound else None
    if prompt is None or key is None or not resolver.sound:
        return None
    faults = question_type.check(prompt, key)
    for fault in faults:
        resolver.refuse(("key", *_path(fault.field)), fault.message)
    return None if faults else (prompt, key)


def asked_skills(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The skills that a prompt asks for, as it is written."""
    skills = raw.get("skills")
    return tuple(skill for skill in skills if isinstance(skill, str)) if isinstance(skills, tuple) else ()


def _below(part: str, resolver: Resolver) -> Refuse:
    def refuse(path: Path, message: str) -> None:
        # What is wrong with a passage that could not be cut, or a quote not found, was said when it could not.
        place = (part, *path)
        is_told = any(place[: len(unplaced)] == unplaced for unplaced in resolver.unplaced)
        is_uncut = resolver.asks_passage and not resolver.extract and "passage" in path
        if not is_told and not is_uncut:
            resolver.refuse(place, message)

    return refuse


def _path(field: str) -> Path:
    """`spans[0].rationale` as a path."""
    return tuple(int(step) if step.isdecimal() else step for step in re.findall(r"[^.\[\]]+", field))


def with_uses(quizzes: Mapping[str, QuizContent | None], faults: Faults) -> dict[str, QuizContent | None]:
    """The quizzes, each question that one takes over from another put in its place."""
    whole = [quiz for quiz in quizzes.values() if quiz]
    written = {question.ref: question for quiz in whole for question in quiz.questions}
    broken = any(quiz is None or not quiz.whole for quiz in quizzes.values())
    return {ref: quiz and _with_uses(quiz, written, broken, faults) for ref, quiz in quizzes.items()}


def _with_uses(
    quiz: QuizContent, written: Mapping[str, QuestionContent], broken: bool, faults: Faults
) -> QuizContent:
    entries: list[QuestionContent | DrawContent | UseContent] = []
    for entry in quiz.entries:
        if not isinstance(entry, UseContent):
            entries.append(entry)
        elif entry.ref in {question.ref for question in quiz.questions} | {
            other.ref for other in entries if isinstance(other, QuestionContent)
        }:
            quiz.document.fault(faults, (*entry.path, "use"), f"“{entry.ref}” is asked here already.")
        elif entry.ref in written:
            entries.append(replace(written[entry.ref], points=entry.points, path=entry.path))
        elif not broken:  # else it may be one of those that have faults
            quiz.document.fault(faults, (*entry.path, "use"), unknown("question", entry.ref, written))
    return replace(quiz, entries=tuple(entries), whole=quiz.whole and len(entries) == len(quiz.entries))
