"""Drafts are plain forms; what is published is only shown, whatever is sent."""

import json

import pytest
from django.contrib import admin
from django.urls import reverse

from articles.admin.revisions import COPY_SHOWN
from articles.models import Annotation, Article, ArticleRevision, Frozen
from articles.publishing import publish
from courses.models import Course, LessonRevision, Step
from courses.publishing import publish_lesson
from quizzes.admin import forms
from quizzes.models import Question, QuestionRevision, QuizRevision
from quizzes.publishing import publish_question, publish_quiz
from tests.admin.pages import act, address, form_data, page_of, said
from tests.factories.articles import (
    AnnotationFactory,
    ArticleFactory,
    ArticleRevisionFactory,
)
from tests.factories.courses import CourseFactory, DraftLessonFactory, LessonFactory, LessonRevisionFactory
from tests.factories.quizzes import (
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
    QuizRevisionFactory,
)

pytestmark = pytest.mark.django_db
PUBLISHED = {
    ArticleRevision: lambda: ArticleFactory().published,
    QuestionRevision: lambda: QuestionFactory().published,
    QuizRevision: lambda: QuizFactory().published,
    LessonRevision: lambda: LessonFactory().published,
}
DRAFT = {
    ArticleRevision: ArticleRevisionFactory,
    QuestionRevision: QuestionRevisionFactory,
    QuizRevision: QuizRevisionFactory,
    LessonRevision: LessonRevisionFactory,
}
PUBLISH = {
    ArticleRevision: publish,
    QuestionRevision: publish_question,
    QuizRevision: publish_quiz,
    LessonRevision: publish_lesson,
}
each_revision = pytest.mark.parametrize("model", DRAFT, ids=lambda model: model.__name__)


def change(client, row, **fields):
    data = form_data(client.get(page_of(row)))
    response = client.post(page_of(row), data | fields)
    row.refresh_from_db()
    return response


@each_revision
def test_what_is_published_is_shown_and_refused(head, model):
    row = PUBLISHED[model]()
    page = head.get(page_of(row))
    assert page.context["has_change_permission"] is False
    assert [field for field in form_data(page) if field in {"title", "text", "prompt", "minutes"}] == []
    assert head.post(page_of(row), {"title": "Another"}).status_code == 403
    assert head.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@each_revision
def test_a_draft_gets_another_title(head, model):
    row = DRAFT[model]()
    assert change(head, row, title="Another").status_code == 302
    assert row.title == "Another"


@each_revision
def test_the_action_publishes_drafts_and_leaves_the_rest(head, model):
    draft, published = DRAFT[model](), PUBLISHED[model]()
    before = published.published_at
    assert said(act(head, "publish", draft, published)) == ["1 draft was published."]
    draft.refresh_from_db()
    published.refresh_from_db()
    assert str(draft.published_by_id) == head.session["_auth_user_id"]
    assert draft.identity.published == draft
    assert published.published_at == before


@pytest.mark.parametrize("model", [one for one in DRAFT if one is not QuestionRevision])
def test_a_draft_that_was_published_meanwhile_is_refused_in_words(head, model, monkeypatch):
    row = DRAFT[model]()
    data = form_data(head.get(page_of(row)))
    page = admin.site._registry[model]
    save = page.save_model

    def save_too_late(request, obj, form, change):
        PUBLISH[model](revision=model.objects.get(pk=obj.pk))
        save(request, obj, form, change)

    monkeypatch.setattr(page, "save_model", save_too_late)
    response = head.post(page_of(row), data | {"title": "Another"}, follow=True)
    form = response.context["adminform"].form
    assert (form.non_field_errors(), form["title"].value()) == ([str(Frozen(model))], "Another")


