"""What the forms of pairs and of claims share."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Values
from quizzes.admin.forms import Errors
from quizzes.admin.types.parts import accepted, judged_values, options, refuse_gone


def initial_rows(prompt: Any, key: Any) -> Values:
    """Task, text, rows with what the key says of each, and which target means a problem."""
    return {
        "task": prompt.task,
        "specimen": prompt.specimen,
        "problem": prompt.problem,
        "rows": judged_values(prompt.rows, key.rows),
    }


def written_rows(values: Values, targets: str, errors: Errors) -> tuple[Values, Values]:
    """The prompt with its rows and targets, and the key of the rows."""
    rows = values["rows"]
    prompt = {
        "task": values["task"],
        "specimen": values["specimen"],
        "problem": values["problem"],
        "rows": options(rows),
        targets: options(values[targets]),
    }
    refuse_gone(rows, values[targets], "rows", errors)
    for index, row in enumerate(rows):
        if not accepted(row):
            errors.add(f"rows-{index}-accepted", _("Choose at least one."))
    key_rows = [
        {
            "ref": row["ref"],
            "accepted": accepted(row),
            "rationale": row["rationale"],
            "minority": row["minority"],
        }
        for row in rows
    ]
    return prompt, {"rows": key_rows}
