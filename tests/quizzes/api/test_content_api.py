"""Questions and quizzes for programs: no key without its scope; rules change by a new revision; steady lists."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organisation
from articles.models import Annotation
from courses.models import Course
from integrations.models import ApiEntry
from quizzes.building import revise_question
from quizzes.models import QuestionKey, Quiz, QuizRevision
from quizzes.publishing import Draw, From, Slot, draft_quiz, publish_quiz
from tests.contracts.canaries import every_type, in_text
from tests.contracts.stage import annotated_article, quiz_of
from tests.factories.articles import ArticleFactory, SkillFactory
from tests.factories.courses import LessonFactory, ModuleFactory
from tests.factories.quizzes import DraftQuizFactory, QuestionFactory, QuizFactory
from tests.integrations.conftest import Program
from tests.integrations.matrix import ROWS, World

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
NOTE = "canary-note-end"


def test_reading_content_tells_nothing_that_is_right(program: Programs, school: Organisation) -> None:
    """Every word of every key is a canary; the key's own route must find them, or the test proves nothing."""
    planted = every_type("content")
    article = annotated_article(school, dict.fromkeys(range(4), NOTE))
    quiz = quiz_of(school, Quiz.Mode.PRACTICE, planted, None)
    steps = [
        {"key": "read", "kind": "read", "title": "Read", "article": article, "skill": SkillFactory()},
        {"key": "try", "kind": "practice", "title": "Try", "quiz": quiz},
    ]
    lesson = LessonFactory(module=ModuleFactory(course__organisation=school), revision__steps=steps)
    annotation = Annotation.objects.filter(set__revision__article=article).first()
    questions = [
        slot.question for slot in quiz.published.slots.order_by("position").select_related("question")
    ]
    addresses = set()
    for asked, row in ROWS.items():
        method, name = asked.split()
        if method == "GET" and row.scope == "content:read":
            for question in questions:
                made = {"annotation": annotation, "question": question, "quiz": quiz, "lesson": lesson}
                world = type("Planted", (World,), made)(school)
                addresses.add(reverse(f"api:{name}", kwargs=row.kwargs(world)))
    reader = program("content:read")
    with CaptureQueriesContext(connection) as captured:
        told = [reader.http.get(address, headers=reader.headers) for address in sorted(addresses)]
    assert {answer.status_code for answer in told} == {200}
    assert frozenset().union(*(in_text(answer.content.decode()) for answer in told)) == frozenset()
    tables = (QuestionKey._meta.db_table, Annotation._meta.db_table)
    assert not [query["sql"] for query in captured if any(table in query["sql"] for table in tables)]
    keys = program("keys:read", name="Keys")
    for question, one in zip(questions, planted, strict=True):
        shown = keys.get(f"/questions/{question.uuid}/key/").content.decode()
        assert in_text(shown) == one.all
    assert NOTE in keys.get(f"/articles/{article.uuid}/annotations/").content.decode()


def test_a_key_is_that_of_the_published_revision(program: Programs, school: Organisation) -> None:
    question = QuestionFactory(organisation=school)
    key = QuestionKey.objects.get(revision=question.published)
    revise_question(question=question)
    assert program().get(f"/questions/{question.uuid}/key/").json() == {
        "question": str(question.uuid),
        "revision": 1,
        "type": "single_choice",
        "key": key.key,
    }


def test_a_question_is_told_with_its_passage_s_place(program: Programs, school: Organisation) -> None:
    article = ArticleFactory(organisation=school)
    skills = [SkillFactory(slug=slug) for slug in ("loaded-language", "attribution")]
    question = QuestionFactory(
        organisation=school,
        revision__skills=skills,
        revision__difficulty=3,
        revision__passage=From(article.published, 0, 27),
    )
    told = program().get(f"/questions/{question.uuid}/").json()
    names = ("type", "title", "difficulty", "skills", "article", "article_revision", "start", "end")
    assert {name: told[name] for name in names} == {
        "type": "single_choice",
        "title": "Who makes the claim?",
        "difficulty": 3,
        "skills": ["S2", "S6"],
        "article": str(article.uuid),
        "article_revision": 1,
        "start": 0,
        "end": 27,
    }
    assert told["prompt"] == question.published.prompt


