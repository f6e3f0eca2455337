import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import authority, cards, classes, joining
from accounts.models import CohortMember
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationMemberFactory,
    StaffFactory,
    TeacherFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(name="7b")


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


def new_passwords(teacher, cohort, *pupils):
    return cards.new_passwords(by=teacher, cohort=cohort, pupils=pupils)


@pytest.mark.pure
def test_a_password_is_worth_forty_bits_and_each_word_stands_once():
    assert cards.bits() >= 40
    assert len(set(cards.words())) == len(cards.words())
    assert {len(word) for word in cards.words()} == {3, 4, 5, 6, 7}
    assert all(re.fullmatch("[a-z]+", word) for word in cards.words())
    made = {cards.new_password() for _time in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+-[1-9][0-9]{2}", password) for password in made)


def test_a_card_signs_in_and_ends_what_was_open(cohort, teacher):
    pupil = CohortMemberFactory(cohort=cohort, real_name="Sam", user__display_name="Blue Heron").user
    open_still = Client()
    open_still.force_login(pupil)
    (card,) = new_passwords(teacher, cohort, pupil)
    assert (card.name, card.username) == ("Sam (Blue Heron)", pupil.username)
    pupil.refresh_from_db()
    assert pupil.check_password(card.password)
    assert open_still.get("/lessons/").status_code == 302
    note = LogEntry.objects.get()
    assert (note.user, card.password in note.change_message) == (teacher, False)


def test_nobody_gets_a_card_whose_account_the_teacher_may_not_change(cohort, teacher):
    elsewhere = CohortMemberFactory().user
    colleague = CohortMemberFactory(cohort=cohort).user
    OrganisationMemberFactory(user=colleague)
    staff = CohortMemberFactory(cohort=cohort, user=StaffFactory()).user
    assistant = CohortMemberFactory(cohort=cohort, assistant=True).user
    teaches_too = CohortMemberFactory(cohort=cohort).user
    CohortMemberFactory(user=teaches_too, teacher=True)
    gone = CohortMemberFactory(cohort=cohort).user
    CohortMember.objects.filter(user=gone).update(left_at="2100-01-01T00:00Z")
    root = CohortMemberFactory(cohort=cohort, user=UserFactory(is_superuser=True)).user
    everybody = (elsewhere, colleague, staff, assistant, teaches_too, gone, root, teacher)
    assert new_passwords(teacher, cohort, *everybody) == []
    assert not LogEntry.objects.exists()


def test_the_page_shows_passwords_once_and_is_kept_nowhere(client, cohort, teacher):
    pupils = [CohortMemberFactory(cohort=cohort).user for _pupil in range(3)]
    client.force_login(teacher)
    url = f"/classes/{cohort.uuid}/people/cards/"
    shown = client.post(url, {"pupil": [str(pupil.uuid) for pupil in pupils[:2]]})
    assert "no-store" in shown["Cache-Control"]
    passwords = [card.password for card in shown.context["cards"]]
    assert all(password in shown.content.decode() for password in passwords)
    again = client.get(url).content.decode()
    assert not any(password in again for password in passwords)
    pupils[2].refresh_from_db()
    assert pupils[2].check_password("correct horse battery")


def test_as_many_questions_for_the_choice_of_many_as_of_one(
    client, cohort, teacher, django_assert_num_queries
):
    client.force_login(teacher)
    url = f"/classes/{cohort.uuid}/people/cards/"
    CohortMemberFactory(cohort=cohort)
    client.get(url)
    for more in (0, 20):
        CohortMemberFactory.create_batch(more, cohort=cohort)
        with django_assert_num_queries(5):
            client.get(url)


def test_nobody_gets_a_card_in_a_class_that_is_over(cohort, teacher):
    pupil = CohortMemberFactory(cohort=cohort).user
    assert authority.may_change_person(teacher, pupil)
    classes.set_archived(by=teacher, cohort=cohort, archived=True)
    cohort.refresh_from_db()
    assert new_passwords(teacher, cohort, pupil) == []
    assert not authority.may_change_person(teacher, pupil)


def test_a_code_hands_no_account_to_another_school(cohort, teacher):
    """The school where they sat first looks after it, until they have no open class there any more."""
    first = CohortMemberFactory()
    pupil = first.user
    joining.join_as(user=pupil, code=joining.new_code(cohort=cohort).code)
    second = CohortMemberFactory(user=pupil, cohort__organisation=first.cohort.organisation).cohort
    assert new_passwords(teacher, cohort, pupil) == []
    assert not authority.may_change_person(teacher, pupil)
    for own in (first.cohort, second):
        assert len(new_passwords(TeacherFactory(cohort=own), own, pupil)) == 1
    CohortMember.objects.filter(user=pupil).exclude(cohort=cohort).update(left_at="2100-01-01T00:00Z")
    assert len(new_passwords(teacher, cohort, pupil)) == 1
    assert authority.may_change_person(teacher, pupil)


def test_pupils_are_locked_in_the_order_in_which_everybody_locks_them(cohort, teacher):
    pupils = [CohortMemberFactory(cohort=cohort, user__username=f"p{9 - place}").user for place in range(3)]
    with CaptureQueriesContext(connection) as asked:
        new_passwords(teacher, cohort, *pupils)
    reads = [one["sql"] for one in asked if one["sql"].startswith("SELECT") and "EXISTS" in one["sql"]]
    assert len(reads) == 2  # to make the hashes; to lock
    assert 'ORDER BY "accounts_user"."id" ASC' in reads[1]
