from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.naming import names_in, with_real_name
from tests.factories.accounts import CohortFactory, CohortMemberFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("real_name", "nickname", "shown"),
    [
        ("Sam Lindqvist", "Blue Heron", "Sam Lindqvist (Blue Heron)"),
        ("", "Blue Heron", "Blue Heron"),
        ("Sam", "Sam", "Sam"),
    ],
)
def test_real_name_comes_before_the_nickname(real_name, nickname, shown):
    assert with_real_name(real_name, nickname) == shown


def test_names_are_those_of_who_learns_or_learnt_there(django_assert_num_queries):
    cohort = CohortFactory()
    sam, kim = UserFactory(display_name="Blue Heron"), UserFactory(display_name="Kim")
    now = timezone.now()
    CohortMemberFactory(
        cohort=cohort, user=sam, real_name="Sam Lindqvist", left_at=now + timedelta(seconds=1)
    )
    CohortMemberFactory(cohort=cohort, user=sam, joined_at=now + timedelta(days=1))
    CohortMemberFactory(cohort=cohort, user=kim, left_at=now + timedelta(days=1))
    CohortMemberFactory(cohort=cohort, teacher=True)
    CohortMemberFactory(user=kim, real_name="of another class")
    with django_assert_num_queries(1):
        assert names_in(cohort) == {sam.pk: "Sam Lindqvist (Blue Heron)", kim.pk: "Kim"}
