"""Questions begun with an article's annotations: the passage is cut, the key is a copy."""

import pytest

from articles.models import Annotation, AnnotationSet
from articles.publishing import publish
from articles.text.passages import NoSuchPlace, Stretch, cut_at, stretch_of
from quizzes import drafting
from quizzes.drafting import Counts
from quizzes.types import classify, hottext, mark_spans
from tests.factories.articles import AnnotationFactory, AnnotationSetFactory, SkillFactory

pytestmark = pytest.mark.django_db
LOADED = "loaded-language"


@pytest.fixture
def layer() -> AnnotationSet:
    """Of “The board voted on 2 March. The board wants the pier for cruise ships.” / “The mayor came late.”"""
    layer = AnnotationSetFactory()
    for ref, kind, start, end, skill in [
        ("vote", "foil", 0, 26, "attribution"),
        ("wants", "required", 28, 69, "attribution"),
        ("board", "acceptable", 32, 37, "attribution"),
        ("late", "required", 86, 90, LOADED),
    ]:
        AnnotationFactory(
            set=layer, ref=ref, kind=kind, start=start, end=end, skill=SkillFactory(slug=skill), readings=2
        )
    return layer


def rows(layer: AnnotationSet) -> list[Annotation]:
    return list(layer.annotations.select_related("skill"))


def source(layer, first=1, last=1, skills=("attribution",), sentences=None):
    return drafting.source(layer.revision, Stretch(first, last, sentences), skills, rows(layer))


@pytest.mark.parametrize(
    ("stretch", "skills", "counts"),
    [
        pytest.param((1, 1), ("attribution",), Counts(1, 1, 1, 1), id="a paragraph"),
        pytest.param((1, 2), ("attribution",), Counts(1, 1, 1, 2), id="the article"),
        pytest.param((1, 2), ("attribution", LOADED), Counts(2, 1, 1, 1), id="two skills"),
        pytest.param((2, 2), ("attribution",), Counts(0, 0, 0, 1), id="nothing there"),
    ],
)
def test_counts_say_what_a_learner_will_meet(layer, stretch, skills, counts):
    assert drafting.counts(source(layer, *stretch, skills)) == counts


def test_a_marking_item_copies_the_annotations_counted_from_its_passage(layer):
    prompt, key = drafting.marking(source(layer, 2, 2, (LOADED,)), "Mark.")
    assert (prompt.granularity, prompt.skills, prompt.passage.text) == (
        "words",
        (LOADED,),
        "The mayor came late.",
    )
    (span,) = key.spans
    assert (span.ref, span.kind, prompt.passage.text[span.start : span.end]) == ("late", "required", "late")
    assert mark_spans.check(prompt, key) == []


def test_offered_places_are_apart_and_what_is_to_be_found_comes_first(layer):
    prompt, key = drafting.choosing(source(layer), "Choose.")
    assert [place.ref for place in prompt.offered] == ["vote", "wants"]
    assert hottext.check(prompt, key) == []


def test_sentences_are_sorted_by_what_is_annotated_in_them(layer):
    prompt, key = drafting.sorting(source(layer, 1, 2), "Sort.", ["To mend", "Fine"], judged=True)
    assert [unit.accepted for unit in key.units] == [("category-2",), ("category-1",), ("category-2",)]
    assert [fault.field for fault in classify.check(prompt, key)] == ["units[2].rationale"]


def test_sentences_in_which_readers_differ_are_not_scored(layer):
    layer.annotations.get(ref="wants").delete()
    _prompt, key = drafting.sorting(source(layer, 1, 1), "Sort.", ["To mend", "Fine"], judged=True)
    assert [unit.accepted for unit in key.units] == [("category-2",), None]


@pytest.mark.parametrize(
    ("stretch", "part"),
    [((1, 3, None), "last"), ((2, 1, None), "last"), ((0, 1, None), "last"), ((1, 1, (2, 3)), "sentences")],
)
def test_a_passage_that_is_not_there_is_refused(layer, stretch, part):
    with pytest.raises(NoSuchPlace) as refused:
        source(layer, *stretch[:2], sentences=stretch[2])
    assert refused.value.part == part


@pytest.mark.parametrize(
    "stretch", [Stretch(1, 1), Stretch(1, 2), Stretch(2, 2), Stretch(1, 1, (2, 2)), Stretch(1, 2, (2, 3))]
)
def test_a_stretch_is_found_again_from_its_place(layer, stretch):
    revision = layer.revision
    found = drafting.source(revision, stretch, (), []).cut
    assert stretch_of(revision.text, revision.sentences, (found.start, found.end)) == stretch
    assert cut_at(revision.text, revision.sentences, revision.words, (found.start, found.end)) == found


def test_a_copy_stays_when_its_annotations_are_published_and_more_come(layer):
    _prompt, key = drafting.marking(source(layer), "Mark.")
    publish(revision=layer.revision)
    assert [span.ref for span in key.spans] == ["vote", "wants", "board"]
