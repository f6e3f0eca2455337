"""Programs that bring in the same roster, or browsers that open the same launch, at the same moment."""

import pytest

from accounts.models import CohortMember, ExternalIdentity, User
from accounts.people import RosterRefused, make_person
from accounts.roster.rows import Wanted
from accounts.roster.upserting import upsert
from integrations import clients, launching
from integrations.launching import LaunchOver
from tests.factories.accounts import CohortFactory, OrganisationFactory, PupilFactory, StaffFactory
from tests.factories.courses import EnrolmentFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
ISSUER = "roster"


def bring_in(organisation, rows, told):
    outcomes = upsert(organisation=organisation, rows=rows, note=lambda row, *_said: told.append(row))
    return [outcome.what.value for outcome in outcomes]


def test_one_roster_sent_four_times_at_once_is_brought_in_once(at_once):
    cohort = CohortFactory(external_id="7b")
    rows = [Wanted((ISSUER, f"s-{one}"), "7b", display_name="Heron") for one in range(20)]
    told = []
    outcomes = at_once([lambda: bring_in(cohort.organisation, rows, told) for _program in range(4)])
    assert sorted(outcome[0] for outcome in outcomes) == ["created", "unchanged", "unchanged", "unchanged"]
    assert (CohortMember.objects.count(), ExternalIdentity.objects.count(), len(told)) == (20, 20, 20)


def test_two_schools_that_want_the_same_user_names_both_get_some(at_once):
    cohorts = [CohortFactory(external_id="7b") for _school in range(4)]
    rows = [Wanted((ISSUER, f"s-{one}"), "7b", display_name="Heron") for one in range(5)]
    outcomes = at_once([lambda cohort=cohort: bring_in(cohort.organisation, rows, []) for cohort in cohorts])
    assert outcomes == [["created"] * 5] * 4
    assert User.objects.values("username_key").distinct().count() == User.objects.count() == 20


def test_one_person_made_twice_at_once_is_one(at_once):
    school = OrganisationFactory()
    outcomes = at_once(
        [
            lambda: make_person(organisation=school, ids=[(ISSUER, "s-1")], display_name="Heron").username
            for _program in range(4)
        ]
    )
    assert sorted(getattr(one, "code", one) for one in outcomes) == ["external-id-taken"] * 3 + ["heron"]
    assert all(isinstance(one, (str, RosterRefused)) for one in outcomes)
    assert User.objects.count() == 1


def test_one_launch_opened_by_many_lets_one_in(at_once):
    school = OrganisationFactory()
    pupil = PupilFactory(organisation=school)
    course = EnrolmentFactory(learner=pupil).course
    client, _secret = clients.make_client(
        organisation=school, name="LMS", scopes=["launch"], by=StaffFactory()
    )
    _launch, token = launching.make_launch(client=client, learner=pupil, kind="course", target=course)
    outcomes = at_once([lambda: launching.redeem(token=token).learner_id for _browser in range(6)])
    assert [one for one in outcomes if not isinstance(one, LaunchOver)] == [pupil.pk]
