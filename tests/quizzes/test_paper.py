"""A question on paper, its key, and what a class answered: for every type there is."""

from typing import Any
from uuid import uuid4

import pytest

from quizzes.class_marks import FirstAnswer
from quizzes.distribution import distribution
from quizzes.models import QuestionKey, QuestionRevision
from quizzes.paper import on_paper
from quizzes.paper_key import key_lines
from quizzes.types import all_types, registry

pytestmark = pytest.mark.pure
SLUGS = [kind.slug for kind in all_types()]


def stored(slug: str) -> tuple[QuestionRevision, QuestionKey]:
    example = registry.get(slug).example
    revision = QuestionRevision(type=slug, title="x", prompt=example.prompt.model_dump(mode="json"))
    return revision, QuestionKey(key=example.key.model_dump(mode="json"))


def texts(value: Any) -> set[str]:
    """Every reason that a key gives."""
    if isinstance(value, dict):
        named = {"rationale", "minority", "instead"}
        return {text for name, text in value.items() if name in named and text} | {
            text for part in value.values() for text in texts(part)
        }
    return {text for part in value for text in texts(part)} if isinstance(value, list) else set()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_type_leaves_room_for_an_answer(slug: str) -> None:
    revision, _key = stored(slug)
    asked = on_paper(revision)
    assert asked.task == revision.asked.task
    assert asked.boxes or asked.rows or asked.ruled or "(" in asked.text


@pytest.mark.parametrize("slug", SLUGS)
def test_a_question_on_paper_holds_nothing_of_its_key(slug: str) -> None:
    revision, key = stored(slug)
    asked = vars(on_paper(revision))
    said = repr([value for name, value in asked.items() if name != "revision"])
    assert [reason for reason in texts(key.key) if reason in said] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_the_key_on_paper_gives_every_reason(slug: str) -> None:
    revision, key = stored(slug)
    lines = key_lines(revision, key)
    said = {text for line in lines for text in (line.rationale, line.minority, line.instead)}
    skipped = {row["instead"] for row in key.key.get("drop", ())}  # what a rewrite drops is its own wording
    assert texts(key.key) - said - skipped == set()
    assert any(line.verdict for line in lines)


def answer(slug: str, response: Any, **fields: Any) -> FirstAnswer:
    told = {
        "learner_id": 1,
        "question_id": 1,
        "revision_id": 1,
        "fraction": 1.0,
        "dropped": False,
        "practice": False,
        "data": response.model_dump(mode="json") if response else None,
        "schema_version": registry.get(slug).schema_version if response else None,
        "attempt_uuid": uuid4(),
        "position": 1,
        "handed_in": True,
    }
    return FirstAnswer(**{**told, **fields})


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug not in {"mark_spans", "hottext"}])
def test_every_answer_is_counted_once_in_each_part(slug: str) -> None:
    example = registry.get(slug).example
    revision, _key = stored(slug)
    given = [example.right, example.right, *example.wrong]
    found = distribution(revision, [answer(slug, one) for one in given])
    assert found
    assert {sum(one.count for one in part.given) for part in found} == {len(given)}
    assert all(part.given[0].count >= part.given[-1].count for part in found)


def test_a_choice_is_read_out_in_its_own_words() -> None:
    example = registry.get("single_choice").example
    revision, _key = stored("single_choice")
    (part,) = distribution(revision, [answer("single_choice", example.right)] * 2)
    texts_of = {option.ref: option.text for option in example.prompt.options}
    assert [(one.words, one.count) for one in part.given] == [(texts_of[example.right.chosen], 2)]


def test_what_was_left_open_is_no_answer() -> None:
    revision, _key = stored("single_choice")
    assert distribution(revision, [answer("single_choice", None)]) == []


def test_marks_are_drawn_and_not_listed() -> None:
    example = registry.get("mark_spans").example
    revision, _key = stored("mark_spans")
    assert distribution(revision, [answer("mark_spans", example.right)]) == []


def test_none_of_these_can_be_ticked_where_several_can() -> None:
    assert on_paper(stored("multiple_choice")[0]).boxes[-1] == "None of these"
    assert "None of these" not in on_paper(stored("single_choice")[0]).boxes
