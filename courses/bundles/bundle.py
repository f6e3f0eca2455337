"""A whole bundle: every file read, and what only shows when they lie side by side."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from courses.bundles.articles import ArticleContent, read_article
from courses.bundles.facts import NAME as FACTS
from courses.bundles.facts import check_facts
from courses.bundles.faults import Faults, Path
from courses.bundles.lessons import CourseContent, LessonContent, LessonReader, read_course
from courses.bundles.quizzes import QuestionContent, QuizContent, QuizReader, with_uses
from courses.bundles.schema import unknown
from courses.bundles.source import Document
from quizzes.types import mark_spans

COURSE = "course.yaml"
#: Folder, and how the names of its files end.
FOLDERS = {"articles": (".md", ".annotations.yaml"), "quizzes": (".yaml",), "lessons": (".yaml",)}
_REF = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Bundle:
    """What could be read. None stands for what has faults of its own."""

    course: CourseContent | None
    articles: Mapping[str, ArticleContent | None]
    quizzes: Mapping[str, QuizContent | None]
    lessons: Mapping[str, LessonContent | None]
    facts: int

    def whole_quizzes(self) -> Iterator[QuizContent]:
        return (quiz for quiz in self.quizzes.values() if quiz)

    def whole_lessons(self) -> Iterator[LessonContent]:
        return (lesson for lesson in self.lessons.values() if lesson)

    def counts(self) -> dict[str, int]:
        return {
            "articles": len(self.articles),
            "questions": len({part.ref for quiz in self.whole_quizzes() for part in quiz.questions}),
            "quizzes": len(self.quizzes),
            "lessons": len(self.lessons),
            "facts": self.facts,
        }


def read_bundle(root: FilePath, skills: frozenset[str], faults: Faults) -> Bundle:
    """Read every file under `root`, and add every fault. `skills` are the slugs that there are."""
    faults.strict = faults.strict and not _is_lenient(root)
    names = _names(root, faults)
    articles = {ref: read_article(root, ref, skills, faults) for ref in names["articles"]}
    sound = {ref: article for ref, article in articles.items() if article}
    broken = frozenset(set(articles) - set(sound))
    quiz_reader = QuizReader(root, skills, sound, broken, faults)
    quizzes = with_uses({ref: quiz_reader.read(ref) for ref in names["quizzes"]}, faults)
    lesson_reader = LessonReader(root, skills, articles, quizzes, faults)
    lessons = {ref: lesson_reader.read(ref) for ref in names["lessons"]}
    course = read_course(root, frozenset(lessons), faults)
    bundle = Bundle(course, articles, quizzes, lessons, check_facts(root, articles, faults))
    _refuse_refs_twice(bundle, faults)
    _refuse_opening(bundle, faults)
    _refuse_taught(bundle, faults)
    _refuse_unused(bundle, faults)
    return bundle


def _is_lenient(root: FilePath) -> bool:
    """Whether course.yaml says `strict: false`; looked up first, because every file is judged by it."""
    try:
        return bool(re.search(rb"^strict: false$", (root / COURSE).read_bytes(), re.MULTILINE))
    except OSError:
        return False


def _names(root: FilePath, faults: Faults) -> dict[str, list[str]]:
    """The refs that the files of each folder give; a file that belongs nowhere is a fault."""
    found: dict[str, list[str]] = {folder: [] for folder in FOLDERS}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_dir() or any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        folder, _, file = name.rpartition("/")
        if name in {COURSE, FACTS}:
            continue
        # The longer ending first: ".annotations.yaml" belongs to the article that ".md" names.
        ending = next((ending for ending in reversed(FOLDERS.get(folder, ())) if file.endswith(ending)), None)
        if ending is None:
            faults.add(name, "no file of a bundle has this name. Take it away.")
        elif not _REF.fullmatch(ref := file.removesuffix(ending)):
            faults.add(name, f"“{ref}” is no ref: lower case letters, digits and hyphens, at most 64.")
        elif ending == ".annotations.yaml":
            if not (root / folder / f"{ref}.md").exists():
                faults.add(name, f"there is no file articles/{ref}.md to annotate.")
        else:
            found[folder].append(ref)
    return found


def _refuse_refs_twice(bundle: Bundle, faults: Faults) -> None:
    first: dict[str, tuple[Document, Path]] = {}
    for quiz in bundle.whole_quizzes():
        for path in quiz.document.entries("questions"):
            part = quiz.document.at(path)
            ref = part.get("ref") if isinstance(part, dict) else None
            if not isinstance(ref, str):
                continue
            if ref in first:
                document, other = first[ref]
                message = f"“{ref}” is in use in {document.file}:{document.lines[other]}. Rename one."
                quiz.document.fault(faults, (*path, "ref"), message)
            first.setdefault(ref, (quiz.document, path))


def _refuse_opening(bundle: Bundle, faults: Faults) -> None:
    course = bundle.course
    if course is None or course.file.opening is None:
        return
    ref = course.file.opening
    quiz = bundle.quizzes.get(ref)
    if ref not in bundle.quizzes:
        course.document.fault(faults, ("opening",), unknown("quiz", ref, bundle.quizzes))
    elif quiz and quiz.file.mode != "practice":
        course.document.fault(
            faults, ("opening",), f"the opening must be practice; “{ref}” is {quiz.file.mode}."
        )
    elif quiz and quiz.whole and not any(map(_fits_front_page, quiz.questions)):
        course.document.advise(
            faults,
            ("opening",),
            f"“{ref}” needs a mark_spans question of sentences: the front page offers it.",
        )


def _fits_front_page(question: QuestionContent) -> bool:
    prompt = question.prompt
    return isinstance(prompt, mark_spans.Prompt) and prompt.granularity == "sentences"


def _refuse_unused(bundle: Bundle, faults: Faults) -> None:
    """An article or a quiz that nobody ever meets; not asked while something else is wrong."""
    if faults.found or bundle.course is None:
        return
    steps = [step.part for lesson in bundle.whole_lessons() for step in lesson.steps]
    questions = [question for quiz in bundle.whole_quizzes() for question in quiz.questions]
    used = {
        "quizzes": {part.quiz for part in steps}
        | {bundle.course.file.opening}
        | {quiz.ref for quiz in bundle.whole_quizzes() if quiz.file.mode == "bank"},
        "articles": {part.article for part in steps}
        | {question.extract.article.ref for question in questions if question.extract}
        | {quiz.file.pinned for quiz in bundle.whole_quizzes()},
    }
    for ref in bundle.quizzes.keys() - used["quizzes"]:
        faults.add(f"quizzes/{ref}.yaml", "no step asks for this quiz. Add one, or take the file away.")
    for ref in bundle.articles.keys() - used["articles"]:
        faults.add(
            f"articles/{ref}.md", "no step and no question uses this article. Add one, or take the file away."
        )


def _refuse_taught(bundle: Bundle, faults: Faults) -> None:
    """A graded quiz may not ask about a paragraph whose annotations a lesson has shown."""
    taught = {
        (article.ref, paragraph): f"lessons/{lesson.ref}.yaml, step “{step.part.key}”"
        for lesson in bundle.whole_lessons()
        for step in lesson.steps
        if step.part.kind == "read" and (article := bundle.articles.get(step.part.article or ""))
        for paragraph in _shown(step.lines, article)
    }
    for quiz in bundle.whole_quizzes():
        for question in quiz.questions if quiz.file.mode == "graded" else ():
            if not question.extract:
                continue
            ref = question.extract.article.ref
            for paragraph in question.extract.paragraphs:
                if where := taught.get((ref, paragraph)):
                    message = f"paragraph {paragraph} of “{ref}” is read in {where}. Ask about another one."
                    quiz.document.advise(faults, (*question.path, "prompt", "passage"), message)


def _shown(lines: tuple[int, int] | None, article: ArticleContent) -> range:
    first, last = lines or (1, len(article.lines))
    return range(first, last + 1)
