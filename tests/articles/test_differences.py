"""What changed between two revisions, in plain words."""

import pytest

from articles.differences import Line, Piece, between, compare, words
from articles.publishing import copy_draft, draft, publish
from quizzes import building as quiz_building
from quizzes.admin import quizzes as _registers  # noqa: F401
from quizzes.models import QuestionKey
from tests.factories.articles import AnnotationFactory, ArticleFactory, ArticleRevisionFactory
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory


def keyed(*keys, **texts):
    return [Line(key.upper(), texts.get(key, key), key, "list") for key in keys]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(keyed(*"abc"), keyed(*"abc"), [], id="nothing"),
        pytest.param(keyed(*"abc"), keyed(*"cab"), [("moved", "C", 3, 1)], id="one moved, the others stay"),
        pytest.param(keyed("a"), keyed(*"ba"), [("new", "B", 0, 0)], id="new before"),
        pytest.param(keyed(*"ab"), keyed("b"), [("gone", "A", 0, 0)], id="gone"),
        pytest.param(keyed("a"), keyed("a", a="x"), [("changed", "A", 0, 0)], id="changed"),
        pytest.param(
            keyed(*"ab"), keyed(*"ba", b="x"), [("moved", "B", 2, 1), ("changed", "B", 0, 0)], id="both"
        ),
        pytest.param(
            [Line("1", "One", group="t"), Line("2", "Two", group="t")],
            [Line("1", "None", group="t"), Line("2", "One", group="t"), Line("3", "Two", group="t")],
            [("new", "1", 0, 0)],
            id="a paragraph before others",
        ),
        pytest.param(
            [Line("1", "One", group="t")],
            [Line("1", "One more", group="t")],
            [("changed", "1", 0, 0)],
            id="text",
        ),
    ],
)
def test_compare_tells_what_is_new_gone_changed_and_moved(old, new, told):
    assert [(one.kind, one.label, one.old_place, one.new_place) for one in compare(old, new)] == told


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "new", [("new", "new")]),
        ("old", "", [("gone", "old")]),
        ("a b c", "a x c", [("same", "a "), ("gone", "b"), ("new", "x"), ("same", " c")]),
        ("Кто сказал", "Кто слышал", [("same", "Кто "), ("gone", "сказал"), ("new", "слышал")]),
    ],
)
def test_words_that_changed_are_told(old, new, pieces):
    assert list(words(old, new)) == [Piece(*piece) for piece in pieces]


def test_long_stretches_that_stay_are_skipped_and_huge_texts_told_whole():
    long = " ".join(["stays"] * 100)
    found = list(words(f"{long} old", f"{long} new"))
    assert [piece.kind for piece in found] == ["skip", "same", "gone", "new"]
    huge = " ".join(map(str, range(2_000)))
    assert [piece.kind for piece in words(huge, huge + " more")] == ["gone", "new"]


@pytest.mark.django_db
def test_article_tells_of_its_paragraphs_and_annotations():
    old = ArticleFactory(revision__text="One.\nTwo.").published
    kept = {name: getattr(old, name) for name in ("title", "source", "licence")}
    new = draft(article=old.article, text="One.\nThree.", **kept)
    AnnotationFactory(set__revision=new, start=0, end=3, ref="x")
    assert [(one.kind, one.label) for one in between(old, new)] == [
        ("new", "annotation on “One”"),
        ("changed", "paragraph 2"),
    ]


@pytest.mark.django_db
def test_question_tells_which_option_is_right_now_in_its_words():
    question = QuestionFactory()
    new = quiz_building.revise_question(question=question)
    new.prompt = {**new.prompt, "task": "Another task"}
    new.save()
    key = QuestionKey.objects.get(revision=new)
    key.key = {**key.key, "right": ["reporter"]}
    key.save()
    texts = {option["ref"]: option["text"] for option in new.prompt["options"]}
    (right,) = question.published.answer_key.key["right"]
    changes = {one.label: one for one in between(question.published, new)}
    assert set(changes) == {"task", "key: what is right"}
    pieces = changes["key: what is right"].pieces
    assert "".join(p.text for p in pieces if p.kind != "new") == texts[right]
    assert "".join(p.text for p in pieces if p.kind != "gone") == texts["reporter"]


@pytest.mark.django_db
def test_quiz_and_lesson_tell_of_their_rows():
    first, second = QuestionFactory(revision__title="First"), QuestionFactory(revision__title="Second")
    quiz = QuizFactory(revision__questions=[first, second])
    quiz.refresh_from_db()
    new = quiz_building.revise_quiz(quiz=quiz)
    new.slots.filter(position=1).update(position=9)
    lesson = LessonFactory()
    copy = copy_draft(of=lesson.published)
    copy.steps.update(title="Another")
    assert [(c.kind, c.label) for c in between(quiz.published, new)] == [("moved", "question 2, “Second”")]
    assert [(c.kind, c.label) for c in between(lesson.published, copy)] == [("changed", "step 1, “Another”")]


@pytest.mark.django_db
def test_copied_draft_has_the_key_layer_and_no_blind_one(admin_user):
    annotation = AnnotationFactory(set__revision=ArticleRevisionFactory())
    revision = annotation.set.revision
    publish(revision=revision)
    revision.annotation_sets.create(purpose="blind", keyer=admin_user)
    copy = copy_draft(of=revision, by=admin_user)
    assert [layer.purpose for layer in copy.annotation_sets.all()] == ["key"]
    (made,) = copy.annotation_sets.get().annotations.all()
    assert (made.ref, made.start, made.end) == (annotation.ref, annotation.start, annotation.end)
    assert (copy.text, copy.sha256, copy.number, copy.created_by) == (
        revision.text,
        revision.sha256,
        2,
        admin_user,
    )
