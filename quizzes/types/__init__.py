"""Question types: one file each, found here. No Django.

Importing the package registers every type in it; another app may call `register` for its own.
"""

from importlib import import_module
from pkgutil import iter_modules

from quizzes.types.registry import (
    Example,
    Fault,
    QuestionType,
    ResponseRefused,
    UnknownType,
    all_types,
    get,
    load,
    register,
)
from quizzes.types.responses import read_response

__all__ = [
    "Example",
    "Fault",
    "QuestionType",
    "ResponseRefused",
    "UnknownType",
    "all_types",
    "get",
    "load",
    "read_response",
    "register",
]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
