"""What holds for every table in the admin."""

import re
from functools import partial

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import roles
from articles.models import Article
from tests.admin.pages import address, list_of, page_of, rows_shown
from tests.admin.rows import MAKERS, UNDER_A_CLASS
from tests.admin.staff import with_role
from tests.admin.test_matrix import DRAFTS, PUBLISHED
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.articles import ArticleFactory

pytestmark = pytest.mark.django_db
MODELS = sorted(MAKERS, key=lambda model: model._meta.label)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
MOST_QUERIES = 20


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return len(captured)


def test_every_table_of_our_rooms_is_in_the_admin():
    from django.apps import apps

    ours = {
        model
        for room in ("accounts", "articles", "quizzes", "courses")
        for model in apps.get_app_config(room).get_models()
    }
    assert ours - set(admin.site._registry) == set()


def test_every_table_in_the_admin_is_tested_here():
    assert set(admin.site._registry) == set(MAKERS)


@each_model
def test_pages_take_as_many_queries_for_many_rows_as_for_one(head, model):
    first = MAKERS[model]()
    pages = [list_of(model), page_of(first)]
    if admin.site._registry[model].has_add_permission(head.get("/admin/").wsgi_request):
        pages.append(address(model, "add"))
    for page in pages:
        head.get(page)  # what is looked up once a process is looked up now
    one = [queries(head, page) for page in pages]
    rows = [MAKERS[model]() for _row in range(3)]
    assert {first, *rows} <= set(rows_shown(head, model))
    assert [queries(head, page) for page in pages] == one
    assert max(one) <= MOST_QUERIES


@pytest.mark.parametrize("role", roles.ROLES)
def test_pages_take_each_role_as_many_queries_for_many_rows_as_for_one(client, role):
    school = OrganisationFactory()
    person = with_role(StaffFactory(), role)
    OrganisationMemberFactory(user=person, organisation=school)
    client.force_login(person)

    def under_a_class(make):
        cohort = CohortFactory(organisation=school)
        CohortMemberFactory(cohort=cohort, user=person, role="teacher")
        return make(cohort=cohort)

    makers = [partial(make, school) for table in (DRAFTS, PUBLISHED) for make in table.values()]
    makers += [partial(under_a_class, make) for make in UNDER_A_CLASS.values()]
    rows = [make() for make in makers]
    pages = ["/admin/", *dict.fromkeys(page for row in rows for page in (list_of(type(row)), page_of(row)))]
    pages = [page for page in pages if client.get(page).status_code == 200]
    assert {page_of(row) for row in rows} & set(pages)
    one = {page: queries(client, page) for page in pages}
    assert {page: count for page, count in one.items() if count > MOST_QUERIES} == {}
    for make in makers:
        make()
        make()
    many = {page: queries(client, page) for page in pages if page != "/admin/"}
    assert {page: (one[page], many[page]) for page in many if one[page] != many[page]} == {}


@each_model
def test_a_superuser_opens_the_page_of_a_row(head, model):
    row = MAKERS[model]()
    response = head.get(page_of(row))
    assert response.status_code == 200
    assert response.context["original"] == row


@each_model
def test_links_have_words_and_boxes_in_tables_have_names(head, model):
    row = MAKERS[model]()
    for page in (list_of(model), page_of(row)):
        html = head.get(page).content.decode()
        assert re.findall(r"<a (?![^>]*(?:title|aria-label)=)[^>]*>\s*</a>", html) == []
        boxes = re.findall(r'<td class="delete">\s*(<input[^>]*>)', html)
        assert [box for box in boxes if "aria-label=" not in box] == []


def test_the_box_that_takes_a_colleague_out_has_a_name(head):
    member = OrganisationMemberFactory()
    page = head.get(page_of(member.organisation)).content.decode()
    assert 'name="members-0-DELETE" aria-label="Delete"' in page


def test_an_empty_value_of_a_filter_has_a_name(head):
    for bundle in ("read-it-twice", ""):
        ArticleFactory(bundle=bundle)
    page = head.get(list_of(Article)).content.decode()
    assert re.search(r'<a href="\?bundle=">\s*\(none\)</a>', page)


@each_model
def test_a_superuser_opens_an_empty_form_where_rows_are_made_here(head, model):
    request = head.get("/admin/").wsgi_request
    may_add = admin.site._registry[model].has_add_permission(request)
    assert head.get(address(model, "add")).status_code == (200 if may_add else 403)


@each_model
def test_a_search_finds_nothing_without_failing(head, model):
    if admin.site._registry[model].search_fields:
        assert rows_shown(head, model, "?q=ничего+такого") == []


@each_model
def test_staff_without_rights_get_nothing(client, model):
    row = MAKERS[model]()
    client.force_login(StaffFactory())
    addresses = [list_of(model), page_of(row), address(model, "add"), address(model, "delete", row.pk)]
    assert [client.get(url).status_code for url in addresses] == [403] * 4


@each_model
def test_pupils_are_sent_away(client, model):
    client.force_login(UserFactory())
    response = client.get(list_of(model))
    assert (response.status_code, response["Location"]) == (
        302,
        f"/admin/login/?next={list_of(model)}",
    )
