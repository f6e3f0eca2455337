"""What a course holds as it is published: every row that a bundle of it tells of, and each one's ref."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from articles.models import Annotation, AnnotationSet, ArticleRevision
from courses.bundles.names import Named, refs
from courses.bundles.stored import grouped
from courses.models import Course, Lesson, LessonRevision, Module, Step
from quizzes import drawing
from quizzes.models import (
    Question,
    QuestionKey,
    QuestionRevision,
    QuestionSkill,
    Quiz,
    QuizRevision,
    QuizSlot,
)


@dataclass
class Outline:
    """The published course. Every table is asked once."""

    course: Course
    lessons: list[Lesson] = field(init=False)

    def __post_init__(self) -> None:
        live = Lesson.objects.live().filter(course=self.course)
        self.lessons = list(
            live.select_related("module", "published").order_by(
                "module__position", "module_id", "position", "pk"
            )
        )

    @cached_property
    def modules(self) -> dict[Module, list[Lesson]]:
        """The modules that have something to learn, in order."""
        found: dict[Module, list[Lesson]] = {}
        for lesson in self.lessons:
            found.setdefault(lesson.module, []).append(lesson)
        return found

    @cached_property
    def steps(self) -> dict[int, list[Step]]:
        """By the key of the lesson's revision."""
        rows = Step.objects.filter(lesson_revision__in=[lesson.published_id for lesson in self.lessons])
        rows = rows.select_related("article_revision__article", "quiz__published", "skill").order_by(
            "position", "pk"
        )
        return grouped(rows, "lesson_revision")

    def _steps_in_order(self) -> Iterator[Step]:
        return (step for lesson in self.lessons for step in self.steps.get(lesson.published_id or 0, []))

    @cached_property
    def quizzes(self) -> list[Quiz]:
        """In the order in which a learner meets them."""
        opening = self.course.opening
        found = [opening] if opening and opening.published_id else []
        found += [step.quiz for step in self._steps_in_order() if step.quiz]
        return [quiz for quiz in dict.fromkeys(found) if quiz.published_id]

    @cached_property
    def quiz_revisions(self) -> dict[int, QuizRevision]:
        rows = QuizRevision.objects.filter(pk__in=[quiz.published_id for quiz in self.quizzes])
        return {row.quiz_id: row for row in rows.select_related("pinned_article__article")}

    @cached_property
    def slots(self) -> dict[int, list[QuizSlot]]:
        """By the key of the quiz's revision."""
        rows = QuizSlot.objects.filter(quiz_revision__in=self.quiz_revisions.values()).order_by("position")
        asked = ["question__published__article_revision__article", "draw_skill"]
        asked += ["pinned__article_revision__article"]
        return grouped(rows.select_related(*asked), "quiz_revision")

    @cached_property
    def questions(self) -> dict[Hashable, QuestionRevision]:
        """By what `asked` says of a slot: the state of each question that learners meet."""
        found: dict[Hashable, QuestionRevision] = {}
        for quiz in self.quizzes:
            for slot in self.slots.get(self.quiz_revisions[quiz.pk].pk, []):
                revision = slot.pinned or (slot.question.published if slot.question else None)
                if revision and slot.question:
                    revision.question = slot.question  # known already, so that nobody asks for it
                    found.setdefault(asked(slot), revision)
        for revision in self._drawn():
            found.setdefault((revision.question_id, None), revision)
        return found

    def _drawn(self) -> Iterator[QuestionRevision]:
        """What the draws may take of the organisation's own bank; the shared one too, where that is too small."""
        every = [slot for slots in self.slots.values() for slot in slots]
        rows = drawing.bank(every, self.course.organisation)
        live = Question.objects.filter(pk__in={row.question for row in rows})
        bank = live.select_related("published__article_revision__article").in_bulk() if rows else {}
        taken: set[int] = set()
        for slots in self.slots.values():
            pools = drawing.pools(slots, rows)
            for slot in slots:
                pool = pools.get(slot.position, [])
                own = [pk for pk in pool if bank[pk].organisation_id == self.course.organisation_id]
                taken |= set(own if len(own) >= (slot.draw_count or 0) else pool)
        for pk in sorted(taken):
            question = bank[pk]
            if question.published:
                question.published.question = question
                yield question.published

    @cached_property
    def keys(self) -> dict[int, QuestionKey]:
        rows = QuestionKey.objects.filter(revision__in=self.questions.values())
        return {row.revision_id: row for row in rows.select_related("origin_set")}

    @cached_property
    def skills(self) -> dict[int, list[QuestionSkill]]:
        rows = QuestionSkill.objects.filter(revision__in=self.questions.values())
        return grouped(rows.select_related("skill"), "revision")

    @cached_property
    def texts(self) -> list[ArticleRevision]:
        """Each text that is read, asked about or laid beside the questions; of one article the newest first.

        Learners may meet two texts of an article: what follows it waits to be published.
        """
        found = [step.article_revision for step in self._steps_in_order()]
        found += [self.quiz_revisions[quiz.pk].pinned_article for quiz in self.quizzes]
        found += [row.article_revision for row in self.questions.values()]
        by_article: dict[int, set[ArticleRevision]] = {}
        for text in found:
            if text is not None:
                by_article.setdefault(text.article_id, set()).add(text)
        newest_first = attrgetter("number")
        return [
            text for texts in by_article.values() for text in sorted(texts, key=newest_first, reverse=True)
        ]

    @cached_property
    def annotations(self) -> dict[int, list[Annotation]]:
        """The key layer of each article's revision, by the key of that revision. Blind layers stay here."""
        key = AnnotationSet.Purpose.KEY
        rows = Annotation.objects.filter(set__revision__in=self.texts, set__purpose=key)
        by_set = grouped(rows.select_related("skill", "set"), "set")
        return {layer[0].set.revision_id: layer for layer in by_set.values()}

    # Names ---------------------------------------------------------------------------------------
    @cached_property
    def bundle(self) -> str:
        named = [Named(0, self.course.bundle, self.course.bundle, self.course.title)]
        return refs(named, bundle=self.course.bundle, noun="course")[0]

    @cached_property
    def article_refs(self) -> dict[Hashable, str]:
        """By the key of the text."""
        rows = (Named(row.pk, row.article.bundle, row.article.ref, row.title) for row in self.texts)
        return refs(rows, bundle=self.course.bundle, noun="article")

    @cached_property
    def quiz_refs(self) -> dict[Hashable, str]:
        titles = self.quiz_revisions
        rows = (Named(row.pk, row.bundle, row.ref, titles[row.pk].title) for row in self.quizzes)
        return refs(rows, bundle=self.course.bundle, noun="quiz")

    @cached_property
    def question_refs(self) -> dict[Hashable, str]:
        rows = (
            Named(pk, row.question.bundle, row.question.ref, row.title) for pk, row in self.questions.items()
        )
        return refs(rows, bundle=self.course.bundle, noun="question")

    @cached_property
    def module_refs(self) -> dict[Hashable, str]:
        return refs((Named(row.pk, "", row.ref, row.title) for row in self.modules), bundle="", noun="module")

    @cached_property
    def lesson_refs(self) -> dict[Hashable, str]:
        titled = ((row, row.published) for row in self.lessons)
        rows = (
            Named(row.pk, "", row.ref, now.title) for row, now in titled if isinstance(now, LessonRevision)
        )
        return refs(rows, bundle="", noun="lesson")


def asked(slot: QuizSlot) -> Hashable:
    """What a slot asks: a question, as it is or held to one of its states."""
    return slot.question_id, slot.pinned_id