def test_revisions_of_a_question_stay(program: Programs, school: Organisation) -> None:
    question = QuestionFactory(organisation=school)
    draft = revise_question(question=question)
    lms = program()
    path = f"/questions/{question.uuid}/revisions/"
    listed = lms.get(path).json()["results"]
    assert [(row["question"], row["revision"]) for row in listed] == [(str(question.uuid), 1)]
    assert lms.get(f"{path}1/").json() == listed[0]
    assert lms.get(f"{path}{draft.number}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("type=true_false", ["other"], id="type"),
        pytest.param("skill=S6", ["other"], id="skill"),
        pytest.param("difficulty=2", ["other"], id="difficulty"),
        pytest.param("quiz={quiz}", ["asked"], id="quiz"),
        pytest.param("ref=asked&archived=false", ["asked"], id="ref"),
    ],
)
def test_questions_are_narrowed(
    program: Programs, school: Organisation, query: str, found: list[str]
) -> None:
    asked = QuestionFactory(organisation=school, ref="asked")
    QuestionFactory(
        organisation=school,
        ref="other",
        revision__type="true_false",
        revision__difficulty=2,
        revision__skills=[SkillFactory(slug="loaded-language")],
    )
    quiz = QuizFactory(organisation=school, revision__questions=[asked])
    listed = program().get(f"/questions/?{query.format(quiz=quiz.uuid)}").json()["results"]
    assert [row["ref"] for row in listed] == found


def test_a_quiz_is_told_with_its_slots(program: Programs, school: Organisation) -> None:
    question = QuestionFactory(organisation=school)
    QuestionFactory(organisation=school)
    quiz = DraftQuizFactory(organisation=school)
    draw = Slot(None, Decimal("2.5"), Draw(SkillFactory(), 1))
    slots = [Slot(question, Decimal(1), pinned=question.published), draw]
    publish_quiz(revision=draft_quiz(quiz=quiz, slots=slots, title="The end"))
    told = program().get(f"/quizzes/{quiz.uuid}/").json()
    assert (told["mode"], told["title"], told["feedback"]) == ("graded", "The end", "after_submit")
    named = {"question": str(question.uuid), "question_revision": 1, "draw": None}
    drawn = {"skill": "S2", "count": 1, "difficulty": None}
    assert told["slots"] == [
        {"position": 1, "points": 1.0, **named},
        {"position": 2, "points": 2.5, "question": None, "question_revision": None, "draw": drawn},
    ]


def test_new_rules_publish_another_revision_with_the_same_questions(
    program: Programs, school: Organisation
) -> None:
    quiz = QuizFactory(organisation=school)
    lms = program()
    path = f"/quizzes/{quiz.uuid}/"
    before = lms.get(path)
    rules = {"time_limit_s": 600, "attempts_allowed": None, "shuffle_items": True, "feedback": "after_close"}
    after = lms.patch(path, rules, If_Match=before.headers["ETag"]).json()
    told = {name: after[name] for name in after if after[name] != before.json()[name]}
    assert told.keys() == {
        "time_limit_s",
        "shuffle_items",
        "feedback",
        "revision",
        "published_at",
        "updated_at",
    }
    assert (told["revision"], told["time_limit_s"], after["slots"]) == (2, 600, before.json()["slots"])
    assert QuizRevision.objects.get(quiz=quiz, number=1).time_limit_s is None
    assert lms.patch(path, rules, If_Match=before.headers["ETag"]).status_code == 412
    assert ApiEntry.objects.get().after == after


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"feedback": "at_once"}, "/feedback", id="feedback at once"),
        pytest.param({"time_limit_s": 0}, "/time_limit_s", id="no time"),
        pytest.param({"attempts_allowed": 0}, "/attempts_allowed", id="no attempt"),
        pytest.param({"title": None}, "/title", id="no title"),
    ],
)
def test_rules_that_do_not_fit_are_refused(
    program: Programs, school: Organisation, body: Any, pointer: str
) -> None:
    quiz = QuizFactory(organisation=school)
    lms = program()
    path = f"/quizzes/{quiz.uuid}/"
    refused = lms.patch(path, body, If_Match=lms.get(path).headers["ETag"])
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)
    assert QuizRevision.objects.filter(quiz=quiz).count() == 1


