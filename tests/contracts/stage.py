"""A school with one class and one course, and somebody of each kind who could come to its pages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Cohort, Organisation, User
from articles import publishing as articles_publishing
from articles.models import Article, ArticleRevision, Skill
from courses import enrolment
from courses.models import Course, Lesson
from quizzes.models import Question, Quiz
from quizzes.publishing import From
from quizzes.types import registry
from tests.contracts.canaries import Planted
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    StaffFactory,
    TeacherFactory,
    UserFactory,
)
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
    SkillFactory,
)
from tests.factories.courses import CourseFactory, LessonFactory, ModuleFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory

TEXT = "The mayor opened the bridge.\nNobody knows why she smiled.\nThe band went home early."
#: What a marking item of the stage quotes.
PASSAGE = registry.get("mark_spans").example.prompt.passage.text


@dataclass
class Stage:
    """One lesson of four steps: explain, read, practice, quiz."""

    organisation: Organisation
    cohort: Cohort
    course: Course
    lesson: Lesson
    article: Article
    practice: Quiz
    graded: Quiz
    people: dict[str, User] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """Their browser; anonymous where the role is nobody's."""
        client = Client()
        if role in self.people:
            client.force_login(self.people[role])
        return client


def url(name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs=kwargs)


def annotated_article(organisation: Organisation, texts: dict[int, str], text: str = TEXT) -> Article:
    """Published, with one annotation a line; `texts` are the rationales, by line from 1.

    A line's last word is annotated for another skill, with the text under 0.
    """
    article: Article = DraftArticleFactory(organisation=organisation)
    revision: ArticleRevision = ArticleRevisionFactory(article=article, text=text)
    layer = AnnotationSetFactory(revision=revision)
    attribution, wording = (SkillFactory(slug=slug) for slug in ("attribution", "loaded-language"))
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        last = start + line.rindex(" ") + 1
        end = start + len(line)
        note = texts.get(number, "A note.")
        AnnotationFactory(set=layer, skill=attribution, start=start, end=last - 1, rationale=note)
        AnnotationFactory(set=layer, skill=wording, start=last, end=end, rationale=texts.get(0, "A word."))
        start = end + 1
    articles_publishing.publish(revision=revision)
    article.refresh_from_db()
    return article


def quiz_of(organisation: Organisation, mode: str, asked: Sequence[Planted], passage: Article | None) -> Quiz:
    """A published quiz that asks what was planted; what is marked is from `passage`."""
    questions = [_question(organisation, planted, passage) for planted in asked]
    kwargs = {"revision__questions": questions} if questions else {}
    quiz: Quiz = QuizFactory(organisation=organisation, mode=mode, **kwargs)
    quiz.refresh_from_db()
    return quiz


def _question(organisation: Organisation, planted: Planted, passage: Article | None) -> Question:
    fields: dict[str, Any] = {"type": planted.type, "prompt": planted.prompt, "key": planted.key}
    if passage is not None and planted.type == "mark_spans":
        fields["passage"] = From(passage.published, 0, len(PASSAGE))
    return QuestionFactory(
        organisation=organisation, **{f"revision__{name}": value for name, value in fields.items()}
    )


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no row: a stage is built once, and everybody finds it as it was built."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def build(
    *,
    practice: Sequence[Planted] = (),
    graded: Sequence[Planted] = (),
    notes: dict[int, str] | None = None,
    passage_notes: dict[int, str] | None = None,
) -> Stage:
    """The school, its course given to its class, and everybody. Content is the school's own."""
    organisation = OrganisationFactory()
    article = annotated_article(organisation, notes or {})
    passage = annotated_article(organisation, passage_notes or {}, f"{PASSAGE}\nThe band went home early.")
    quizzes = {
        mode: quiz_of(organisation, mode, asked, passage)
        for mode, asked in ((Quiz.Mode.PRACTICE, practice), (Quiz.Mode.GRADED, graded))
    }
    course = CourseFactory(organisation=organisation)
    skill = Skill.objects.get(slug="attribution")
    read = {"article": article, "first_line": 1, "last_line": 1, "skill": skill, "body": "Look."}
    steps = [
        {"key": "explain", "kind": "explain", "title": "Explain", "body": "Every *claim* has an owner."},
        {"key": "read", "kind": "read", "title": "Read", **read},
        {"key": "practice", "kind": "practice", "title": "Practise", "quiz": quizzes[Quiz.Mode.PRACTICE]},
        {"key": "quiz", "kind": "quiz", "title": "Quiz", "quiz": quizzes[Quiz.Mode.GRADED]},
    ]
    lesson = LessonFactory(module=ModuleFactory(course=course), revision__steps=steps)
    cohort = CohortFactory(organisation=organisation)
    stage = Stage(
        organisation, cohort, course, lesson, article, quizzes[Quiz.Mode.PRACTICE], quizzes[Quiz.Mode.GRADED]
    )
    stage.people = _people(stage)
    enrolment.give_course(cohort=cohort, course=course)
    return stage


def _people(stage: Stage) -> dict[str, User]:
    """Everybody but the anonymous. The other class belongs to another school and takes no course."""
    elsewhere = CohortFactory()
    author = StaffFactory()
    OrganisationMemberFactory(organisation=stage.organisation, user=author)
    teacher = TeacherFactory(cohort=stage.cohort)
    OrganisationMemberFactory(organisation=stage.organisation, user=teacher)
    other = TeacherFactory(cohort=elsewhere)
    OrganisationMemberFactory(organisation=elsewhere.organisation, user=other)
    service = UserFactory(kind=User.Kind.SERVICE)
    OrganisationMemberFactory(organisation=stage.organisation, user=service)
    return {
        "learner": CohortMemberFactory(cohort=stage.cohort).user,
        "classmate": CohortMemberFactory(cohort=stage.cohort).user,
        "stranger": CohortMemberFactory(cohort=elsewhere).user,
        "assistant": CohortMemberFactory(cohort=stage.cohort, assistant=True).user,
        "teacher": teacher,
        "teacher elsewhere": other,
        "service": service,
        "author": author,
        "superuser": StaffFactory(is_superuser=True),
    }
