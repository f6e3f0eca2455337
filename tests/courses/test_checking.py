"""Everything that a learner will meet, looked through."""

import pytest
from django.utils import timezone

from articles import publishing as articles_publishing
from articles.models import ArticleRevision
from articles.publishing import Incomplete
from courses import building, publishing
from courses.checking import course_faults, lesson_faults
from courses.faults import Faulty
from courses.models import LessonRevision
from quizzes.models import QuestionKey, QuestionRevision, QuizRevision
from quizzes.publishing import From
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.articles import ArticleFactory, ArticleRevisionFactory
from tests.factories.courses import (
    EXPLAIN,
    CourseFactory,
    LessonFactory,
    LessonRevisionFactory,
    ModuleFactory,
)
from tests.factories.quizzes import (
    DraftQuestionFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
    QuizRevisionFactory,
)
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
TEXT = "The board voted.\nIt wants the pier."


def step(kind, key="it", **columns):
    return {"key": key, "kind": kind, "title": "A step", **columns}


def of_drafts(**question) -> LessonRevision:
    """A lesson whose quiz, question and the question's article were never published."""
    article = ArticleRevisionFactory(text=TEXT)
    asked = QuestionRevisionFactory(title="The pier", passage=From(article, 0, 16), **question).question
    quiz = QuizRevisionFactory(title="The end", questions=[asked]).quiz
    return LessonRevisionFactory(steps=[step("quiz", quiz=quiz)])


def told(revision, **kwargs):
    return [(fault.message, fault.row) for fault in lesson_faults(revision, **kwargs)]


def test_lesson_that_is_fine_has_no_fault():
    question = QuestionFactory(revision__passage=From(ArticleFactory(revision__text=TEXT).published, 0, 16))
    quiz = QuizFactory(revision__questions=[question])
    assert told(LessonRevisionFactory(steps=[EXPLAIN, step("quiz", quiz=quiz)])) == []


def test_every_fault_names_the_row_to_mend_it_on():
    revision = of_drafts()
    quiz, asked, article = (
        QuizRevision.objects.get(),
        QuestionRevision.objects.get(),
        ArticleRevision.objects.get(),
    )
    assert told(revision) == [
        ("Step “it”: its quiz is not published, or archived.", quiz),
        ("The question “The pier” in “The end” is not published.", asked),
        ("The question “The pier” takes its passage from a draft.", article),
    ]


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (
            lambda asked: QuestionKey.objects.filter(revision=asked).delete(),
            "The question “The pier”: it has no key. Say what is right, and why.",
        ),
        (
            lambda asked: QuestionKey.objects.filter(revision=asked).update(key={"right": []}),
            "The question “The pier”: 2 validation errors",
        ),
        (lambda asked: asked.question_skills.all().delete(), "The question “The pier” names no skill."),
        (
            lambda asked: type(asked.question).objects.update(archived_at=timezone.now()),
            "The question “The pier” in “The end” is archived.",
        ),
    ],
)
def test_what_is_wrong_with_a_question_is_told(break_it, message):
    revision = of_drafts()
    break_it(QuestionRevision.objects.get())
    assert any(said.startswith(message) for said, _row in told(revision))


def given_away():
    """Two lessons of a course: one shows a paragraph with its notes, the other is graded on it."""
    module, article = ModuleFactory(), ArticleFactory(revision__text=TEXT)
    question = QuestionFactory(revision__title="The pier", revision__passage=From(article.published, 17, 35))
    read = step("read", article=article, first_line=2, last_line=2)
    LessonFactory(module=module, revision__steps=[read], revision__title="Reading")
    graded = LessonRevisionFactory(
        lesson__module=module, steps=[step("quiz", quiz=QuizFactory(revision__questions=[question]))]
    )
    return graded, question


def test_question_whose_paragraph_another_lesson_shows_is_a_fault():
    graded, question = given_away()
    title = question.published.article_revision.title
    said = (
        f"The question “The pier” is graded, and asks about paragraph 2 of “{title}”,"
        " whose notes are shown in “Reading”, step “it”. Ask about another one."
    )
    assert told(graded) == [(said, question.published)]
    assert told(graded, among_others=False) == []
    with pytest.raises(Faulty) as refused:
        publishing.publish_lesson(revision=graded)
    assert (str(refused.value), len(refused.value.faults)) == (said, 1)


