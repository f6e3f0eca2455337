"""The form of each question type: one type a file. The order here is that in which types are offered."""

# isort: off
from quizzes.admin.types import (
    single_choice,
    mark_spans,
    hottext,
    classify,
    true_false,
    multiple_choice,
    source_table,
    match,
    order,
    inline_choice,
    short_answer,
    number,
    rewrite,
)
# isort: on

__all__ = [
    "classify",
    "hottext",
    "inline_choice",
    "mark_spans",
    "match",
    "multiple_choice",
    "number",
    "order",
    "rewrite",
    "short_answer",
    "single_choice",
    "source_table",
    "true_false",
]
