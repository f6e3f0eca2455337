"""Which form a question's draft is written with in the admin: the type's own, or its parts as JSON.

A type brings its form by `register("slug", ItsForm)`, called where Django's app loads its admin. A form
names the fields of the page, turns a stored prompt and key into their values (`initial`) and values
back into data for the type's schemas (`write`). What the schemas and the type's `check` refuse is put
beside the field that it is about: see `places`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import pydantic
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic_core import ErrorDetails, to_json

from quizzes.admin import fields
from quizzes.admin.errors import Errors as Errors
from quizzes.admin.fields import Field, Rows, Values, Words
from quizzes.admin.sources import Sources
from quizzes.models import QuestionRevision
from quizzes.publishing import From
from quizzes.types import registry
from quizzes.types.base import Schema

Path = tuple[str | int, ...]
TypeOfSchema: TypeAlias = type[Schema]  # in a form `type` is the slug
TOP = ""  # where errors stand that belong to no field


@dataclass(frozen=True)
class Written:
    """What a form's values make: None for a part that cannot be read; `errors` says why."""

    prompt: Schema | None
    key: Schema | None
    passage: From | None
    errors: Errors

    @property
    def is_whole(self) -> bool:
        return not self.errors and self.prompt is not None and self.key is not None


class QuestionForm:
    """The form of one type. A subclass names `type`, `label`, `fields`, `places`, and has the two ways.

    `places` says under which name of the form a part of the prompt or key is written, where the two
    differ: {("key", "rows"): "rows"}. A mapping by ref is followed to the row of that ref.
    """

    do_not_call_in_templates = True  # a template that names the class means the class
    type: ClassVar[str]
    label: ClassVar[Words]
    #: One sentence on what it asks, and a small example: by them an author chooses among the types.
    about: ClassVar[Words] = ""
    sample: ClassVar[Words] = ""
    fields: ClassVar[tuple[Field, ...]]
    places: ClassVar[Mapping[Path, str]] = {}
    #: The rows whose places are picked on the passage; "" for none.
    picks: ClassVar[str] = ""
    #: Whether the question has an answer that can be tried by typing it.
    tries: ClassVar[bool] = False

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    def initial(self, prompt: Any, key: Any) -> Values:
        """The values that a stored prompt and key are shown as."""
        raise NotImplementedError

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        """Data for the schemas of prompt and key. `skills` are the question's, the first one first."""
        raise NotImplementedError

    def seen(self, values: Values) -> Values:
        """What the page carries along to say which text it showed, for a form that has a passage."""
        return {}

    def edited_since(self, values: Values) -> bool:
        """Whether that text is another by now, so that what was chosen in it is to be looked at again."""
        return False

    def passage(self, values: Values) -> From | None:
        """Where the passage is from, of a form that has one."""
        return None

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        """Answers to try the key with, each in words and as data; the one that must score 1 first."""
        return []

    def taken_in(self, values: Values) -> Values:
        """The values as they are kept, from those that the page sent."""
        return values

    def shown(self, values: Values) -> Values:
        """The values as the page has them; the other way round."""
        return values

    def page_fields(self) -> tuple[Field, ...]:
        """The fields as this page offers them: a form may fill in what is chosen from."""
        return self.fields

    def judge(self, values: Values, skills: Sequence[str], errors: Errors | None = None) -> Written:
        """Read the values by the type's schemas, and say beside each field what is wrong with it.

        `errors` are those that the page has found already, around the form's own fields.
        """
        errors = Errors() if errors is None else errors
        for name, message in fields.faults(self.page_fields(), values):
            errors.add(name, message)
        prompt_data, key_data = self.write(values, skills, errors)
        kind = registry.get(self.type)
        before = set(errors.by_name)
        prompt = self._read("prompt", kind.Prompt, prompt_data, values, errors, before)
        key = self._read("key", kind.Key, key_data, values, errors, before)
        if prompt is not None and key is not None and not errors:
            for fault in kind.check(prompt, key):
                name = self.place("key", path_of(fault.field), values)
                errors.add(name, self.in_words(fault.message, values, name))
        return Written(prompt, key, self.passage(values) if prompt is not None else None, errors)

    def _read(
        self, part: str, schema: TypeOfSchema, data: Values, values: Values, errors: Errors, before: set[str]
    ) -> Schema | None:
        try:
            found: Schema = schema.model_validate_json(to_json(data))
            return found
        except pydantic.ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                name = self.place(part, fault["loc"], values)
                if name not in before:
                    errors.add(name, self.in_words(message_of(fault), values, name))
        return None

    def place(self, part: str, path: Path, values: Values) -> str:
        """The name of the field that a path in the prompt or the key is written in; TOP for none."""
        known = {"skill", *_names(self.page_fields(), values)}
        for length in range(len(path), -1, -1):
            at: Path = (part, *path[:length])
            rest = path[length:]
            start = self.places.get(at, None if length else "")
            if start is not None:
                return _nearest(_steps(start, rest, values), known)
        return TOP

    def in_words(self, message: str, values: Values, name: str) -> str:
        """The message with what the author wrote in place of refs; those of the rows at hand come first."""
        own = name.partition("-")[0]
        listed = sorted(self.page_fields(), key=lambda one: one.name == own)
        names = dict(_named_rows(listed, values))
        return re.sub(r"“([a-z0-9-]+)”", lambda found: f"“{names.get(found[1], found[1])}”", message)