@pytest.mark.parametrize("model", [one for one in DRAFT if one is not QuestionRevision])
def test_a_kept_copy_comes_back_as_it_was_and_is_not_saved(head, model):
    row = DRAFT[model]()
    opened = head.get(page_of(row))
    copy = opened.context["draft_copy"]
    assert (copy.name, copy.posted, copy.saved) == (f"{model._meta.model_name}-{row.pk}", False, ())
    sent = form_data(opened) | {"title": "Typed for an hour", "copy_page": copy.page}
    shown = head.post(page_of(row), sent | {"_copy": "1"})
    form = shown.context["adminform"].form
    assert said(shown) == form.non_field_errors() == [str(COPY_SHOWN)]
    assert "Please correct the error" not in shown.content.decode()
    typed = form_data(opened) | {"title": "Typed for an hour"}
    assert {name: str(told) for name, told in form_data(shown).items()} == {
        name: str(told) for name, told in typed.items()
    }
    assert (shown.context["draft_copy"].page, shown.context["draft_copy"].posted) == (copy.page, True)
    row.refresh_from_db()
    assert row.title != "Typed for an hour"
    assert head.post(page_of(row), form_data(shown) | {"copy_page": copy.page}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Typed for an hour"
    again = head.get(page_of(row)).context["draft_copy"]
    assert again.saved == (f"{copy.name}:{copy.page}",)
    assert again.page != copy.page
    assert head.get(page_of(row)).context["draft_copy"].saved == ()


def test_two_pages_of_one_new_question_keep_copies_apart(head):
    add = f"{address(QuestionRevision, 'add')}?type=single_choice"
    one, other = (head.get(add).context["copy"] for _tab in "ab")
    assert one.name == other.name == "question-single_choice"
    assert one.page != other.page
    sent = head.post(add, {"do": "show", "copy_page": one.page})
    assert sent.context["copy"].page == one.page
    assert f'name="copy_page" value="{one.page}"' in sent.content.decode()
    assert head.post(add, {"do": "show", "copy_page": '">'}).context["copy"].page != '">'


def test_an_action_says_what_a_verb_refused(head):
    empty = LessonRevisionFactory(steps=())
    fine = LessonRevisionFactory()
    assert said(act(head, "publish", empty, fine)) == [
        f"{empty}: The lesson has no steps.",
        "1 draft was published.",
    ]


def test_the_words_of_a_changed_text_are_found_again(head):
    row = ArticleRevisionFactory()
    change(head, row, text="The pier was shut.\r\n\r\n  Nobody said why. ")
    assert row.text == "The pier was shut.\nNobody said why."
    assert row.sentences == [[0, 18], [19, 35]]
    assert row.words[:2] == [[0, 3], [4, 8]]
    publish(revision=row)


def test_a_line_marked_so_becomes_a_subhead(head):
    row = ArticleRevisionFactory(text="One.\nTwo.")
    change(head, row, text="One.\n## Two.\nThree.")
    assert (row.text, row.blocks) == ("One.\nTwo.\nThree.", ["p", "h2", "p"])


@pytest.fixture
def as_json(monkeypatch):
    """A type without a form of its own: its prompt and key are written as JSON."""
    monkeypatch.setattr(forms, "_FORMS", {})


@pytest.mark.parametrize("prompt", ['{"task": "x"}', "[]", '{"task": "a\\u0000b"}', '"\\ud800"', "{"])
def test_a_prompt_that_its_type_cannot_read_is_refused(head, as_json, prompt):
    row = QuestionRevisionFactory()
    response = change(head, row, prompt=prompt)
    assert list(response.context["adminform"].errors) == ["prompt"]


def test_a_refused_prompt_is_shown_again_with_what_is_wrong(head, as_json):
    response = change(head, QuestionRevisionFactory(), prompt='{"task": 1, "options": []}')
    errors = response.context["adminform"].errors["prompt"]
    assert [error.split(":")[0] for error in errors] == ["task", "options"]
    assert "&quot;task&quot;: 1" in response.content.decode()


def test_a_key_is_changed_on_the_page_of_its_draft(head, as_json):
    row = QuestionRevisionFactory()
    other = row.answer_key.key | {"right": ["reporter"]}
    change(head, row, **{"answer_key-0-key": json.dumps(other)})
    assert QuestionRevision.objects.get().answer_key.key == other
    response = change(head, row, **{"answer_key-0-key": '{"right": ["reporter"]}'})
    assert response.status_code == 200
    assert QuestionRevision.objects.get().answer_key.key == other


def test_annotations_are_looked_at_here_and_written_in_the_editor(head):
    row = AnnotationFactory()
    page = head.get(page_of(row)).content.decode()
    assert reverse("admin:articles_annotation_editor", args=[row.set.revision.pk]) in page
    assert head.post(page_of(row), {"start": 0, "end": 3}).status_code == 403
    assert head.post(address(Annotation, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_steps_of_a_draft_are_added_changed_and_taken_out(head):
    row = LessonRevisionFactory()
    data = form_data(head.get(page_of(row)))
    new = {"steps-TOTAL_FORMS": 2, "steps-1-ORDER": 2}
    new |= {"steps-1-kind": "explain", "steps-1-title": "More", "steps-1-minutes": 1}
    new |= {"steps-1-body": "Some words.", "steps-0-title": "First"}
    head.post(page_of(row), data | new)
    assert list(row.steps.values_list("key", "title")) == [("explain", "First"), ("more", "More")]
    data = form_data(head.get(page_of(row)))
    head.post(page_of(row), data | {"steps-0-DELETE": "on"})
    assert list(row.steps.values_list("title", flat=True)) == ["More"]


def test_a_step_that_was_sent_twice_gets_a_key_of_its_own(head):
    row = LessonRevisionFactory()
    data = form_data(head.get(page_of(row)))
    new = {"steps-TOTAL_FORMS": 2, "steps-1-ORDER": 2, "steps-1-key": "explain", "steps-1-kind": "explain"}
    new |= {"steps-1-title": "More", "steps-1-minutes": 1, "steps-1-body": "Some words."}
    assert head.post(page_of(row), data | new).status_code == 302
    assert list(row.steps.values_list("key", flat=True)) == ["explain", "more"]


def test_a_quiz_gets_a_second_question(head):
    row, question = QuizRevisionFactory(), QuestionFactory()
    data = form_data(head.get(page_of(row)))
    new = {
        "slots-TOTAL_FORMS": 2,
        "slots-1-ORDER": 2,
        "slots-1-question": question.pk,
        "slots-1-points": 3,
    }
    assert head.post(page_of(row), data | new).status_code == 302
    assert list(row.slots.values_list("position", "question", "points"))[1] == (2, question.pk, 3)


@pytest.mark.parametrize("model", [Article, Question])
def test_an_identity_is_archived_and_never_edited(head, model):
    row = {Article: ArticleFactory, Question: QuestionFactory}[model]()
    assert head.post(page_of(row), {"ref": "another"}).status_code == 403
    act(head, "archive", row)
    assert not model.objects.live().exists()
    act(head, "restore", row)
    assert model.objects.live().get() == row


def test_a_course_is_opened_once_it_has_a_lesson(head):
    empty, full = CourseFactory(published_at=None), CourseFactory(published_at=None)
    LessonFactory(module__course=full)
    assert said(act(head, "publish", empty, full)) == [
        f"{empty}: The course has no published lesson.",
        "1 row was changed.",
    ]
    assert list(Course.objects.live()) == [full]


def test_a_lesson_links_to_its_steps(head):
    revision = LessonFactory().published
    step = Step.objects.get()
    assert page_of(revision) in head.get(page_of(revision.lesson)).content.decode()
    assert page_of(step) in head.get(page_of(revision)).content.decode()


def test_a_lesson_moves(head):
    row = DraftLessonFactory()
    change(head, row, position=9)
    assert row.position == 9