def test_practice_may_ask_about_what_is_shown():
    article = ArticleFactory(revision__text=TEXT)
    question = QuestionFactory(revision__passage=From(article.published, 0, 16))
    practice = QuizFactory(mode="practice", revision__questions=[question])
    steps = [step("read", "a", article=article), step("practice", "b", quiz=practice)]
    assert told(LessonRevisionFactory(steps=steps)) == []


def test_course_tells_of_lessons_that_are_drafts_and_opens_without_them():
    module = ModuleFactory(course__published_at=None)
    LessonFactory(module=module)
    draft = LessonRevisionFactory(lesson__module=module, title="Later", steps=())
    assert [(fault.message, fault.row) for fault in course_faults(module.course)] == [
        ("The lesson has no steps.", draft),
        ("The lesson “Later” is not published, so learners do not see it.", draft),
    ]
    publishing.publish_course(course=module.course)


def test_course_with_something_archived_stays_closed():
    module, quiz = ModuleFactory(course__published_at=None), QuizFactory()
    LessonFactory(module=module, revision__steps=[step("quiz", quiz=quiz)])
    type(quiz).objects.update(archived_at=timezone.now())
    with pytest.raises(Faulty, match="Step “it”: its quiz is not published, or archived"):
        publishing.publish_course(course=module.course)


def test_check_takes_as_many_statements_for_much_as_for_little():
    course = CourseFactory()
    counts = []
    for _lesson in range(3):
        article = ArticleFactory(revision__text=TEXT)
        asked = [QuestionFactory(revision__passage=From(ArticleFactory().published, 0, 10)) for _ in range(2)]
        quiz = QuizFactory(revision__questions=asked)
        steps = [step("read", "a", article=article), step("quiz", "b", quiz=quiz)]
        LessonFactory(module=ModuleFactory(course=course), revision__steps=steps)
        counts.append(len(asked_by(course_faults, course=course)))
    assert counts[0] == counts[2] <= 12


# Together ----------------------------------------------------------------------------------------
def test_lesson_is_published_with_all_that_it_waits_for():
    revision, author = of_drafts(), UserFactory()
    kinds = [type(one) for one in publishing.drafts_below(revision)]
    assert kinds == [ArticleRevision, QuestionRevision, QuizRevision]
    published = publishing.publish_together(revision=revision, by=author)
    assert [type(one) for one in published] == [*kinds, LessonRevision]
    assert {one.published_by for one in published} == {author}
    assert lesson_faults(revision) == []


def test_all_or_nothing_is_published_together():
    revision = of_drafts()
    QuestionKey.objects.all().delete()
    with pytest.raises(Incomplete, match="The question has no key"):
        publishing.publish_together(revision=revision)
    for model in (ArticleRevision, QuestionRevision, QuizRevision, LessonRevision):
        assert model.objects.get().is_draft


def test_what_another_organisation_owns_is_not_published_together():
    revision = of_drafts(question=DraftQuestionFactory(organisation=OrganisationFactory()))
    with pytest.raises(Incomplete, match="belongs to another organisation"):
        publishing.publish_together(revision=revision)
    assert ArticleRevision.objects.get().is_draft


# Building ----------------------------------------------------------------------------------------
def test_new_things_get_readable_refs_that_are_free():
    organisation = OrganisationFactory()
    courses = [building.new_course(organisation=organisation, title=title) for title in ("A b", "A b", "Ща")]
    assert [course.bundle for course in courses] == ["a-b", "a-b-2", "course"]
    modules = [building.new_module(course=courses[0], title="Who?") for _ in range(2)]
    assert [(module.ref, module.position) for module in modules] == [("who", 1), ("who-2", 2)]
    lessons = [building.new_lesson(module=modules[0], title="Ask").lesson for _ in range(2)]
    assert [(lesson.ref, lesson.position, lesson.course) for lesson in lessons] == [
        ("ask", 1, courses[0]),
        ("ask-2", 2, courses[0]),
    ]


def test_steps_keep_their_keys_and_a_new_one_gets_one_that_nobody_had():
    lesson = LessonFactory()
    draft = building.revise_lesson(lesson=lesson)
    assert list(draft.steps.values_list("key", flat=True)) == ["explain"]
    new = {"kind": "explain", "title": "Explain", "body": "New.", "minutes": 4}
    building.put_steps(revision=draft, steps=[new, {**EXPLAIN, "minutes": 2}])
    assert list(draft.steps.values_list("key", "position")) == [("explain-2", 1), ("explain", 2)]
    assert draft.minutes == 6
    articles_publishing.discard(revision=draft)
    with pytest.raises(Incomplete, match="never published"):
        building.revise_lesson(lesson=LessonRevisionFactory().lesson)
