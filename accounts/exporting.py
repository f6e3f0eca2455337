"""All that is kept about one person, as one JSON document, table by table as it is read."""

import json
from collections.abc import Iterator

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts import personal_data
from accounts.models import User


def export(person: User) -> Iterator[str]:
    """The document in pieces. One query for a table, however long it is; tables without a row are left out."""
    yield '{"made_at": ' + _said(timezone.now()) + ', "tables": {'
    between = "\n"
    for table in personal_data.tables():
        rows = table.export(person)
        first = next(rows, None)
        if first is None:
            continue
        yield f"{between}{_said(table.model._meta.label_lower)}: [\n {_said(first)}"
        for row in rows:
            yield f",\n {_said(row)}"
        yield "]"
        between = ",\n"
    yield "}}\n"


def _said(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
