"""Writing a course as a bundle: what is published of it, as the plain text that a load reads.

An import of what was written and a second export give the same bytes. People, attempts and blind layers
never travel.
"""

from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Skill
from articles.publishing import PublishingError
from articles.refs import free_ref
from courses.bundles.articles import ArticleContent
from courses.bundles.bundle import COURSE, read_bundle
from courses.bundles.faults import Faults
from courses.bundles.names import Named, refs
from courses.bundles.outline import Outline, asked
from courses.bundles.written_articles import annotations_text, article_content, article_text
from courses.bundles.written_questions import stored, written_question
from courses.bundles.yaml_text import yaml_text
from courses.models import Course, Lesson, Step
from quizzes.models import Quiz, QuizRevision, QuizSlot

Files = dict[str, str]


class ExportRefused(PublishingError):
    """The course cannot be written as a bundle; the message says why."""

    code = "export-refused"


def export(course: Course) -> Files:
    """Return the files of a course's bundle, by name in order; raises ExportRefused."""
    outline = Outline(course)
    if not outline.lessons:
        raise ExportRefused(_("The course has no published lesson, so there is nothing to download yet."))
    files = {COURSE: yaml_text(_course(outline, strict=True)), **_Writer(outline).files()}
    if _faults_of(files):
        # What a house rule minds and no learner does: the bundle says that it is not kept here.
        files[COURSE] = yaml_text(_course(outline, strict=False))
        if faults := _faults_of(files):
            raise ExportRefused("\n".join([_("The course cannot be written as a bundle:"), *faults]))
    return dict(sorted(files.items()))


