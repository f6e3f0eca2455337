"""The bank: found, filtered, tagged, moved, duplicated, and where it is used."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import roles
from quizzes.building import revise_question
from quizzes.models import Question
from quizzes.publishing import From
from tests.admin.pages import act, list_of, page_of, rows_shown, said
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import ArticleFactory, SkillFactory
from tests.factories.courses import DraftLessonFactory, LessonFactory, LessonRevisionFactory
from tests.factories.quizzes import (
    DraftQuestionFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
    QuizRevisionFactory,
)

pytestmark = pytest.mark.django_db


def found(client, query):
    return {row.ref for row in rows_shown(client, Question, f"?{query}")}


@pytest.mark.parametrize(
    ("title", "search"),
    [
        ("Кто сказал?", "КТО"),
        ("Ո՞Վ ԱՍԱՑ", "ասաց"),
        ("ΠΟΙΟΣ το είπε", "ποιοσ"),
        ("Straße", "STRASSE"),
        ("ﬁrst", "FIRST"),
        ("Two words apart", "apart two"),
        ("Per cent: 5 %", "5 %"),
    ],
)
def test_search_finds_every_script_in_every_case(head, title, search):
    QuestionFactory(ref="sought", revision__title=title)
    QuestionFactory(ref="other", revision__title="Nothing of it")
    assert {row.ref for row in rows_shown(head, Question, f"?q={search}")} == {"sought"}


def test_search_looks_at_task_and_ref_and_at_the_draft(head):
    question = QuestionFactory(ref="the-ref")
    draft = revise_question(question=question)
    draft.prompt = {**draft.prompt, "task": "Чей это ПИРС?"}
    draft.save()
    QuestionFactory(ref="other")
    for search in ("the-ref", "пирс", "who makes the claim"):
        assert "the-ref" in found(head, f"q={search}")
    assert found(head, "q=\0") == found(head, "q=")


def test_filters_look_at_what_is_shown(head):
    attribution, wording = SkillFactory(slug="attribution"), SkillFactory(slug="loaded-language")
    article, author = ArticleFactory(), StaffFactory()
    published = QuestionFactory(ref="published", revision__skills=[attribution], revision__difficulty=2)
    both = QuestionFactory(ref="both", revision__skills=[attribution])
    revise_question(question=both).question_skills.update(skill=wording)
    QuestionRevisionFactory(
        question__ref="draft",
        type="true_false",
        skills=[wording],
        by=author,
        passage=From(article.published, 0, 9),
    )
    QuestionFactory(ref="archived", revision__skills=[attribution])
    act(head, "archive", Question.objects.get(ref="archived"))
    DraftQuestionFactory(ref="empty")
    quiz = QuizFactory(revision__questions=[published])
    LessonFactory(revision__steps=[{"key": "q", "kind": "quiz", "title": "Q", "quiz": quiz}])
    QuizRevisionFactory(questions=[both])
    every = {"published", "both", "draft", "archived", "empty"}
    table = {
        "status=draft": {"draft", "empty"},
        "status=published": {"published"},
        "status=both": {"both"},
        "status=archived": {"archived"},
        f"skill={attribution.pk}": {"published", "archived"},
        f"skill={wording.pk}": {"both", "draft"},
        "skill=nonsense": every,
        "type=true_false": {"draft"},
        "difficulty=2": {"published"},
        f"article={article.pk}": {"draft"},
        f"author={author.pk}": {"draft"},
        "usage=unused": {"draft", "archived", "empty"},
        "usage=quiz": {"published", "both"},
        "usage=lesson": {"published"},
    }
    assert {query: found(head, query) for query in table} == table


def test_columns_tell_of_the_question(head):
    question = QuestionFactory(revision__title="", revision__difficulty=3)
    QuizFactory(revision__questions=[question])
    page = head.get(list_of(Question)).content.decode()
    task = question.published.prompt["task"]
    assert task[:60] in page
    assert f'<a href="/admin/quizzes/question/{question.pk}/usage/">1 quiz</a>' in page


def test_use_is_one_click_away(head):
    question = QuestionFactory()
    quiz = QuizFactory(revision__questions=[question], revision__title="The end")
    step = {"key": "q", "kind": "quiz", "title": "Q", "quiz": quiz}
    lesson = LessonFactory(revision__steps=[step], revision__title="Live")
    LessonRevisionFactory(lesson=DraftLessonFactory(), steps=[step], title="Not live")
    assert f"/admin/quizzes/question/{question.pk}/usage/" in head.get(page_of(question)).content.decode()
    with CaptureQueriesContext(connection) as made:
        page = head.get(f"/admin/quizzes/question/{question.pk}/usage/")
    assert len(made) <= 20
    ((found_quiz, url, uses),) = page.context["quizzes"]
    assert (found_quiz, url) == (quiz, page_of(quiz))
    assert [(str(use.noun), use.title, use.live) for use, _url in uses] == [
        ("lesson", "Live", True),
        ("course", lesson.course.title, True),
        ("lesson", "Not live", False),
        ("course", uses[3][0].title, False),
    ]
    assert uses[0][1] == page_of(lesson)


def test_bulk_tags_say_how_many_revisions_they_begin(head):
    skill = SkillFactory(slug="loaded-language")
    draft = QuestionRevisionFactory().question
    published, tagged = QuestionFactory(), QuestionFactory(revision__skills=[SkillFactory(), skill])
    marks = QuestionFactory(ref="marks", revision__type="mark_spans")
    selected = [row.pk for row in (draft, published, tagged, marks)]
    data = {"action": "add_skill", "skill": skill.pk, "_selected_action": selected}
    assert sorted(said(head.post(list_of(Question), data, follow=True))) == [
        "1 draft was changed. 1 new revision was begun. 1 was as wanted already.",
        "marks: What is marked in it are its skills. Change them in the question itself.",
    ]
    assert skill in draft.revisions.get().skills.all()
    assert skill not in published.published.skills.all()
    assert skill in published.revisions.drafts().get().skills.all()
    only = QuestionFactory(ref="only", revision__skills=[skill])
    data = {"action": "remove_skill", "skill": skill.pk, "_selected_action": [only.pk]}
    assert "only: It would be left without a skill. Add another one first." in said(
        head.post(list_of(Question), data, follow=True)
    )
    told = {
        "": "Choose the skill beside the action.",
        "x": "No action selected.",
        "999": "No action selected.",
    }
    for nothing, words in told.items():
        assert said(head.post(list_of(Question), data | {"skill": nothing}, follow=True)) == [words]


@pytest.fixture
def banks(client):
    """An author of two organisations, signed in, and the two."""
    author = StaffFactory()
    for role in (roles.AUTHOR, roles.SITE_ADMIN):
        with_role(author, role)
    client.force_login(author)
    return [OrganisationMemberFactory(user=author).organisation for _ in range(2)]


def test_questions_move_between_the_banks_of_ones_own(client, banks):
    one, two = banks
    free = QuestionFactory(organisation=one)
    bundled = QuestionFactory(organisation=one, ref="bundled", bundle="b")
    used = QuestionFactory(organisation=one, ref="used")
    QuizFactory(revision__questions=[used])
    article = ArticleFactory(organisation=one).published
    quoting = QuestionFactory(organisation=one, ref="quoting", revision__passage=From(article, 0, 9))
    foreign = QuestionFactory()
    response = act(client, f"move_{two.pk}", free, bundled, used, quoting, foreign)
    assert sorted(said(response)) == [
        "1 row was changed.",
        "bundled: It belongs to the bundle “b”. Duplicate it, and move the copy.",
        "quoting: Its article belongs to the organisation that it would leave.",
        "used: A quiz uses it. Duplicate it, and move the copy.",
    ]
    free.refresh_from_db()
    foreign.refresh_from_db()
    assert (free.organisation, foreign.organisation.slug) == (two, "shared")
    elsewhere = OrganisationFactory()
    act(client, f"move_{elsewhere.pk}", free)
    free.refresh_from_db()
    assert free.organisation == two


def test_a_duplicate_is_a_draft_of_ones_own(client, banks):
    shared, own = QuestionFactory(), QuestionFactory(organisation=banks[1])
    assert said(act(client, "duplicate", shared, own)) == ["2 draft copies were made."]
    copies = Question.objects.exclude(pk__in=[shared.pk, own.pk])
    assert {copy.organisation for copy in copies} <= set(banks)
    for copy in copies:
        (draft,) = copy.revisions.all()
        assert draft.is_draft
        assert draft.answer_key.key == shared.published.answer_key.key
        assert list(draft.skills.all()) == list(shared.published.skills.all())