def _names(listed: Sequence[Field], values: Values, prefix: str = "") -> Iterator[str]:
    for one in listed:
        yield f"{prefix}{one.name}"
        if isinstance(one, Rows):
            for index, row in enumerate(values[one.name]):
                yield f"{prefix}{one.name}-{index}"
                yield from _names(one.fields, row, f"{prefix}{one.name}-{index}-")


def _steps(start: str, rest: Path, values: Values) -> list[str]:
    """The parts of a name: `start`, in which * stands for a step, and what is left of the path."""
    left = list(rest)
    parts = filter(None, start.split("-"))
    steps = [str(left.pop(0)) if part == "*" and left else part for part in parts]
    return _refs_followed([*steps, *map(str, left)], values)


def _refs_followed(steps: list[str], values: Any) -> list[str]:
    followed: list[str] = []
    for step in steps:
        if isinstance(values, list):
            refs = [row["ref"] for row in values]
            index = refs.index(step) if step in refs else int(step) if step.isdecimal() else -1
            if not 0 <= index < len(values):
                break
            followed.append(str(index))
            values = values[index]
        else:
            followed.append(step)
            values = values.get(step) if isinstance(values, dict) else None
    return followed


def _nearest(steps: list[str], known: set[str]) -> str:
    names = ("-".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next((name for name in names if name in known), TOP)


def _named_rows(listed: Sequence[Field], values: Values) -> Iterator[tuple[str, str]]:
    for one in listed:
        if isinstance(one, Rows):
            for row in values[one.name]:
                words = next(
                    (row[own.name] for own in one.fields if own.kind == "text" and row[own.name]), ""
                )
                if words:
                    yield row["ref"], words if len(words) <= 60 else f"{words[:59]}…"
                yield from _named_rows(one.fields, row)


def path_of(name: str) -> Path:
    """`spans[0].rationale` as a path."""
    return tuple(int(step) if step.isdecimal() else step for step in re.findall(r"[^.\[\]]+", name))


def message_of(fault: ErrorDetails) -> str:
    """What a schema refused, in words that say how to mend it."""
    context = fault.get("ctx", {})
    limit = context.get("ge", context.get("le", context.get("gt", context.get("lt", ""))))
    bounds = {"limit": f"{limit:g}" if isinstance(limit, float) else limit}
    words: dict[str, Callable[[], str]] = {
        "value_error": lambda: _sentence(str(context["error"])),
        "missing": lambda: _("Fill this in."),
        "string_too_long": lambda: _("This is too long: write at most %(max_length)s characters.") % context,
        "too_short": lambda: _("There are too few here: %(min_length)s at least.") % context,
        "too_long": lambda: _("There are too many here: %(max_length)s at most.") % context,
        "greater_than_equal": lambda: _("Write a number that is not below %(limit)s.") % bounds,
        "greater_than": lambda: _("Write a number above %(limit)s.") % bounds,
        "less_than_equal": lambda: _("Write a number that is not above %(limit)s.") % bounds,
        "int_type": lambda: _("Write a whole number."),
        "float_type": lambda: _("Write a number, such as 0.5."),
        "literal_error": lambda: _("Choose one of those offered."),
        "string_pattern_mismatch": lambda: _pattern_words(str(context["pattern"])),
    }
    say = words.get(fault["type"])
    return say() if say else fault["msg"]


def _pattern_words(pattern: str) -> str:
    if pattern.startswith("^-?"):
        return _("Write a number with digits only, such as 12 or -0.5.")
    if pattern.startswith("^[a-z0-9]"):
        return _("Choose one of those offered.")
    return str(fields.UNSTORABLE)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?')) else '.'}"


_FORMS: dict[str, type[QuestionForm]] = {}


def register(form: type[QuestionForm]) -> type[QuestionForm]:
    """Write drafts of the form's type with it; raises ValueError if the type has one already."""
    if form.type in _FORMS:
        raise ValueError(f"the type “{form.type}” has a form in the admin already")
    _FORMS[form.type] = form
    return form


def unregister(slug: str) -> None:
    """Write drafts of a type as JSON again; nothing, if that is so."""
    _FORMS.pop(slug, None)


def form_of(slug: str) -> type[QuestionForm] | None:
    """The form for drafts of a type; None for one that has none: it is written as JSON."""
    return _FORMS.get(slug)


def all_forms() -> list[type[QuestionForm]]:
    """The forms in the order in which they were registered: the plainest types first."""
    return list(_FORMS.values())


# JSON, for a type without a form ------------------------------------------------------------------
def refuse_unreadable(revision: QuestionRevision, part: registry.Part, data: Any) -> None:
    """Raise ValidationError for JSON that the question's type cannot read."""
    try:
        registry.load(revision.type, part, data, revision.schema_version)
    except pydantic.ValidationError as error:
        found = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise ValidationError(found) from error
    except (registry.UnknownType, ValueError) as error:
        raise ValidationError(str(error)) from error


class QuestionRevisionForm(forms.ModelForm):
    """The prompt as JSON, which the type must be able to read."""

    def clean_prompt(self) -> Any:
        refuse_unreadable(self.instance, "prompt", self.cleaned_data["prompt"])
        return self.cleaned_data["prompt"]


class QuestionKeyForm(forms.ModelForm):
    """The key as JSON, which the type must be able to read."""

    def clean_key(self) -> Any:
        refuse_unreadable(self.instance.revision, "key", self.cleaned_data["key"])
        return self.cleaned_data["key"]


def name_of(slug: str) -> str:
    """What authors call a type: its form's own words; the slug in words for a type that brings no form."""
    form = form_of(slug)
    return str(form.label) if form is not None else slug.replace("_", " ")
