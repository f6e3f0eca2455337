"""Reading what a learner sent: a response that fits the question, or one readable refusal."""

import json
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from quizzes.types.base import Schema
from quizzes.types.registry import QuestionType, ResponseRefused

_FAULTS_NAMED = 3
_LONGEST_NAME = 40  # names of fields come from outside: no more of them is repeated


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
    return ResponseRefused(_field(faults[0]), "; ".join(map(_sentence, faults)) + ".")


def _field(fault: ErrorDetails) -> str:
    names = (str(part)[:_LONGEST_NAME] for part in fault["loc"])
    return "".join(c if c.isprintable() else "\ufffd" for c in ".".join(names))


def _sentence(fault: ErrorDetails) -> str:
    message = _message(fault)
    return f"{_field(fault)}: {message}" if fault["loc"] else f"{message[:1].upper()}{message[1:]}"


def _message(fault: ErrorDetails) -> str:
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    if fault["type"] == "string_pattern_mismatch":
        return "This text cannot stand here"
    if fault["type"] == "string_too_long":
        return f"This is too long. Write at most {fault['ctx']['max_length']} characters"
    return fault["msg"]
