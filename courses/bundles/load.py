"""Loading a bundle: what is written becomes what is published, in one transaction.

Identities are found by organisation, bundle and ref. What has changed gets a new published revision;
what has not keeps the one it has, so that a second load writes nothing at all.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from pathlib import Path as FilePath
from typing import Any

from django.db import transaction

from accounts.models import Organisation
from articles import publishing as articles_publishing
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision, Skill
from articles.publishing import PublishingError
from courses import following, publishing
from courses.bundles.bundle import Bundle, read_bundle
from courses.bundles.columns import (
    annotation_rows,
    article_columns,
    key_of,
    lesson_columns,
    place_columns,
    quiz_columns,
    unblocked,
)
from courses.bundles.faults import BundleRefused, Faults
from courses.bundles.lessons import StepContent
from courses.bundles.quizzes import DrawContent, QuestionContent, QuizContent
from courses.bundles.stored import Changes, changed, grouped, matched, same, same_rows
from courses.bundles.used import Used
from courses.models import Course, Lesson, Step
from quizzes import publishing as quizzes_publishing
from quizzes import requoting
from quizzes.models import Question, QuestionKey, QuestionRevision, QuestionSkill, Quiz, QuizSlot
from quizzes.publishing import Draw, From, Slot, fitting_feedback
from quizzes.types import registry


def load(root: FilePath, organisation: Organisation) -> tuple[Bundle, Changes]:
    """Load the bundle under `root`; returns it and what changed. Raises BundleRefused and writes nothing."""
    with transaction.atomic():
        # One load at a time: two of one bundle would each make the same rows.
        locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        bundle = _read(root, locked)
        return bundle, _Load(bundle, locked).run()


def preview(root: FilePath, organisation: Organisation) -> tuple[Bundle, Changes]:
    """As `load`, and take all of it back: what a load would do, told by the load itself."""
    with transaction.atomic():
        told = load(root, organisation)
        transaction.set_rollback(True)
    return told


def _read(root: FilePath, organisation: Organisation) -> Bundle:
    faults = Faults()
    bundle = read_bundle(root, frozenset(Skill.objects.values_list("slug", flat=True)), faults)
    if bundle.course:
        _refuse_other_modes(bundle, organisation, bundle.course.file.bundle, faults)
    if faults.found:
        raise BundleRefused(faults)
    return bundle


def _refuse_other_modes(bundle: Bundle, organisation: Organisation, name: str, faults: Faults) -> None:
    modes = {ref: quiz.mode for ref, quiz in Used(organisation, name).of(Quiz).items()}
    modes |= dict(Quiz.objects.filter(organisation=organisation, bundle=name).values_list("ref", "mode"))
    for quiz in bundle.whole_quizzes():
        mode = modes.get(quiz.ref, quiz.file.mode)
        if mode != quiz.file.mode:
            message = f"this quiz was loaded as {mode}, and a mode never changes. Give the quiz another ref."
            quiz.document.fault(faults, ("mode",), message)


@dataclass
class _Load:
    """One load of a bundle without faults, noun after noun: each stage needs the one before it."""

    bundle: Bundle
    organisation: Organisation
    changes: Changes = field(default_factory=Changes)
    faults: Faults = field(default_factory=Faults)
    #: Articles that got another revision: the one before it, and it.
    replaced: list[tuple[ArticleRevision, ArticleRevision]] = field(default_factory=list)

    def run(self) -> Changes:
        self.used = Used(self.organisation, self._name)
        self.skills = {skill.slug: skill for skill in Skill.objects.all()}
        for stage in (self._articles, self._questions, self._quizzes, self._course):
            stage()
            # A verb may refuse what the files do not show, such as a draft that somebody has open.
            if self.faults.found:
                raise BundleRefused(self.faults)
        return self.changes

    def _identities(self, model: Any, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        own = {"organisation": self.organisation, "bundle": self._name}
        rows = model.objects.filter(**own).select_related("published")
        return matched(rows, wanted, self.changes, self.used.of(model), **own)

    @property
    def _name(self) -> str:
        assert self.bundle.course is not None  # noqa: S101  a bundle without faults has one
        return self.bundle.course.file.bundle

    @contextmanager
    def _revising(self, file: str, noun: str, row: Any, title: str) -> Iterator[None]:
        """Around the verbs that draft and publish; what one refuses becomes a fault of `file`."""
        what = "changed" if row.published_id else "new"
        try:
            with transaction.atomic():
                yield
            self.changes.revised[noun] += 1
            self.changes.note(what, row, title)
        except PublishingError as error:
            self.faults.add(file, str(error))

    # Articles ------------------------------------------------------------------------------
    def _articles(self) -> None:
        contents = {ref: content for ref, content in self.bundle.articles.items() if content}
        self.articles: dict[str, Article] = self._identities(Article, {ref: {} for ref in contents})
        published = [article.published_id for article in self.articles.values() if article.published_id]
        layers = AnnotationSet.objects.filter(revision__in=published, purpose=AnnotationSet.Purpose.KEY)
        self.layers: dict[int, AnnotationSet] = {layer.revision_id: layer for layer in layers}
        stored = grouped(Annotation.objects.filter(set__in=layers), "set")
        for ref, content in contents.items():
            article = self.articles[ref]
            layer = self.layers.get(article.published_id or 0)
            columns, annotations = article_columns(content), annotation_rows(content, self.skills)
            if article.published and (layer or not annotations) and same(article.published, columns):
                # Sorted here: databases differ in where they put a hyphen.
                rows = sorted(stored.get(layer.pk, []) if layer else [], key=attrgetter("ref"))
                if same_rows(rows, sorted(annotations, key=itemgetter("ref"))):
                    self.changes.note("unchanged", article, content.front.title)
                    continue
            with self._revising(f"articles/{ref}.md", "articles", article, content.front.title):
                self._new_article(article, columns, annotations)

    def _new_article(
        self, article: Article, columns: dict[str, Any], annotations: list[dict[str, Any]]
    ) -> None:
        revision = articles_publishing.draft(article=article, **columns)
        layer = AnnotationSet.objects.create(revision=revision)
        Annotation.objects.bulk_create(Annotation(set=layer, **row) for row in annotations)
        previous = article.published
        articles_publishing.publish(revision=revision, announce=False)
        if previous:
            self.replaced.append((previous, revision))
        self.layers[revision.pk] = layer

    # Questions -----------------------------------------------------------------------------
    def _questions(self) -> None:
        contents = {
            question.ref: (quiz, question)
            for quiz in self.bundle.whole_quizzes()
            for question in quiz.questions
        }
        self._write_questions(contents)
        # The bundle's own are on the new texts by now; what others made on the old ones follows.
        for _previous, revision in self.replaced:
            requoting.requote(revision=revision)

    def _write_questions(self, contents: "dict[str, tuple[Any, QuestionContent]]") -> None:
        self.questions: dict[str, Question] = self._identities(Question, {ref: {} for ref in contents})
        published = [question.published_id for question in self.questions.values() if question.published_id]
        keys = {key.revision_id: key for key in QuestionKey.objects.filter(revision__in=published)}
        skills = grouped(
            QuestionSkill.objects.filter(revision__in=published).select_related("skill"), "revision"
        )
        for ref, (quiz, content) in contents.items():
            question = self.questions[ref]
            revision = question.published
            if revision:
                slugs = frozenset(row.skill.slug for row in skills.get(revision.pk, []))
                if slugs == content.skills and self._is_same(revision, keys.get(revision.pk), content):
                    self.changes.note("unchanged", question, content.title)
                    continue
            with self._revising(quiz.document.file, "questions", question, content.title):
                self._new_question(question, content)

    def _is_same(self, revision: QuestionRevision, key: QuestionKey | None, content: QuestionContent) -> bool:
        columns: dict[str, Any] = {
            "type": content.type,
            "title": content.title,
            "difficulty": content.difficulty,
            "schema_version": registry.get(content.type).schema_version,
            **place_columns(self._passage(content)),
        }
        if key is None or not same(revision, columns) or key.origin_set_id != key_of(self._origin(content)):
            return False
        # Compared as schemas: the order of a set in JSON means nothing.
        try:
            prompt = registry.load(revision.type, "prompt", revision.prompt, revision.schema_version)
            answers = registry.load(revision.type, "key", key.key, revision.schema_version)
        except ValueError:
            return False
        return bool(prompt == content.prompt and answers == content.key)

    def _new_question(self, question: Question, content: QuestionContent) -> None:
        revision = quizzes_publishing.draft_question(
            question=question,
            type=content.type,
            title=content.title,
            prompt=content.prompt,
            key=content.key,
            skills=[self.skills[slug] for slug in sorted(content.skills)],
            difficulty=content.difficulty,
            passage=self._passage(content),
            origin=self._origin(content),
        )
        quizzes_publishing.publish_question(revision=revision, announce=False)

    def _passage(self, content: QuestionContent) -> From | None:
        extract = content.extract
        return From(self._revision_of(extract.article.ref), extract.start, extract.end) if extract else None

    def _origin(self, content: QuestionContent) -> AnnotationSet | None:
        if not content.copied or not content.extract:
            return None
        return self.layers.get(self._revision_of(content.extract.article.ref).pk)

    def _revision_of(self, ref: str) -> ArticleRevision:
        revision = self.articles[ref].published
        assert revision is not None  # noqa: S101  the stage before this one published it
        return revision

    # Quizzes -------------------------------------------------------------------------------
    def _quizzes(self) -> None:
        contents = {quiz.ref: quiz for quiz in self.bundle.whole_quizzes() if quiz.file.mode != "bank"}
        modes = {ref: {"mode": quiz.file.mode} for ref, quiz in contents.items()}
        self.quizzes: dict[str, Quiz] = self._identities(Quiz, modes)
        published = [quiz.published_id for quiz in self.quizzes.values() if quiz.published_id]
        stored = grouped(
            QuizSlot.objects.filter(quiz_revision__in=published).order_by("position"), "quiz_revision"
        )
        for ref, content in contents.items():
            quiz = self.quizzes[ref]
            columns, slots = self._quiz_columns(quiz, content), list(self._slots(content))
            rows = [slot.columns for slot in slots]
            revision = quiz.published
            if revision and same(revision, columns) and same_rows(stored.get(revision.pk, []), rows):
                self.changes.note("unchanged", quiz, content.file.title)
                continue
            with self._revising(content.document.file, "quizzes", quiz, content.file.title):
                _new_quiz(quiz, columns, slots)

    def _slots(self, content: QuizContent) -> Iterator[Slot]:
        for entry in content.entries:
            if isinstance(entry, DrawContent):
                draw = Draw(self.skills[entry.skill], entry.count, entry.difficulty)
                yield Slot(None, entry.points, draw)
            elif isinstance(entry, QuestionContent):
                yield Slot(self.questions[entry.ref], entry.points)

    def _quiz_columns(self, quiz: Quiz, content: QuizContent) -> dict[str, Any]:
        pinned = content.file.pinned
        return {
            **quiz_columns(content),
            "feedback": fitting_feedback(quiz),
            "pinned_article": self._revision_of(pinned) if pinned else None,
        }

    # The course ----------------------------------------------------------------------------
    def _course(self) -> None:
        assert self.bundle.course is not None  # noqa: S101  a bundle without faults has one
        file = self.bundle.course.file
        columns = {
            "title": file.title,
            "language": file.language,
            "licence": file.licence,
            "opening": self.quizzes[file.opening] if file.opening else None,
            "archived_at": None,
        }
        course, is_new = Course.objects.select_related("opening").get_or_create(
            organisation=self.organisation, bundle=file.bundle, defaults=columns
        )
        differs = changed(course, **columns)
        self.changes.note("new" if is_new else "changed" if differs else "unchanged", course, file.title)
        modules = matched(
            course.modules.all(),
            {
                part.ref: {"title": part.title, "position": at}
                for at, part in enumerate(file.modules, start=1)
            },
            self.changes,
            course=course,
        )
        outline = {
            ref: {"module": modules[part.ref], "position": position}
            for part in file.modules
            for position, ref in enumerate(part.lessons, start=1)
        }
        lessons = matched(
            course.lessons.select_related("published", "module"), outline, self.changes, course=course
        )
        self._lessons(lessons)
        # The bundle's own lessons show the new texts by now; those of others follow.
        for _previous, text in self.replaced:
            following.follow_article(revision=text)
        if course.published_at is None and not self.faults.found:
            publishing.publish_course(course=course)

    def _lessons(self, lessons: Mapping[str, Lesson]) -> None:
        published = [lesson.published_id for lesson in lessons.values() if lesson.published_id]
        steps = Step.objects.filter(lesson_revision__in=published).order_by("position")
        stored = grouped(steps, "lesson_revision")
        for content in self.bundle.whole_lessons():
            lesson = lessons[content.ref]
            columns, rows = lesson_columns(content), [self._step(step) for step in content.steps]
            revision = lesson.published
            if revision and same(revision, columns) and same_rows(stored.get(revision.pk, []), rows):
                self.changes.note("unchanged", lesson, content.file.title)
                continue
            with self._revising(content.document.file, "lessons", lesson, content.file.title):
                _new_lesson(lesson, columns, rows)

    def _step(self, step: StepContent) -> dict[str, Any]:
        part = step.part
        first, last = step.lines or (None, None)
        return {
            "key": part.key,
            "kind": part.kind,
            "title": part.title,
            "body": unblocked(part.body),
            "minutes": part.minutes,
            "on_short_route": part.route,
            "article": self.articles[part.article] if part.article else None,
            "article_revision": self._revision_of(part.article) if part.article else None,
            "first_line": first,
            "last_line": last,
            "skill": self.skills[part.skill] if part.skill else None,
            "quiz": self.quizzes[part.quiz] if part.quiz else None,
        }


def _new_quiz(quiz: Quiz, columns: dict[str, Any], slots: list[Slot]) -> None:
    revision = quizzes_publishing.draft_quiz(quiz=quiz, slots=slots, **columns)
    quizzes_publishing.publish_quiz(revision=revision, announce=False)


def _new_lesson(lesson: Lesson, columns: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    revision = publishing.draft_lesson(lesson=lesson, steps=steps, **columns)
    publishing.publish_lesson(revision=revision, among_others=False)  # the bundle was judged as a whole
