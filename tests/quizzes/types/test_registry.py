from dataclasses import replace

import pytest
from pydantic import ValidationError

from quizzes.types import registry
from quizzes.types.registry import UnknownType, all_types, get, load, register


@pytest.fixture(autouse=True)
def _own_list(monkeypatch):
    """What a test registers is gone after it."""
    monkeypatch.setattr(registry, "_TYPES", dict(registry._TYPES))


def test_all_types_are_found_by_importing_the_package():
    slugs = [question_type.slug for question_type in all_types()]
    assert slugs == sorted(slugs)
    assert {"classify", "mark_spans", "multiple_choice", "single_choice"} <= set(slugs)


def test_get_refuses_an_unknown_type():
    with pytest.raises(UnknownType, match="“essay”"):
        get("essay")


def test_register_refuses_a_second_type_under_one_slug():
    with pytest.raises(ValueError, match="registered already"):
        register(replace(get("classify")))


def test_register_adds_a_type_of_another_app():
    added = register(replace(get("classify"), slug="sort"))
    assert get("sort") is added
    assert added in all_types()


@pytest.mark.parametrize("upgrades", [{}, {1: None, 3: None}, {1: None, 2: None, 3: None}])
def test_question_type_needs_every_upgrade(upgrades):
    with pytest.raises(ValueError, match="needs one upgrade"):
        replace(get("classify"), schema_version=3, upgrades=upgrades)


def test_load_upgrades_step_by_step():
    def rename(part, data):
        assert part == "response"
        return {"picked": data["pick"]}

    def rename_again(part, data):
        return {"chosen": data["picked"]}

    register(
        replace(get("single_choice"), slug="newer", schema_version=3, upgrades={1: rename, 2: rename_again})
    )
    expected = get("single_choice").Response(chosen="a")
    assert load("newer", "response", {"pick": "a"}, 1) == expected
    assert load("newer", "response", {"picked": "a"}, 2) == expected
    assert load("newer", "response", {"chosen": "a"}, 3) == expected


@pytest.mark.parametrize("part", ["prompt", "key"])
def test_load_reads_each_part(part):
    expected = getattr(get("mark_spans").example, part)
    assert load("mark_spans", part, expected.model_dump(mode="json"), 1) == expected


@pytest.mark.parametrize("version", [0, 2])
def test_load_refuses_an_unknown_version(version):
    with pytest.raises(ValueError, match="no schema version"):
        load("single_choice", "response", {}, version)


def test_load_refuses_what_does_not_fit():
    with pytest.raises(ValidationError):
        load("single_choice", "response", {"chosen": 1}, 1)
    with pytest.raises(UnknownType):
        load("essay", "response", {}, 1)
