"""A layer is written row by row: where a row stands, what it is called, who may change it, and when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from articles import annotating, publishing, revising
from articles.errors import AnnotatingError, ChangedMeanwhile, LayerClosed, NotPlaced, TextChanged
from articles.models import Annotation, AnnotationSet, ArticleRevision
from articles.placing import place_of_quote, place_of_units
from articles.states import state_of
from tests.factories.accounts import UserFactory
from tests.factories.articles import ArticleFactory, ArticleRevisionFactory, SkillFactory

pytestmark = pytest.mark.django_db
KEY, BLIND = AnnotationSet.Purpose.KEY, AnnotationSet.Purpose.BLIND


@pytest.fixture
def author() -> User:
    return UserFactory(display_name="Ada")


@pytest.fixture
def draft() -> ArticleRevision:
    """“The board voted on 2 March. The board wants the pier for cruise ships.” and “The mayor came late.”"""
    return ArticleRevisionFactory()


@pytest.fixture
def layer(draft: ArticleRevision, author: User) -> AnnotationSet:
    return annotating.open_layer(revision=draft, purpose=KEY, by=author)


def add(layer: AnnotationSet, first: int, last: int, **given) -> Annotation:
    return annotating.add(
        layer=layer,
        skill=SkillFactory(slug=given.pop("skill", "loaded-language")),
        kind=given.pop("kind", "required"),
        span=given.pop("span", place_of_units(revision=layer.revision, first=first, last=last)),
        by=given.pop("by", layer.keyer),
        **given,
    )


@pytest.mark.parametrize(
    ("first", "last", "sentences", "words"),
    [
        (0, 0, False, "The"),
        (1, 2, False, "board voted"),
        (0, 0, True, "The board voted on 2 March"),
        (2, 2, True, "The mayor came late"),
        (0, 1, True, "The board voted on 2 March. The board wants the pier for cruise ships"),
    ],
)
def test_a_place_begins_and_ends_where_words_do(draft, first, last, sentences, words):
    start, end = place_of_units(revision=draft, first=first, last=last, sentences=sentences)
    assert draft.text[start:end] == words


@pytest.mark.parametrize(("first", "last"), [(0, 99), (99, 99), (3, 2), (-1, 2), (13, 16)])
def test_a_place_outside_the_text_or_across_paragraphs_is_refused(draft, first, last):
    with pytest.raises(NotPlaced):
        place_of_units(revision=draft, first=first, last=last)


def test_a_quote_is_found_by_its_number(draft):
    start, end = place_of_quote(revision=draft, quote="The board", occurrence=2)
    assert (start, draft.text[start:end]) == (28, "The board")
    with pytest.raises(NotPlaced, match="Did you mean “The board”"):
        place_of_quote(revision=draft, quote="The bord")


def test_a_place_is_found_in_the_text_as_it_is_under_the_lock(layer):
    seen = state_of(layer.revision)
    row = add(layer, 0, 0)

    def place(revision):
        return place_of_units(revision=revision, first=1, last=2, seen=seen)

    moved = annotating.change(annotation=row, seen=1, by=layer.keyer, span=place)
    assert moved.exact == "board voted"
    revising.edit(revision=ArticleRevision.objects.get(), text=f"Yes. {layer.revision.text}")
    with pytest.raises(TextChanged):  # `layer` still holds the older text
        add(layer, 0, 0, skill="certainty", span=place)
    with pytest.raises(TextChanged):
        annotating.change(annotation=moved, seen=2, by=layer.keyer, span=place)
    row.refresh_from_db()
    assert (row.exact, row.start) == ("board voted", 9)


def test_an_annotation_knows_its_words_and_what_stands_round_them(layer):
    row = add(layer, 1, 2, rationale="A reason.")
    assert (row.exact, row.prefix, row.suffix) == (
        "board voted",
        "The ",
        " on 2 March. The board wants the"[:32],
    )
    assert (row.version, row.changed_by, row.rationale) == (1, layer.keyer, "A reason.")


def test_refs_are_read_easily_and_unique(layer):
    rows = [add(layer, 1, 2), add(layer, 1, 2, skill="certainty"), add(layer, 1, 3)]
    assert [row.ref for row in rows] == ["board-voted", "board-voted-2", "board-voted-on"]


def test_the_same_words_for_the_same_skill_are_one_annotation(layer):
    assert add(layer, 1, 2) == add(layer, 1, 2)
    with pytest.raises(ChangedMeanwhile) as told:
        add(layer, 1, 2, kind="foil")
    assert told.value.current == layer.annotations.get()
    assert layer.annotations.get().kind == "required"


def test_a_change_carries_what_it_saw(layer):
    row = add(layer, 1, 2)
    other = UserFactory(display_name="Ben")
    theirs = annotating.change(annotation=row, seen=1, by=other, rationale="Theirs.")
    assert (theirs.version, theirs.changed_by) == (2, other)
    with pytest.raises(ChangedMeanwhile, match=f"Changed by {other} at ") as told:
        annotating.change(annotation=row, seen=1, by=layer.keyer, rationale="Mine.")
    assert told.value.current.rationale == "Theirs."
    with pytest.raises(ChangedMeanwhile):
        annotating.remove(annotation=row, seen=1)
    annotating.remove(annotation=row, seen=2)
    annotating.remove(annotation=row, seen=2)  # gone already
    with pytest.raises(ChangedMeanwhile) as told:
        annotating.change(annotation=row, seen=2, by=other)
    assert told.value.current is None


def test_a_change_moves_an_annotation_but_not_onto_another(layer):
    row = add(layer, 1, 2)
    add(layer, 0, 2)
    place = place_of_units(revision=layer.revision, first=2, last=3)
    moved = annotating.change(annotation=row, seen=1, by=layer.keyer, span=place)
    assert (moved.exact, moved.prefix) == ("voted on", "The board ")
    taken = place_of_units(revision=layer.revision, first=0, last=2)
    with pytest.raises(AnnotatingError, match="these very words already"):
        annotating.change(annotation=moved, seen=2, by=layer.keyer, span=taken)


def test_a_published_key_changes_no_more(layer):
    row = add(layer, 1, 2)
    publishing.publish(revision=layer.revision)
    for act in (
        lambda: add(layer, 0, 0),
        lambda: annotating.change(annotation=row, seen=1, by=layer.keyer, rationale="x"),
        lambda: annotating.remove(annotation=row, seen=1),
        lambda: annotating.sign_swap_test(layer=layer, by=layer.keyer),
    ):
        with pytest.raises(LayerClosed):
            act()
    with pytest.raises(LayerClosed):
        annotating.open_layer(revision=ArticleFactory().published, purpose=KEY, by=layer.keyer)


def test_a_blind_layer_is_its_keyers_own_and_open_until_closed(draft, layer):
    add(layer, 1, 2)
    publishing.publish(revision=draft)
    second = UserFactory()
    blind = annotating.open_layer(revision=draft, purpose=BLIND, by=second)
    assert annotating.open_layer(revision=draft, purpose=BLIND, by=second) == blind
    add(blind, 3, 3)
    annotating.close_layer(layer=blind)
    with pytest.raises(LayerClosed):
        add(blind, 4, 4)
    with pytest.raises(LayerClosed):
        annotating.close_layer(layer=blind)


def test_closing_keeps_the_key_as_it_was_before_the_two_were_talked_over(draft, layer):
    add(layer, 1, 2)
    add(layer, 5, 5, kind="foil")
    blind = annotating.open_layer(revision=draft, purpose=BLIND, by=UserFactory())
    annotating.close_layer(layer=blind)
    then = {"loaded-language": [[draft.words[1][0], draft.words[2][1]]]}
    add(layer, 3, 3)
    blind.refresh_from_db()
    assert blind.key_then == then


def test_nobody_is_their_own_second_key(draft, layer):
    helper = UserFactory()
    add(layer, 1, 2, by=helper)
    for person in (layer.keyer, helper):
        with pytest.raises(LayerClosed, match="somebody else"):
            annotating.open_layer(revision=draft, purpose=BLIND, by=person)


def test_a_change_takes_the_signature_of_the_swap_test_back(layer):
    row = add(layer, 1, 2)
    annotating.sign_swap_test(layer=layer, by=layer.keyer)
    layer.refresh_from_db()
    assert (layer.swap_test_by, layer.swap_test_at is None) == (layer.keyer, False)
    annotating.change(annotation=row, seen=1, by=layer.keyer, rationale="Another.")
    layer.refresh_from_db()
    assert (layer.swap_test_by, layer.swap_test_at) == (None, None)


def test_what_cannot_be_is_refused_by_name(layer):
    with pytest.raises(AnnotatingError, match="still to come") as refused:
        add(layer, 1, 2, fact_checked_on=timezone.localdate() + timedelta(days=1))
    assert refused.value.field == "fact_checked_on"
    with pytest.raises(AnnotatingError, match="At least one reading"):
        add(layer, 1, 2, readings=0)
