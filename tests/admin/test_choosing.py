"""Where a row of a table that grows is chosen, it is looked for by typing, not picked out of a long list."""

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple, ForeignKeyRawIdWidget
from django.contrib.auth.models import Group, Permission

from accounts.models import CohortMember, User
from articles.models import Skill
from courses.models import CohortCourse, Lesson
from tests.admin.pages import address, page_of
from tests.admin.rows import MAKERS
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db
#: Tables that do not grow with use.
SHORT = (Skill, Group, Permission)
TYPED = (AutocompleteSelect, AutocompleteSelectMultiple, ForeignKeyRawIdWidget, forms.HiddenInput)
#: Fields with a list all the same, and why.
LISTED = {
    ("QuizForm", "organisation"): "those that one works for; hidden where it is one",
    ("CourseForm", "organisation"): "the same",
}


def forms_of(response):
    """The form of a page, and of each of its inlines an empty row and the first one."""
    yield response.context["adminform"].form
    for inline in response.context["inline_admin_formsets"]:
        yield inline.formset.empty_form
        yield from inline.formset.forms[:1]


def listed(response):
    """The fields of a page that list the rows of a table that grows."""
    for form in forms_of(response):
        for name, field in form.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.queryset.model not in SHORT:
                widget = getattr(field.widget, "widget", field.widget)
                if not isinstance(widget, TYPED):
                    yield type(form).__name__, name


@pytest.mark.parametrize(
    "model", sorted(MAKERS, key=lambda model: model._meta.label), ids=lambda m: m._meta.label
)
def test_what_grows_is_chosen_by_typing(head, model):
    row, _another = MAKERS[model](), OrganisationFactory()
    pages = [page_of(row)]
    if admin.site._registry[model].has_add_permission(head.get("/admin/").wsgi_request):
        pages.append(address(model, "add"))
    found = set()
    for page in pages:
        response = head.get(page)
        if "adminform" in (response.context or {}):
            found |= set(listed(response))
    assert found - LISTED.keys() == set()


@pytest.mark.parametrize("sent", ["²", "x", "-1", "9" * 30, "1\0"])
@pytest.mark.parametrize("model", [CohortCourse, CohortMember, Lesson, User])
def test_a_key_that_is_none_is_refused_beside_its_field(head, model, sent):
    form = head.get(address(model, "add")).context["adminform"].form
    names = [name for name, field in form.fields.items() if isinstance(field, forms.ModelChoiceField)]
    response = head.post(address(model, "add"), dict.fromkeys(names, sent))
    assert response.status_code == 200
    assert names
    assert set(names) <= response.context["adminform"].form.errors.keys()
