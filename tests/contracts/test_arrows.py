"""Which room may know which: what import-linter cannot see.

A relation named by a string, or an upper room's name used in a lower one, is an arrow upwards
without an import. And what must be pure is imported here where there is no Django at all.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.contracts.repo_files import ROOT, every_text

ROOMS = ("accounts", "articles", "quizzes", "courses", "integrations")
PURE = ("articles.text", "quizzes.types", "quizzes.scoring", "quizzes.overlay")
pytestmark = pytest.mark.pure


def above(room: str) -> tuple[str, ...]:
    return ROOMS[ROOMS.index(room) + 1 :]


def relations() -> Iterator[tuple[str, str, str]]:
    """Each foreign key and many-to-many of our models: its name, its room, and the room that it names."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
                if isinstance(field, models.ForeignKey | models.ManyToManyField):
                    yield str(field), room, field.related_model._meta.app_label


def names_from_above(room: str) -> set[str]:
    """By what names upper rooms can be reached from this room's models: reverse accessors and lookups."""
    found = set()
    for lower in ROOMS[: ROOMS.index(room) + 1]:
        for model in apps.get_app_config(lower).get_models():
            for relation in model._meta.related_objects:
                if relation.related_model._meta.app_label in above(room):
                    found |= {relation.name, relation.get_accessor_name()}
    return found


def modules(room: str) -> Iterator[tuple[str, str]]:
    return (
        (name, text) for name, text in every_text() if name.startswith(f"{room}/") and name.endswith(".py")
    )


def spoken(source: str) -> Iterator[tuple[int, str]]:
    """Attributes, keywords and lookup strings of a module, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.lineno, node.arg.partition("__")[0]
        elif isinstance(node, ast.Constant) and re.fullmatch(r"-?\w+(?:__\w+)+", str(node.value)):
            for part in str(node.value).lstrip("-").split("__"):
                yield node.lineno, part


def reaching_up(room: str, source: str) -> list[int]:
    forbidden = names_from_above(room)
    return sorted({line for line, name in spoken(source) if name in forbidden})


def test_no_relation_points_to_an_upper_room() -> None:
    found = list(relations())
    assert len(found) > 60
    assert [name for name, room, target in found if target in above(room)] == []


def test_upper_rooms_do_add_names_to_lower_models() -> None:
    assert {"steps", "enrolments", "cohort_courses"} <= names_from_above("quizzes")
    assert {"attempts", "evidence"} <= names_from_above("accounts")


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_uses_the_names_that_upper_rooms_add(room: str) -> None:
    found = {name: lines for name, text in modules(room) if (lines := reaching_up(room, text))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("user.attempts.all()", [1]),
        ("q = Q(enrolments__course=1)", [1]),
        ("rows.order_by('x', '-user__attempts__number')", [1]),
        ("x = 1\nfilter(evidence=x)", [2]),
        ("'attempts'", []),
        ("attempts = 3", []),
    ],
)
def test_names_from_above_are_seen(source: str, lines: list[int]) -> None:
    assert reaching_up("accounts", source) == lines


def labels_of_upper_rooms(room: str, source: str) -> list[str]:
    """Strings such as "quizzes.Quiz" that name a model of an upper room."""
    upper = "|".join(above(room)) or "nothing"
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(rf"({upper})\.[A-Za-z_.]+", node.value)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_names_a_model_above_in_a_string(room: str) -> None:
    found = {name: labels for name, text in modules(room) if (labels := labels_of_upper_rooms(room, text))}
    assert found == {}


def test_a_label_from_above_is_seen() -> None:
    source = "ForeignKey('quizzes.Quiz'); granted('articles.Article'); get('courses.models.Step')"
    assert labels_of_upper_rooms("articles", source) == ["quizzes.Quiz", "courses.models.Step"]


def pure_modules() -> list[str]:
    names = []
    for dotted in PURE:
        path = ROOT / Path(*dotted.split("."))
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        names += [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names]


_IMPORT = """
import importlib, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "rest_framework", "allauth"}:
            raise ImportError(f"{name} is not to be imported here")

sys.meta_path.insert(0, Refuse())
for name in sys.argv[1:]:
    importlib.import_module(name)
print(sorted(name for name in sys.modules if name.partition(".")[0] == "django"))
"""


def without_django(*names: str) -> "subprocess.CompletedProcess[str]":
    command: list[Any] = [sys.executable, "-c", _IMPORT, *names]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_what_must_be_pure_imports_without_django() -> None:
    names = pure_modules()
    assert {"articles.text.positions", "quizzes.types.registry", "quizzes.scoring.mastery"} <= set(names)
    done = without_django(*names)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_what_needs_django_does_not_import_without_it() -> None:
    done = without_django("quizzes.attempts")
    assert done.returncode == 1
    assert "is not to be imported here" in done.stderr
