"""Which form a question's draft is written with in the admin: the type's own, or its parts as JSON.

A type brings its form by `register("slug", ItsForm)`, called where Django's app loads its admin. A form
edits the fields of QuestionRevision that it names, and may have others; the key has a form beside it.
"""

from typing import Any

import pydantic
from django import forms
from django.core.exceptions import ValidationError

from quizzes.models import QuestionRevision
from quizzes.types import registry


def refuse_unreadable(revision: QuestionRevision, part: registry.Part, data: Any) -> None:
    """Raise ValidationError for JSON that the question's type cannot read."""
    try:
        registry.load(revision.type, part, data, revision.schema_version)
    except pydantic.ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise ValidationError(faults) from error
    except (registry.UnknownType, ValueError) as error:
        raise ValidationError(str(error)) from error


class QuestionRevisionForm(forms.ModelForm):
    """The prompt as JSON, which the type must be able to read: for any type."""

    def clean_prompt(self) -> Any:
        refuse_unreadable(self.instance, "prompt", self.cleaned_data["prompt"])
        return self.cleaned_data["prompt"]


class QuestionKeyForm(forms.ModelForm):
    """The key as JSON, which the type must be able to read: for any type."""

    def clean_key(self) -> Any:
        refuse_unreadable(self.instance.revision, "key", self.cleaned_data["key"])
        return self.cleaned_data["key"]


_FORMS: dict[str, type[QuestionRevisionForm]] = {}


def register(slug: str, form: type[QuestionRevisionForm]) -> None:
    """Write drafts of a type with this form; raises ValueError if it has one already."""
    if slug in _FORMS:
        raise ValueError(f"the type “{slug}” has a form in the admin already")
    _FORMS[slug] = form


def unregister(slug: str) -> None:
    """Write drafts of a type as JSON again; nothing, if that is so."""
    _FORMS.pop(slug, None)


def form_of(slug: str) -> type[QuestionRevisionForm]:
    """The form for drafts of a type."""
    return _FORMS.get(slug, QuestionRevisionForm)
