"""Every table says what becomes of the people in it."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from accounts import personal_data
from accounts.models import User

MODELS = sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label)


def people_in(model: type[Model]) -> set[str]:
    """The fields of a model that lead straight to a user."""
    return {
        field.name
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model is User and not field.auto_created and model is not User
    }


def through(model: type[Model]) -> set[str]:
    """Fields that a table of their own keeps, which is looked at by itself."""
    return {field.name for field in model._meta.many_to_many}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_is_registered_or_excused(model: type[Model]) -> None:
    registered = {table.model: table for table in personal_data.tables()}
    assert (model in registered) != (model in personal_data.excused())
    straight = people_in(model) - through(model)
    if model not in registered:
        assert straight == set()
        assert personal_data.excused()[model]
        return
    table = registered[model]
    named = {*table.by, *({table.whose} if "__" not in table.whose else set())} - {"", "pk"}
    assert straight == named


def test_every_way_to_a_person_is_one(db: Any) -> None:
    nobody = User.objects.create(username="nobody")
    for table in personal_data.tables():
        if table.whose:
            assert list(table.of(nobody)) == ([nobody] if table.model is User else [])


def test_no_table_is_kept_without_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        personal_data.keep("")
