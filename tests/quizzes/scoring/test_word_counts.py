import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring.word_counts import Stretch, marked_counts, stretches, worst
from quizzes.types.base import Passage

pytestmark = pytest.mark.pure

TEXT = "The mayor was said to smile. Nobody knows.\nThe band went home."
LAYOUT = Passage.of(TEXT).layout  # 0 The 1 mayor 2 was 3 said 4 to 5 smile 6 Nobody 7 knows 8 The 9 band …
WORDS = len(LAYOUT.words)


def place(quote):
    start = TEXT.index(quote)
    return start, start + len(quote)


def drawn(counts, readers=10, required=(), acceptable=()):
    full = [counts.get(word, 0) for word in range(WORDS)]
    return stretches(
        full, readers, required=frozenset(required), acceptable=frozenset(acceptable), layout=LAYOUT
    )


def test_a_word_counts_once_for_a_reader_whatever_the_marks():
    answers = [([place("was said"), place("said to")], 3), ([place("said")], 2), ([], 4)]
    assert marked_counts(answers, LAYOUT)[:6] == [0, 0, 3, 5, 3, 0]


def test_required_words_are_missed_by_who_did_not_mark_them():
    assert drawn({2: 6, 3: 6, 4: 6}, required={2, 3, 4}) == [
        Stretch("missed", *place("was said to"), readers=4, share=0.4)
    ]


def test_other_words_are_taken_by_who_marked_them():
    assert drawn({9: 3}) == [Stretch("taken", *place("band"), readers=3, share=0.3)]


def test_acceptable_words_are_never_wrong():
    assert drawn({6: 9, 7: 9}, acceptable={6, 7}) == []
    assert [one.kind for one in drawn({6: 9}, required={6}, acceptable={6})] == ["missed"]


def test_a_tenth_of_the_readers_is_drawn_and_less_is_not():
    assert [one.readers for one in drawn({5: 1})] == [1]
    assert drawn({5: 1}, readers=11) == []
    assert drawn({}, readers=0) == []


def test_neighbours_are_one_stretch_if_their_shares_are_alike():
    assert [TEXT[one.start : one.end] for one in drawn({2: 5, 3: 6, 4: 9})] == ["was said", "to"]


def test_a_stretch_ends_with_its_line_and_with_its_kind():
    text = "One two.\nThree four."
    layout = Passage.of(text).layout
    found = stretches([5] * 4, 10, required=frozenset({3}), acceptable=frozenset(), layout=layout)
    assert [(one.kind, text[one.start : one.end]) for one in found] == [
        ("taken", "One two"),
        ("taken", "Three"),
        ("missed", "four"),
    ]


def test_a_stretch_ends_with_its_sentence():
    assert [TEXT[one.start : one.end] for one in drawn({5: 5, 6: 5})] == ["smile", "Nobody"]


def test_worst_come_first_and_equals_in_text_order():
    found = drawn({1: 3, 5: 8, 9: 3, 3: 0}, required={3})
    assert [TEXT[one.start : one.end] for one in worst(found, "taken")] == ["smile", "mayor", "band"]
    assert [TEXT[one.start : one.end] for one in worst(found, "taken", most=1)] == ["smile"]
    assert [one.readers for one in worst(found, "missed")] == [10]


@given(st.lists(st.integers(0, 7), min_size=WORDS, max_size=WORDS), st.sets(st.integers(0, WORDS - 1)))
def test_every_word_drawn_went_wrong_and_every_wrong_word_is_drawn(counts, required):
    found = stretches(counts, 7, required=frozenset(required), acceptable=frozenset(), layout=LAYOUT)
    assert found == sorted(found, key=lambda one: one.start)
    inside = {word for one in found for word in LAYOUT.words_touched((one.start, one.end))}
    wrong = {w for w in range(WORDS) if (7 - counts[w] if w in required else counts[w]) > 0}
    assert inside == wrong
    assert all(0 < one.share <= 1 for one in found)