# As many questions to the database for one row as for a hundred -----------------------------------
def cloned(row: Any, **columns: Any) -> Any:
    own = {field.name for field in row._meta.concrete_fields if field.primary_key or field.name == "uuid"}
    kept = {
        field.name: field for field in row._meta.concrete_fields if field.name not in own | columns.keys()
    }
    values = {field.attname: getattr(row, field.attname) for field in kept.values()}
    return type(row)(**values, **columns)


def stored(rows: list[Any]) -> list[Any]:
    """By Django's own queryset: ours lets nothing be added to what is published."""
    QuerySet(type(rows[0])).bulk_create(rows)
    return rows


def more(like: Any, *parts: str, **columns: Callable[[int], Any]) -> None:
    """99 more rows like this one, without the time that it takes to publish each.

    With `parts` each has a revision of its own, with its own of these.
    """
    copies = stored([cloned(like, **{name: value(n) for name, value in columns.items()}) for n in range(99)])
    if not parts:
        return
    now = like.published
    revisions = stored([cloned(now, **{now.identity_field: copy}) for copy in copies])
    for copy, revision in zip(copies, revisions, strict=True):
        copy.published = revision
    type(like).objects.bulk_update(copies, ["published"])
    for part in parts:
        for row in getattr(now, part).all():
            stored([cloned(row, **{row.revision_path: revision}) for revision in revisions])


REF = "copy-{}".format
NUMBER = range(2, 101).__getitem__


def passage(school: Organisation) -> From:
    article = ArticleFactory(organisation=school)
    return From(article.published, 0, 27)


def articles(school: Organisation) -> Any:
    article = ArticleFactory(organisation=school)
    return "/articles/", lambda: more(article, ref=REF)


def article_revisions(school: Organisation) -> Any:
    article = ArticleFactory(organisation=school)
    path = f"/articles/{article.uuid}/revisions/"
    return path, lambda: more(article.published, number=NUMBER)


def questions(school: Organisation) -> Any:
    question = QuestionFactory(organisation=school, revision__passage=passage(school))
    return "/questions/", lambda: more(question, "question_skills", ref=REF)


def question_revisions(school: Organisation) -> Any:
    question = QuestionFactory(organisation=school, revision__passage=passage(school))
    path = f"/questions/{question.uuid}/revisions/"
    return path, lambda: more(question.published, number=NUMBER)


def quizzes(school: Organisation) -> Any:
    pinned = passage(school).revision
    quiz = QuizFactory(organisation=school, revision__pinned_article=pinned)
    return "/quizzes/", lambda: more(quiz, "slots", ref=REF)


def lessons(school: Organisation) -> Any:
    steps = [
        {"key": "read", "kind": "read", "title": "Read", "article": passage(school).revision.article},
        {"key": "end", "kind": "quiz", "title": "The end", "quiz": QuizFactory(organisation=school)},
    ]
    lesson = LessonFactory(module=ModuleFactory(course__organisation=school), revision__steps=steps)
    return "/lessons/", lambda: more(lesson, "steps", ref=REF)


def courses(school: Organisation) -> Any:
    course = ModuleFactory(course__organisation=school).course
    return "/courses/", lambda: more(course, bundle=REF)


@pytest.mark.parametrize(
    "made", [articles, article_revisions, questions, question_revisions, quizzes, lessons, courses]
)
def test_a_list_of_100_asks_no_more_than_a_list_of_one(
    program: Programs, school: Organisation, made: Callable[..., Any]
) -> None:
    path, grow = made(school)
    lms = program()
    asked = []
    for rows in (1, 100):
        with CaptureQueriesContext(connection) as captured:
            assert len(lms.get(path).json()["results"]) == rows
        asked.append(len(captured))
        if rows == 1:
            grow()
    assert asked[0] == asked[1]
    assert asked[0] <= 12


def test_a_tree_of_100_lessons_asks_no_more_than_one_of_one(program: Programs, school: Organisation) -> None:
    _path, grow = lessons(school)
    course = Course.objects.get()
    lms = program()
    asked = []
    for rows in (1, 100):
        with CaptureQueriesContext(connection) as captured:
            tree = lms.get(f"/courses/{course.uuid}/tree/").json()
        assert len(tree["modules"][0]["lessons"]) == rows
        asked.append(len(captured))
        if rows == 1:
            grow()
    assert asked[0] == asked[1]
