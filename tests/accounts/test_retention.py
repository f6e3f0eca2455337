from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts import retention
from accounts.models import CohortMember, User
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LEFT = datetime(2024, 8, 31, 12, tzinfo=UTC)
DAY_BEFORE, DAY = datetime(2025, 2, 28, 11, tzinfo=UTC), datetime(2025, 2, 28, 12, tzinfo=UTC)


def cohort(months=6):
    return CohortFactory(organisation=OrganisationFactory(retention_months=months))


def left(cohort, user=None, at=LEFT, **kwargs):
    member = CohortMemberFactory(
        cohort=cohort,
        user=user or UserFactory(),
        joined_at=datetime(2024, 1, 1, tzinfo=UTC),
        left_at=at,
        **kwargs,
    )
    return member.user


def test_months_end_where_the_month_does():
    assert retention.months_after(LEFT, 6) == DAY
    assert retention.months_after(datetime(2024, 12, 31, tzinfo=UTC), 2) == datetime(2025, 2, 28, tzinfo=UTC)
    assert retention.months_after(datetime(2023, 2, 28, tzinfo=UTC), 12) == datetime(2024, 2, 28, tzinfo=UTC)


def test_a_pupil_is_due_so_long_after_the_last_place():
    pupil = left(cohort())
    assert retention.due(DAY_BEFORE) == []
    assert retention.due(DAY) == [pupil]


def test_nobody_is_due_where_it_is_off():
    left(cohort(None))
    assert retention.due(DAY) == []


def test_the_last_place_counts_and_every_school_has_to_agree():
    twice = left(cohort())
    left(cohort(), twice, at=datetime(2024, 12, 1, tzinfo=UTC))
    two_schools = left(cohort())
    keeps = cohort(None)
    left(keeps, two_schools)
    left(keeps, other_way_round := UserFactory())
    left(cohort(), other_way_round)
    still_here = left(cohort())
    CohortMemberFactory(user=still_here)
    never_anywhere = UserFactory()
    assert retention.due(DAY) == []
    assert retention.due(datetime(2025, 7, 1, tzinfo=UTC)) == [twice]
    assert never_anywhere.erased_at is None


def test_staff_are_never_due():
    place = cohort()
    left(place, role=CohortMember.Role.TEACHER)
    left(place, role=CohortMember.Role.ASSISTANT)
    left(place, StaffFactory())
    left(place, UserFactory(is_superuser=True))
    colleague = left(place)
    OrganisationMemberFactory(user=colleague)
    assert retention.due(DAY) == []


def test_the_command_says_and_does_it(capsys):
    pupil = left(cohort())
    call_command("erase_old", "--dry-run")
    assert User.objects.get(pk=pupil.pk).erased_at is None
    call_command("erase_old")
    call_command("erase_old")
    assert capsys.readouterr().out.splitlines() == ["1 would be erased.", "1 erased.", "0 erased."]
    assert User.objects.get(pk=pupil.pk).erased_at is not None


def test_as_many_questions_for_many_as_for_few(django_assert_num_queries):
    for more in (1, 20):
        place = cohort()
        for _pupil in range(more):
            left(place)
        with django_assert_num_queries(3):
            retention.due(DAY)


def test_the_command_erases_one_person_whose_name_is_typed_twice(capsys):
    pupil = UserFactory(username="sam")
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("erase_person", "kim", "--sure", "kim")
    with pytest.raises(CommandError, match="another name"):
        call_command("erase_person", "sam", "--sure", "Sammy")
    call_command("erase_person", "SAM", "--sure", "sam")
    assert User.objects.get(pk=pupil.pk).erased_at is not None
    UserFactory(username="root", is_superuser=True)
    with pytest.raises(CommandError, match="superuser"):
        call_command("erase_person", "root", "--sure", "root")
