"""The outline of a bundle, and its lessons with their steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import Field

from courses.bundles.articles import ArticleContent, Language
from courses.bundles.faults import Faults, Path
from courses.bundles.quizzes import QuizContent
from courses.bundles.schema import Small, unknown, validated
from courses.bundles.source import Document, read_yaml
from quizzes.types.base import Prose, Ref, Schema

QUIZ_MODE = {"practice": "practice", "quiz": "graded"}
#: What a step of each kind must have, and may have; a title, minutes and route any step has.
WANTED = {"explain": ("body",), "read": ("article",), "practice": ("quiz",), "quiz": ("quiz",)}
ALLOWED = {"explain": (), "read": ("body", "from", "to", "skill"), "practice": ("body",), "quiz": ("body",)}
_MARKUP = {
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "an image",
    "link_open": "a link",
    "code_block": "code (four blanks before a line)",
    "code_inline": "code",
    "fence": "code",
}


class ModulePart(Schema):
    """A part of the course; its lessons in order."""

    ref: Ref
    title: Annotated[Prose, Field(max_length=200)]
    lessons: Annotated[tuple[Ref, ...], Field(min_length=1)]


class CourseFile(Schema):
    """The course as written. `opening` is the practice quiz that the home page offers."""

    format: Literal[1]
    strict: bool = True
    bundle: Ref
    title: Annotated[Prose, Field(max_length=200)]
    language: Language = "en"
    licence: Annotated[str, Field(max_length=120)] = ""
    opening: Ref | None = None
    modules: Annotated[tuple[ModulePart, ...], Field(min_length=1)]


class LessonFile(Schema):
    """A lesson as written. `minutes` is what it takes, off the page included."""

    title: Annotated[Prose, Field(max_length=200)]
    minutes: Small
    summary: Annotated[str, Field(max_length=400)] = ""
    steps: Annotated[tuple[object, ...], Field(min_length=1)]


class StepPart(Schema):
    """A step as written. `first` and `last` ("from", "to") are paragraphs, from 1, inclusive."""

    key: Ref
    kind: Literal["explain", "read", "practice", "quiz"]
    title: Annotated[Prose, Field(max_length=200)]
    minutes: Small = 1
    route: bool = True
    body: str = ""
    article: Ref | None = None
    first: Small | None = Field(default=None, alias="from")
    last: Small | None = Field(default=None, alias="to")
    skill: str | None = None
    quiz: Ref | None = None


@dataclass(frozen=True)
class StepContent:
    """A step, and the paragraphs that it shows (None: all of the article, or no article)."""

    part: StepPart
    lines: tuple[int, int] | None
    path: Path


@dataclass(frozen=True)
class LessonContent:
    """All that a revision of the lesson will hold."""

    ref: str
    file: LessonFile
    steps: tuple[StepContent, ...]
    document: Document


@dataclass(frozen=True)
class CourseContent:
    """The outline."""

    file: CourseFile
    document: Document


@dataclass(frozen=True)
class LessonReader:
    """Reads lessons against what the bundle has; None in `articles` and `quizzes`: it has faults."""

    root: FilePath
    skills: frozenset[str]
    articles: Mapping[str, ArticleContent | None]
    quizzes: Mapping[str, QuizContent | None]
    faults: Faults

    def read(self, ref: str) -> LessonContent | None:
        """Return a lesson, or None after adding why it cannot be used."""
        document = read_yaml(self.root, f"lessons/{ref}.yaml", self.faults)
        if document is None:
            return None
        head = validated(LessonFile, document, self.faults)
        steps = [step for path in document.entries("steps") if (step := self._step(document, path))]
        for step in steps:
            first = next(other for other in steps if other.part.key == step.part.key)
            if first is not step:
                line = document.lines[first.path]
                message = f"“{step.part.key}” is in use on line {line}. Rename one."
                document.fault(self.faults, (*step.path, "key"), message)
        total = sum(step.part.minutes for step in steps)
        if head and len(steps) == len(head.steps) and total != head.minutes:
            document.advise(
                self.faults, ("minutes",), f"the steps take {total} minutes together. Write {total}."
            )
        return LessonContent(ref, head, tuple(steps), document) if head else None

    def _step(self, document: Document, path: Path) -> StepContent | None:
        part = validated(StepPart, document, self.faults, path)
        if part is None:
            return None
        written = set(document.at(path))
        for name, message in (*_unfit(part, written), *self._unknown(part)):
            document.fault(self.faults, (*path, name), message)
        for name, message in _markup(part.body):
            document.advise(self.faults, (*path, name), message)
        return StepContent(part, self._lines(part), path)

    def _unknown(self, part: StepPart) -> Iterator[tuple[str, str]]:
        if part.article and part.article not in self.articles:
            yield "article", unknown("article", part.article, self.articles)
        if part.skill and part.skill not in self.skills:
            yield "skill", unknown("skill", part.skill, self.skills)
        if part.quiz and part.quiz not in self.quizzes:
            yield "quiz", unknown("quiz", part.quiz, self.quizzes)
        quiz = self.quizzes.get(part.quiz or "")
        mode = QUIZ_MODE.get(part.kind)
        if quiz and mode and quiz.file.mode != mode:
            yield (
                "quiz",
                f"a step of kind {part.kind} needs a quiz of mode {mode}; “{quiz.ref}” is {quiz.file.mode}.",
            )
        article = self.articles.get(part.article or "")
        if article:
            last = len(article.lines)
            for name, line in (("from", part.first), ("to", part.last)):
                if line and line > last:
                    yield name, f"“{article.ref}” has {last} paragraphs, so it has no paragraph {line}."
        if part.first and part.last and part.last < part.first:
            yield "to", f"{part.last} must not come before “from” ({part.first})."

    def _lines(self, part: StepPart) -> tuple[int, int] | None:
        article = self.articles.get(part.article or "")
        if article is None or (part.first is None and part.last is None):
            return None
        return part.first or 1, part.last or len(article.lines)


def _unfit(part: StepPart, written: set[str]) -> Iterator[tuple[str, str]]:
    """What a step of this kind lacks, and what it has no use for."""
    wanted = WANTED[part.kind]
    for name in wanted:
        if not (getattr(part, name) or "").strip():
            yield name, f"a step of kind {part.kind} needs this field."
    for name in ("body", "article", "from", "to", "skill", "quiz"):
        if name in written and name not in (*wanted, *ALLOWED[part.kind]):
            yield name, f"a step of kind {part.kind} has no use for this field. Take it out."


def _markup(body: str) -> Iterator[tuple[str, str]]:
    """Markdown that the page does not show."""
    for token in _tokens(MarkdownIt().parse(body)):
        if token.type in _MARKUP:
            shown = token.content.strip()[:40] or token.markup or "…"
            yield "body", f"there is {_MARKUP[token.type]} ({shown}). Take it out."
        elif token.type == "heading_open" and token.tag != "h3":
            yield "body", f"headings inside a step are “### ”, not “{token.markup} ”."


def _tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or [])


def read_course(root: FilePath, lessons: frozenset[str], faults: Faults) -> CourseContent | None:
    """Return the outline, its lessons each in one module and each with a file; None if it cannot be used."""
    document = read_yaml(root, "course.yaml", faults)
    head = validated(CourseFile, document, faults) if document else None
    if document is None or head is None:
        return None
    seen: dict[str, int] = {}
    modules: set[str] = set()
    for number, module in enumerate(head.modules):
        if module.ref in modules:
            document.fault(
                faults, ("modules", number, "ref"), f"there is a module “{module.ref}” already. Rename one."
            )
        modules.add(module.ref)
        for index, ref in enumerate(module.lessons):
            path = ("modules", number, "lessons", index)
            if ref not in lessons:
                document.fault(faults, path, f"there is no file lessons/{ref}.yaml.")
            elif ref in seen:
                document.fault(faults, path, f"“{ref}” stands on line {seen[ref]} already. Take one out.")
            seen.setdefault(ref, document.lines[path])
    for ref in sorted(lessons - set(seen)):
        faults.add(
            f"lessons/{ref}.yaml", "no module of course.yaml has this lesson. Add it, or take the file away."
        )
    return CourseContent(head, document)
