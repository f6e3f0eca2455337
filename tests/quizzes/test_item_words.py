"""Figures and answers as a teacher reads them."""

import pytest

from quizzes import item_words
from quizzes.answer_words import LONGEST, in_words
from quizzes.item_figures import MOST_ANSWERS, _kept
from quizzes.models import QuestionRevision
from quizzes.scoring import items
from quizzes.types import all_types, get
from quizzes.word_pages import Drawn, level, word_pages

pytestmark = pytest.mark.pure

SAID = {
    "classify": "The council voted 9 to 4…: Reports; The vote fits a trend in…: Reports; The mayor must now act.: "
    "Says what should happen; The council finally voted.: Says what should happen",
    "hottext": "“stubborn” … “long overdue”",
    "inline_choice": "said: announced; parents: parents of forty pupils",
    "mark_spans": "“The delay was meant as a warning to the shops” … “Everyone secretly hopes that it never will”",
    "multiple_choice": "The road opens in May, the minister said.; According to the port’s yearly report, "
    "traffic fell.",
    "number": "25 %",
    "order": "The ferry is late. → The ferry is likely to be late. → The ferry could be late. → The ferry may be "
    "late.",
    "rewrite": "On 3 May the council paid 2,000 crowns for a bench.",
    "short_answer": "The Stallholders.",
    "single_choice": "The engineer",
    "source_table": "A spare part is on its…: The caretaker; The part comes on Thursday.: A note at the door; The lift "
    "has been out of…: Nobody is named",
    "true_false": "False",
}


@pytest.mark.parametrize(("slug", "said"), SAID.items())
def test_an_answer_is_said_in_one_line(slug: str, said: str) -> None:
    example = get(slug).example
    assert in_words(example.prompt, example.right) == said


@pytest.mark.parametrize("kind", all_types(), ids=lambda kind: kind.slug)
def test_nothing_is_said_of_a_blank_answer_and_a_long_one_is_cut(kind) -> None:
    prompt = kind.example.prompt
    assert in_words(prompt, kind.Response()) == in_words(prompt, None) == ""
    assert all(len(in_words(prompt, one)) <= LONGEST for one in (kind.example.right, *kind.example.wrong))


@pytest.mark.parametrize(
    ("slug", "data", "said"),
    [
        ("multiple_choice", {"none_of_these": True}, "None of these"),
        ("mark_spans", {"nothing_to_mark": True}, "Nothing to mark"),
        ("hottext", {"nothing_to_mark": True}, "Nothing to mark"),
    ],
)
def test_answers_without_words_of_their_author_are_said(slug: str, data, said: str) -> None:
    kind = get(slug)
    assert in_words(kind.example.prompt, kind.Response(**data)) == said


@pytest.mark.parametrize(
    ("write", "value", "written"),
    [
        (item_words.percent, 0.675, "68\u00a0%"),
        (item_words.percent, None, "–"),
        (item_words.decimal, -0.004, "0.00"),
        (item_words.decimal, -0.25, "−0.25"),
        (item_words.decimal, 1, "1.00"),
        (item_words.decimal, None, "–"),
        (item_words.duration, 59.4, "59 s"),
        (item_words.duration, 80, "1 min 20 s"),
        (item_words.duration, None, "–"),
        (item_words.interval, (-0.1, 0.55), "−0.10 to 0.55"),
        (item_words.interval, None, ""),
    ],
)
def test_figures_are_written(write, value, written: str) -> None:
    assert write(value) == written


def test_every_flag_and_every_reason_has_words() -> None:
    codes = (items.FEW, items.EASY, items.HARD, items.CHECK_KEY, f"{items.NOBODY}b")
    flags = item_words.flags(codes, {"b": "The bell"})
    assert [flag.words for flag in flags] == [
        "Too few attempts",
        "Too easy",
        "Too hard",
        "Better learners get it wrong",
        "Nobody takes “The bell”",
    ]
    assert [flag.asks_for_the_key for flag in flags] == [False, False, True, True, False]
    assert all(flag.advice for flag in flags)
    reasons = {items.DIFFERENT_ITEMS, items.ONE_ITEM, items.ONE_LEARNER, items.ALL_ALIKE}
    assert reasons < item_words.REASONS.keys()


def test_the_commonest_answers_are_kept_and_the_others_counted() -> None:
    answers = [{"count": count} for count in range(20, 0, -1)]
    kept = _kept(answers, least=1)
    assert kept["answers"] == answers[:MOST_ANSWERS]
    assert kept["others"] == {"kinds": 8, "count": 36}
    assert _kept(answers, least=15)["others"] == {"kinds": 14, "count": 105}


@pytest.mark.parametrize(("share", "warmth"), [(0.1, 1), (0.2, 2), (0.5, 3), (0.79, 4), (0.8, 5), (1, 5)])
def test_warmth_is_in_fifths(share: float, warmth: int) -> None:
    assert level(share) == warmth


def test_a_text_is_cut_at_what_went_wrong_and_stays_whole() -> None:
    kind = get("mark_spans")
    prompt = kind.example.prompt
    text = prompt.passage.text
    (first, second), last = prompt.passage.words[0], prompt.passage.words[-1]
    stretches = [["taken", first, second, 1, 0.25], ["missed", *last, 3, 0.75]]
    item = {"words": [{"skill": prompt.skills[0], "readers": 4, "stretches": stretches}]}
    revision = QuestionRevision(type=kind.slug, prompt=prompt.model_dump(mode="json"))
    (page,) = word_pages(item, revision)
    assert "\n".join("".join(piece.text for piece in line) for line in page.lines) == text
    assert page.lines[0][0] == Drawn(text[first:second], "taken", 2, 2)
    drawn = [piece for line in page.lines for piece in line if piece.kind == "missed"]
    assert drawn == [Drawn(text[last[0] : last[1]], "missed", 4, 1)]
    assert [(row.number, row.words, row.share) for row in page.missed] == [
        (1, text[last[0] : last[1]], "75\u00a0%")
    ]
    assert [(row.number, row.readers) for row in page.taken] == [(2, 1)]
