"""Reading what a learner sent: a response that fits the question, or one readable refusal."""

import json
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from quizzes.types.base import Schema
from quizzes.types.registry import Fault, QuestionType, ResponseRefused

_FAULTS_NAMED = 3
_LONGEST_NAME = 40  # names of fields come from outside: no more of them is repeated
_KEY = "[key]"  # how pydantic says that the name itself is at fault
#: What each kind of fault is called here, with what pydantic knows of it.
_SENTENCES = {
    "bool_type": "Say true or false",
    "dict_type": "Give an object",
    "extra_forbidden": "A response to this question has no such field",
    "finite_number": "Give a number that has an end",
    "frozen_set_type": "Give a list",
    "greater_than_equal": "Give a number from {ge} upwards",
    "int_parsing_size": "This number is too large",
    "int_type": "Give a whole number",
    "less_than_equal": "Give a number up to {le}",
    "list_type": "Give a list",
    "literal_error": "Choose {expected}",
    "missing": "This is missing",
    "model_type": "Give an object",
    "string_pattern_mismatch": "This text cannot stand here",
    "string_too_long": "This is too long. Write at most {max_length} characters",
    "string_type": "Give a text",
    "string_unicode": "This text cannot stand here",
    "too_long": "There are too many here. Give at most {max_length}",
    "tuple_type": "Give a list",
}
_UNFIT = "This does not fit here"


def read_response(question_type: QuestionType, prompt: Schema, data: object) -> Any:
    """Return the response in `data`, any JSON value; raises ResponseRefused and nothing else."""
    try:
        body = json.dumps(data)
    except (TypeError, ValueError, RecursionError):
        raise ResponseRefused("", "This is no JSON that can be read.") from None
    try:
        response = question_type.Response.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(error) from None
    question_type.check_response(prompt, response)
    return response


def _refusal(error: ValidationError) -> ResponseRefused:
    """The first faults in one sentence. Never the input itself: it may be long or unprintable."""
    faults = error.errors(include_url=False, include_input=False)[:_FAULTS_NAMED]
    return ResponseRefused(
        _field(faults[0]),
        "; ".join(map(_sentence, faults)) + ".",
        [Fault(_field(fault), f"{_capital(_message(fault))}.") for fault in faults],
    )


def _field(fault: ErrorDetails) -> str:
    names = (str(part)[:_LONGEST_NAME] for part in fault["loc"] if part != _KEY)
    return "".join(c if c.isprintable() else "\ufffd" for c in ".".join(names))


def _sentence(fault: ErrorDetails) -> str:
    message = _message(fault)
    return f"{_field(fault)}: {message}" if fault["loc"] else _capital(message)


def _capital(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}"


def _message(fault: ErrorDetails) -> str:
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    return _SENTENCES.get(fault["type"], _UNFIT).format(**fault.get("ctx", {}))
