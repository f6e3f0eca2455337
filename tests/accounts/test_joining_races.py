"""What holds when a class presses the button at the same moment, on either database."""

import pytest

from accounts.joining import JoinRefused, join, join_as
from accounts.models import CohortMember, User
from tests.factories.accounts import PASSWORD, CohortFactory, JoinCodeFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def reasons(outcomes):
    return sorted(
        outcome.reason if isinstance(outcome, JoinRefused) else repr(outcome) for outcome in outcomes
    )


def test_thirty_with_a_code_for_twenty_are_twenty(at_once):
    code = JoinCodeFactory(max_uses=20)
    outcomes = at_once([
        lambda place=place: join(code=code.code, nickname=f"Reader {place}", password=PASSWORD).username
        for place in range(30)
    ])  # fmt: skip
    assert reasons([outcome for outcome in outcomes if not isinstance(outcome, str)]) == ["used-up"] * 10
    code.refresh_from_db()
    assert (code.uses, CohortMember.objects.count(), User.objects.count()) == (20, 20, 20)


def test_one_nickname_goes_to_one_though_the_class_has_two_codes(at_once):
    cohort = CohortFactory()
    codes = [JoinCodeFactory(cohort=cohort).code for _code in range(2)]
    outcomes = at_once([
        lambda place=place: join(code=codes[place % 2], nickname="Blue Heron", password=PASSWORD).username
        for place in range(8)
    ])  # fmt: skip
    assert reasons([outcome for outcome in outcomes if outcome != "blue-heron"]) == ["nickname-taken"] * 7
    assert CohortMember.objects.count() == 1


def test_one_nickname_in_two_classes_makes_two_user_names(at_once):
    codes = [JoinCodeFactory().code for _code in range(8)]
    outcomes = at_once([
        lambda code=code: join(code=code, nickname="Blue Heron", password=PASSWORD).username for code in codes
    ])  # fmt: skip
    assert len({name for name in outcomes if str(name).startswith("blue-heron")}) == 8


def test_who_joins_twice_at_once_has_one_place(at_once):
    cohort = CohortFactory()
    codes = [JoinCodeFactory(cohort=cohort) for _code in range(2)]
    user = UserFactory()
    outcomes = at_once(
        [lambda place=place: join_as(user=user, code=codes[place % 2].code) for place in range(8)]
    )
    assert [outcome.cohort for outcome in outcomes] == [cohort] * 8
    for code in codes:
        code.refresh_from_db()
    assert (CohortMember.objects.count(), sum(code.uses for code in codes)) == (1, 1)