def write(files: Mapping[str, str], root: FilePath) -> None:
    """Write the files under `root`."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())


def _faults_of(files: Files) -> list[str]:
    """What the reader of bundles says to these files."""
    faults = Faults()
    with TemporaryDirectory() as folder:
        write(files, FilePath(folder))
        read_bundle(FilePath(folder), frozenset(Skill.objects.values_list("slug", flat=True)), faults)
    return list(map(str, sorted(set(faults.found))))


def _course(outline: Outline, *, strict: bool) -> dict[str, Any]:
    course = outline.course
    opening = outline.quiz_refs.get(course.opening_id)
    modules = [
        {
            "ref": outline.module_refs[module.pk],
            "title": module.title,
            "lessons": [outline.lesson_refs[lesson.pk] for lesson in lessons],
        }
        for module, lessons in outline.modules.items()
    ]
    return {
        "format": 1,
        **({} if strict else {"strict": False}),
        "bundle": outline.bundle,
        "title": course.title,
        "language": course.language,
        **({"licence": course.licence} if course.licence else {}),
        **({"opening": opening} if opening else {}),
        "modules": modules,
    }


class _Writer:
    """The files beside course.yaml."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.written: set[str] = set()
        self.contents: dict[int, ArticleContent] = {
            revision.pk: article_content(
                outline.article_refs[revision.pk], revision, outline.annotations.get(revision.pk, [])
            )
            for revision in outline.texts
        }

    def files(self) -> Files:
        return {
            **dict(self._articles()),
            **{f"quizzes/{ref}.yaml": text for ref, text in self._quizzes()},
            **{
                f"lessons/{self.outline.lesson_refs[lesson.pk]}.yaml": yaml_text(self._lesson(lesson))
                for lesson in self.outline.lessons
            },
        }

    def _articles(self) -> Iterator[tuple[str, str]]:
        for revision in self.outline.texts:
            content = self.contents[revision.pk]
            yield f"articles/{content.ref}.md", article_text(revision)
            if content.annotations:
                yield f"articles/{content.ref}.annotations.yaml", annotations_text(content)

    # Quizzes -------------------------------------------------------------------------------------
    def _quizzes(self) -> Iterator[tuple[str, str]]:
        """By ref, so that the first that asks a question is the one that writes it out."""
        for quiz in sorted(self.outline.quizzes, key=lambda quiz: self.outline.quiz_refs[quiz.pk]):
            yield self.outline.quiz_refs[quiz.pk], yaml_text(self._quiz(quiz))
        refs = self.outline.question_refs
        left = sorted(
            (key for key in self.outline.questions if refs[key] not in self.written),
            key=lambda key: refs[key],
        )
        if left:
            bank = {"title": "Bank", "mode": "bank", "questions": [self._question(key, {}) for key in left]}
            yield free_ref("bank", set(self.outline.quiz_refs.values()), "bank"), yaml_text(bank)

    def _quiz(self, quiz: Quiz) -> dict[str, Any]:
        revision = self.outline.quiz_revisions[quiz.pk]
        slots = self.outline.slots.get(revision.pk, [])
        return {
            "title": revision.title,
            "mode": quiz.mode,
            **({"instructions": _block(revision.instructions)} if revision.instructions else {}),
            **({"attempts_allowed": revision.attempts_allowed} if revision.attempts_allowed else {}),
            **dict(self._rules(revision)),
            "questions": [self._entry(slot) for slot in slots],
        }

    def _rules(self, revision: QuizRevision) -> Iterator[tuple[str, Any]]:
        if revision.time_limit_s:
            minutes, seconds = divmod(revision.time_limit_s, 60)
            yield (
                ("time_limit_seconds", revision.time_limit_s) if seconds else ("time_limit_minutes", minutes)
            )
        if revision.shuffle_items:
            yield "shuffle_questions", True
        if not revision.shuffle_options:
            yield "shuffle_options", False
        if revision.pinned_article:
            yield "pinned", self.outline.article_refs[revision.pinned_article.pk]

    def _entry(self, slot: QuizSlot) -> dict[str, Any]:
        points = {} if slot.points == 1 else {"points": float(slot.points)}
        if slot.draw_skill:
            draw = {"skill": slot.draw_skill.slug, "count": slot.draw_count}
            difficulty = {"difficulty": slot.draw_difficulty} if slot.draw_difficulty else {}
            return {"draw": {**draw, **difficulty}, **points}
        ref = self.outline.question_refs[asked(slot)]
        if ref in self.written:
            return {"use": ref, **points}
        self.written.add(ref)
        return self._question(asked(slot), points)

    def _question(self, key: Hashable, points: dict[str, float]) -> dict[str, Any]:
        ref, revision = self.outline.question_refs[key], self.outline.questions[key]
        content = self.contents.get(revision.article_revision_id or 0)
        question = stored(revision, self.outline.keys[revision.pk], content)
        skills = sorted(row.skill.slug for row in self.outline.skills.get(revision.pk, []))
        return {
            "ref": ref,
            "type": revision.type,
            "skills": skills,
            **points,
            **({"difficulty": revision.difficulty} if revision.difficulty else {}),
            "title": revision.title,
            **written_question(question),
        }

    # Lessons -------------------------------------------------------------------------------------
    def _lesson(self, lesson: Lesson) -> dict[str, Any]:
        revision = lesson.published
        assert revision is not None  # noqa: S101  only published lessons are in the outline
        steps = self.outline.steps.get(revision.pk, [])
        keys = refs((Named(step.pk, "", step.key, step.title) for step in steps), bundle="", noun="step")
        return {
            "title": revision.title,
            "minutes": revision.minutes,
            **({"summary": _block(revision.summary)} if revision.summary else {}),
            "steps": [self._step(step, keys[step.pk]) for step in steps],
        }

    def _step(self, step: Step, key: str) -> dict[str, Any]:
        return {
            "key": key,
            "kind": step.kind,
            "title": step.title,
            **({"minutes": step.minutes} if step.minutes != 1 else {}),
            **({} if step.on_short_route else {"route": False}),
            **({"article": self.outline.article_refs[text]} if (text := step.article_revision_id) else {}),
            **({"from": step.first_line, "to": step.last_line} if step.first_line else {}),
            **({"skill": step.skill.slug} if step.skill else {}),
            **({"quiz": self.outline.quiz_refs[step.quiz_id]} if step.quiz_id else {}),
            **({"body": _block(step.body)} if step.body else {}),
        }


def _block(text: str) -> str:
    """A text as a reader takes it: lines end in LF, and the last line end is not part of it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"{text}\n" if "\n" in text else text
