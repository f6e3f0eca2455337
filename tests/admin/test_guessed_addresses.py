"""Every address of the admin, for a row that is not theirs: the answer for one that does not exist."""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from quizzes.models import Question, QuestionKey
from tests.admin.pages import address, page_of
from tests.admin.rows import UNDER_A_CLASS, question_orphan
from tests.admin.test_matrix import DRAFTS, PUBLISHED
from tests.factories.accounts import CohortFactory, OrganisationFactory
from tests.factories.articles import OrphanFactory
from tests.factories.quizzes import QuestionFactory

pytestmark = pytest.mark.django_db


def elsewhere(make):
    return lambda: make(OrganisationFactory())


#: A row of another school: of content, and of a class.
THEIRS = {
    f"{state} {model._meta.model_name}": elsewhere(make)
    for state, makers in (("draft", DRAFTS), ("published", PUBLISHED))
    for model, make in makers.items()
}
THEIRS |= {
    "orphan": lambda: OrphanFactory(revision__article__organisation=OrganisationFactory()),
    "question orphan": lambda: question_orphan(organisation=OrganisationFactory()),
}
THEIRS |= {
    model._meta.model_name: lambda make=make: make(cohort=CohortFactory())
    for model, make in UNDER_A_CLASS.items()
}


def doors(row):
    """The addresses of its table's pages that name a row by its number alone, with that of `row`."""
    for pattern in admin.site.get_model_admin(type(row)).urls:
        if pattern.name:
            try:
                yield reverse(f"admin:{pattern.name}", args=[row.pk])
            except NoReverseMatch:
                continue


@pytest.mark.parametrize("make", THEIRS.values(), ids=THEIRS)
def test_a_guessed_address_is_not_there(client, school, make):
    row = make()
    found = {url: (client.get(url).status_code, client.post(url).status_code) for url in doors(row)}
    assert len(found) >= 3
    assert found == dict.fromkeys(found, (404, 404))


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_a_number_that_no_database_holds_is_not_there(head, page):
    assert head.get(address(QuestionKey, page, 10**19)).status_code == 404


def test_an_empty_name_of_a_field_means_the_number(head):
    question = QuestionFactory()
    assert head.get(f"{page_of(question)}?_to_field=").context["original"] == question
    assert head.get(f"{address(Question, 'change', question.pk + 1)}?_to_field=").status_code == 404
