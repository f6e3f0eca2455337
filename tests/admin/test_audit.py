"""Who changed what: everybody sees the notes on what they look after."""

import re

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts import roles
from articles.models import ArticleRevision, Orphan
from quizzes.models import QuestionOrphan
from tests.admin.pages import act, address, page_of, rows_shown
from tests.admin.rows import question_orphan
from tests.admin.staff import site_admin, with_role
from tests.factories.accounts import (
    CohortFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    StaffFactory,
)
from tests.factories.articles import AnnotationFactory, ArticleFactory, ArticleRevisionFactory, OrphanFactory
from tests.factories.quizzes import AccommodationFactory, AssignmentFactory

pytestmark = pytest.mark.django_db


def note(row, by, message="Changed.", flag=CHANGE):
    kind = ContentType.objects.get_for_model(row)
    return LogEntry.objects.create(
        user=by,
        content_type=kind,
        object_id=row.pk,
        object_repr=str(row),
        action_flag=flag,
        change_message=message,
    )


def shown(client, query=""):
    return set(rows_shown(client, LogEntry, query))


def test_site_admins_see_all_of_their_organisation_and_authors_its_content(client):
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    head, stranger = site_admin(ours), site_admin(theirs)
    author = with_role(StaffFactory(), roles.AUTHOR)
    OrganisationMemberFactory(user=author, organisation=ours)
    content = note(ArticleFactory(organisation=ours), head)
    people = note(CohortFactory(organisation=ours), head)
    gone = note(ArticleRevisionFactory(article__organisation=ours), author, flag=DELETION)
    ArticleRevision.objects.get(pk=gone.object_id).delete()
    elsewhere = {note(ArticleFactory(organisation=theirs), stranger), note(CohortFactory(), stranger)}
    elsewhere |= {note(ArticleFactory(), stranger)}
    for user, seen in ((head, {content, people, gone}), (author, {content, gone})):
        client.force_login(user)
        assert shown(client) == seen
        assert [client.get(page_of(one)).status_code for one in elsewhere] == [404] * 3
    client.force_login(with_role(StaffFactory(), roles.TEACHER))
    assert client.get(address(LogEntry, "changelist")).status_code == 403


def test_what_an_action_does_is_noted_and_leads_to_the_row(client):
    reviewer = with_role(StaffFactory(display_name="Bea"), roles.REVIEWER)
    ours = OrganisationMemberFactory(user=reviewer).organisation
    client.force_login(reviewer)
    draft = ArticleRevisionFactory(article__organisation=ours)
    act(client, "publish", draft)
    page = client.get(address(LogEntry, "changelist")).content.decode()
    assert "Who changed what" in page
    assert f'href="{page_of(draft)}"' in page
    assert {"Published.", "Bea"} <= set(page.replace("<", ">").split(">"))


def test_what_became_of_orphans_and_of_moved_annotations_is_seen_by_reviewers_and_site_admins(client):
    ours = OrganisationFactory()
    reviewer, head = with_role(StaffFactory(), roles.REVIEWER), site_admin(ours)
    OrganisationMemberFactory(user=reviewer, organisation=ours)
    draft = ArticleRevisionFactory(text="The council met.", article__organisation=ours)
    moved = AnnotationFactory(set__revision=draft, start=0, end=11, exact="The council", to_confirm=True)
    placed, left = (OrphanFactory(revision=draft, exact="met", ref=ref) for ref in ("one", "two"))
    asked = question_orphan(organisation=ours)
    client.force_login(reviewer)
    page = client.get(page_of(draft)).content.decode()
    (seen,) = re.findall(r'/confirm/">.*?name="seen" value="([^"]*)"', page, re.DOTALL)
    client.post(address(ArticleRevision, "confirm", draft.pk), {"seen": seen, "annotation": moved.pk})
    client.post(address(Orphan, "place", placed.pk), {"words": "met"})
    client.post(address(Orphan, "leave-out", left.pk), {"note": "Not any more."})
    client.post(address(QuestionOrphan, "settle", asked.pk))
    told = {
        ("revision of an article", "Confirmed: “The council”."),
        ("annotation without a place", "Placed."),
        ("annotation without a place", "Left out."),
        ("question that could not follow its article", "Done."),
    }
    for user in (reviewer, head):
        client.force_login(user)
        assert {(one.content_type.name, one.get_change_message()) for one in shown(client)} == told
    client.force_login(site_admin(OrganisationFactory()))
    assert shown(client) == set()


def test_what_is_done_to_the_work_of_a_class_is_seen_by_site_admins_alone(client):
    ours = OrganisationFactory()
    head, author = site_admin(ours), with_role(StaffFactory(), roles.AUTHOR)
    OrganisationMemberFactory(user=author, organisation=ours)
    cohort = CohortFactory(organisation=ours)
    notes = {note(AssignmentFactory(cohort=cohort), head), note(AccommodationFactory(cohort=cohort), head)}
    for user, seen in ((head, notes), (author, set())):
        client.force_login(user)
        assert shown(client) == seen


def test_notes_are_filtered_by_person_kind_action_day_and_words(head):
    one, two = StaffFactory(), StaffFactory()
    article, cohort = ArticleFactory(), CohortFactory()
    first, second = note(article, one, "Published."), note(cohort, two, flag=DELETION)
    kind = ContentType.objects.get_for_model(article).pk
    for query, seen in [
        (f"?user__id__exact={one.pk}", {first}),
        (f"?kind={kind}", {first}),
        ("?kind=²", {first, second}),
        ("?did=deleted", {second}),
        ("?q=published", {first}),
        (f"?action_time__year={first.action_time.year}", {first, second}),
        ("?action_time__year=1999", set()),
    ]:
        assert shown(head, query) == seen, query
