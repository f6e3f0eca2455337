"""Two teachers at the same moment, on either database."""

import pytest

from accounts import classes
from accounts.classes import ClassRefused
from accounts.joining import JoinRefused, join
from accounts.models import CohortMember, ExternalIdentity, User
from accounts.roster import plans
from accounts.roster.bringing_in import Asked, RosterChanged, bring_in
from accounts.roster.columns import Row
from tests.factories.accounts import (
    PASSWORD,
    CohortFactory,
    CohortMemberFactory,
    JoinCodeFactory,
    OrganisationFactory,
    TeacherFactory,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def test_two_teachers_cannot_each_remove_the_other(at_once):
    cohort = CohortFactory()
    members = [CohortMemberFactory(cohort=cohort, teacher=True) for _teacher in range(2)]
    outcomes = at_once([
        lambda member=member: classes.remove_member(by=member.user, member=member) for member in members
    ])  # fmt: skip
    assert [type(outcome) for outcome in sorted(outcomes, key=str)].count(ClassRefused) == 1
    assert CohortMember.objects.filter(cohort=cohort, left_at=None).count() == 1


def test_one_list_brought_in_twice_at_once_is_once(at_once):
    cohort = CohortFactory()
    teacher = TeacherFactory(cohort=cohort)
    rows = [Row(line, str(line), f"Pupil {line}", "") for line in range(2, 8)]
    asked = Asked(rows, plans.plan(cohort, rows).fingerprint())
    outcomes = at_once([lambda: bring_in(by=teacher, cohort=cohort, asked=asked) for _try in range(3)])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "RosterChanged",
        "RosterChanged",
        "tuple",
    ]
    assert CohortMember.objects.filter(cohort=cohort, role="learner").count() == 6


def test_one_id_in_two_classes_at_once_is_one_person(at_once):
    school = OrganisationFactory()
    cohorts = [CohortFactory(organisation=school) for _class in range(2)]
    teacher = TeacherFactory(cohort=cohorts[0])
    rows = [Row(2, "007", "Sam Lindqvist", "")]
    asked = Asked(rows, plans.plan(cohorts[0], rows).fingerprint())
    outcomes = at_once([
        lambda cohort=cohort: bring_in(by=teacher, cohort=cohort, asked=asked) for cohort in cohorts
    ])  # fmt: skip
    assert sum(isinstance(outcome, RosterChanged) for outcome in outcomes) == 1
    assert (ExternalIdentity.objects.count(), User.objects.exclude(pk=teacher.pk).count()) == (1, 1)


def test_a_list_and_a_code_give_one_nickname_to_one(at_once):
    cohort = CohortFactory()
    teacher, code = TeacherFactory(cohort=cohort), JoinCodeFactory(cohort=cohort)
    rows = [Row(2, "", "Sam Lindqvist", "Heron")]
    asked = Asked(rows, plans.plan(cohort, rows).fingerprint())
    outcomes = at_once([
        lambda: bring_in(by=teacher, cohort=cohort, asked=asked),
        lambda: join(code=code.code, nickname="Heron", password=PASSWORD),
    ])  # fmt: skip
    assert sum(isinstance(outcome, (RosterChanged, JoinRefused)) for outcome in outcomes) == 1
    assert CohortMember.objects.filter(cohort=cohort, role="learner").count() == 1
