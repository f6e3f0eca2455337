"""What holds for every table in the admin."""

import re
from functools import partial
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
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
    """How many it takes to open a page; None where it does not open."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    return len(captured) if response.status_code == 200 else None


def queries_of_those_that_open(client, pages):
    counts = {page: queries(client, page) for page in pages}
    return {page: count for page, count in counts.items() if count is not None}


@pytest.fixture
def content_types():
    """What is looked up once a process is looked up now, so that no page pays for it."""
    ContentType.objects.get_for_models(*apps.get_models())


def test_every_table_of_our_rooms_is_in_the_admin():
    ours = {
        model
        for room in ("accounts", "articles", "quizzes", "courses")
        for model in apps.get_app_config(room).get_models()
    }
    assert ours - set(admin.site._registry) == set()


def test_every_table_in_the_admin_is_tested_here():
    assert set(admin.site._registry) == set(MAKERS)


@each_model
@pytest.mark.usefixtures("content_types")
def test_pages_take_as_many_queries_for_many_rows_as_for_one(head, model):
    first = MAKERS[model]()
    pages = [list_of(model), page_of(first)]
    if admin.site._registry[model].has_add_permission(head.get("/admin/").wsgi_request):
        pages.append(address(model, "add"))
    one = [queries(head, page) for page in pages]
    rows = [MAKERS[model]() for _row in range(3)]
    assert {first, *rows} <= set(rows_shown(head, model))
    assert [queries(head, page) for page in pages] == one
    assert max(one) <= MOST_QUERIES


@pytest.mark.usefixtures("content_types")
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
    lists = dict.fromkeys(list_of(type(row)) for row in rows)
    one = queries_of_those_that_open(client, ["/admin/", *lists])
    for make in makers:
        make()
    many = {page: queries(client, page) for page in lists if page in one}
    assert {page: (one[page], many[page]) for page in many if one[page] != many[page]} == {}
    # Beside many rows, so that one query for each would show in the page of a row as well.
    of_rows = queries_of_those_that_open(client, map(page_of, rows))
    assert of_rows
    assert {page: count for page, count in {**one, **of_rows}.items() if count > MOST_QUERIES} == {}


@each_model
def test_a_superuser_opens_its_pages_and_everything_on_them_has_a_name(head, model):
    row = MAKERS[model]()
    response = head.get(page_of(row))
    assert response.status_code == 200
    assert response.context["original"] == row
    refuse_nameless(response.content.decode())
    refuse_nameless(head.get(list_of(model)).content.decode())
    may_add = admin.site._registry[model].has_add_permission(response.wsgi_request)
    assert head.get(address(model, "add")).status_code == (200 if may_add else 403)
    if admin.site._registry[model].search_fields:
        assert rows_shown(head, model, "?q=ничего+такого") == []


def refuse_nameless(html):
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
def test_staff_without_rights_get_nothing_and_pupils_are_sent_away(client, model):
    row = MAKERS[model]()
    client.force_login(StaffFactory())
    addresses = [list_of(model), page_of(row), address(model, "add"), address(model, "delete", row.pk)]
    assert [client.get(url).status_code for url in addresses] == [403] * 4
    client.force_login(UserFactory())
    away = [client.get(url) for url in addresses]
    assert [(answer.status_code, answer["Location"]) for answer in away] == [
        (302, f"/admin/login/?next={quote(url)}") for url in addresses
    ]
