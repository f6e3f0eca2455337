"""What changed between two revisions, in plain words."""

import pytest

from articles.differences import Line, Piece, between, compare, words
from articles.models import Annotation
from articles.publishing import copy_draft, draft, publish
from quizzes import building as quiz_building
from quizzes.admin import quizzes as _registers  # noqa: F401
from quizzes.models import QuestionKey
from quizzes.types import registry
from tests.factories.articles import AnnotationFactory, ArticleFactory, ArticleRevisionFactory, SkillFactory
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
        pytest.param(
            [Line("1", "One", group="t", detail="paragraph")],
            [Line("1", "One", group="t", detail="subhead")],
            [("changed", "1", 0, 0)],
            id="what is said of it besides",
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
        ("fine as written", "readers differ", [("gone", "fine as written"), ("new", "readers differ")]),
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


@pytest.fixture
def two_states():
    """A published revision and its copy, in which an annotation stands at the last of its words."""
    old = ArticleRevisionFactory(text="He said so. She said no.\nSome said it.")
    AnnotationFactory(set__revision=old, start=3, end=7, exact="said", ref="x", party="board")
    old = publish(revision=old)
    return old, copy_draft(of=old)


def told(old, new, **how):
    """Each change as its label, what stood there and what stands there now."""
    return [
        (one.label, *("".join(p.text for p in one.pieces if p.kind != other) for other in ("new", "gone")))
        for one in between(old, new, **how)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "change"),
    [
        ({"blocks": ["p", "h2"]}, ("subhead 2", "paragraph: Some said it.", "subhead: Some said it.")),
        (
            {"sentences": [[0, 24], [25, 38]]},
            ("paragraph 1", "paragraph: He said so. | She said no.", "paragraph: He said so. She said no."),
        ),
    ],
    ids=["a subhead", "joined sentences"],
)
def test_article_tells_how_its_text_is_cut(two_states, columns, change):
    old, copy = two_states
    for name, value in columns.items():
        setattr(copy, name, value)
    assert told(old, copy) == [change]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "gone", "new"),
    [
        ({"start": 16, "end": 20}, "place 1 of these words", "place 2 of these words"),
        (
            {"start": 30, "end": 34},
            "in “He said so. She said no.” · place 1 of these words",
            "in “Some said it.”",
        ),
        ({"readings": 7}, "know. · party", "know. · 7 independent readings · party"),
        ({"party": "union"}, "party: board", "party: union"),
        ({"fact_checked_on": "2026-01-02"}, "party: board", "party: board · fact checked on Jan. 2, 2026"),
    ],
    ids=["place", "paragraph", "readings", "party", "date"],
)
def test_article_tells_all_of_an_annotation(two_states, columns, gone, new):
    old, copy = two_states
    Annotation.objects.filter(set__revision=copy).update(**columns)
    ((label, was, now),) = told(old, copy)
    assert label == "annotation on “said”"
    assert gone in was
    assert now == was.replace(gone, new)
    assert told(old, copy, with_key=False) == []


@pytest.mark.django_db
def test_question_tells_of_judged_places_in_words():
    example = registry.get("mark_spans").example
    question = QuestionFactory(
        revision__type="mark_spans", revision__prompt=example.prompt, revision__key=example.key
    )
    copy = copy_draft(of=question.published)
    key = QuestionKey.objects.get(revision=copy)
    first = key.key["spans"][0]
    passage = copy.prompt["passage"]["text"]
    start, end = first["start"], first["end"]
    first |= {"kind": "acceptable", "start": 0}
    key.save()
    assert told(question.published, copy) == [
        ("key 1 · words", passage[start:end], passage[:end]),
        ("key 1 · kind", "to find", "readers differ"),
    ]
    assert told(question.published, copy, with_key=False) == []


@pytest.mark.django_db
def test_quiz_tells_which_revision_is_pinned(two_states):
    old, copy = two_states
    newer = publish(revision=copy)
    quiz = QuizFactory(revision__pinned_article=old)
    quiz.refresh_from_db()
    draft_of_quiz = quiz_building.revise_quiz(quiz=quiz)
    draft_of_quiz.pinned_article = newer
    title = old.title
    assert told(quiz.published, draft_of_quiz) == [
        ("article beside the questions", f"{title} (revision 1)", f"{title} (revision 2)")
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
    same = {"quiz_revision": new, "draw_skill": SkillFactory(), "draw_count": 2}
    new.slots.create(position=20, **same)
    new.slots.create(position=21, **same)
    lesson = LessonFactory()
    copy = copy_draft(of=lesson.published)
    copy.steps.update(title="Another")
    assert [(c.kind, c.label) for c in between(quiz.published, new)] == [
        ("moved", "question 2, “Second”"),
        *[("new", f"question {place}, “2 drawn: Who says so?”") for place in (20, 21)],
    ]
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
