"""Every test process works in its own copy of one migrated database."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from tests import migrated
from tests.dbplugin import SERVER


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Put the copy where pytest-django is told (`tests/dbplugin.py`) to find and keep a database."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        migrated.copy_to(Path(database["TEST"]["NAME"]))
    else:
        name = database["TEST"]["NAME"] or f"test_{database['NAME']}"
        migrated.postgres_copy(os.environ[SERVER], name)
