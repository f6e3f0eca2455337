"""A list into a class: what it would do, and that it does that or nothing."""

import pytest
from django.urls import reverse

from accounts import classes, joining
from accounts.models import CohortMember, ExternalIdentity, User
from accounts.roster import bringing_in, plans
from accounts.roster.bringing_in import Asked, RosterChanged
from accounts.roster.columns import Row
from tests.factories.accounts import CohortFactory, CohortMemberFactory, OrganisationFactory, TeacherFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(organisation=OrganisationFactory(), name="7b")


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


def rows_of(*listed):
    """(id, name, nickname or '') in lines from 2 on."""
    return [Row(line, *(list(row) + [""] * 3)[:3]) for line, row in enumerate(listed, start=2)]


def bring(teacher, cohort, *listed, **asked):
    rows = rows_of(*listed)
    agreed = plans.plan(cohort, rows).fingerprint()
    return bringing_in.bring_in(by=teacher, cohort=cohort, asked=Asked(rows, agreed, **asked))


def faults(cohort, *listed):
    return [(fault.line, fault.message) for fault in plans.plan(cohort, rows_of(*listed)).faults]


def roster(cohort):
    live = CohortMember.objects.filter(cohort=cohort, left_at=None, role="learner").order_by("pk")
    return [(member.real_name, str(member.user)) for member in live]


def test_new_pupils_get_accounts_and_cards_that_sign_in(cohort, teacher):
    done, cards = bring(teacher, cohort, ("007", "Sam Lindqvist"), ("", "Kim Berg", "Blue Heron"))
    assert roster(cohort) == [("Sam Lindqvist", "Sam"), ("Kim Berg", "Blue Heron")]
    assert [(card.name, card.username) for card in cards] == [
        ("Sam Lindqvist (Sam)", "sam"),
        ("Kim Berg (Blue Heron)", "blue-heron"),
    ]
    for card in cards:
        user = User.objects.get(username=card.username)
        assert user.check_password(card.password)
        assert user.consents.count() == 0  # they have not read anything yet
    assert [(one.issuer, one.subject) for one in ExternalIdentity.objects.all()] == [("roster", "007")]
    assert len(done.new) == 2


def test_the_same_list_again_changes_nothing(cohort, teacher):
    listed = [("007", "Sam Lindqvist"), ("", "Kim Berg")]
    bring(teacher, cohort, *listed)
    before = list(User.objects.order_by("pk").values())
    done, cards = bring(teacher, cohort, *listed)
    assert (done.new, done.changed, done.absent, cards) == ([], [], [], [])
    assert len(done.unchanged) == 2
    assert list(User.objects.order_by("pk").values()) == before


def test_an_id_finds_who_has_another_name_now(cohort, teacher):
    bring(teacher, cohort, ("007", "Sam Lindqvist"))
    done, cards = bring(teacher, cohort, ("007", "Sam Berg"))
    assert roster(cohort) == [("Sam Berg", "Sam")]
    assert ([known.shown for known in done.changed], cards) == (["Sam Lindqvist (Sam)"], [])


def test_an_id_brings_a_pupil_of_another_class_and_keeps_the_password(cohort, teacher):
    other = CohortFactory(organisation=cohort.organisation)
    bring(TeacherFactory(cohort=other), other, ("007", "Sam Lindqvist"))
    kept = User.objects.get(username="sam").password
    done, cards = bring(teacher, cohort, ("007", "Sam Lindqvist"))
    assert roster(cohort) == [("Sam Lindqvist", "Sam")]
    assert (len(done.joining), cards, User.objects.get(username="sam").password) == (1, [], kept)


def test_an_id_with_another_name_is_not_believed_about_another_class(cohort, teacher):
    other = CohortFactory(organisation=cohort.organisation)
    bring(TeacherFactory(cohort=other), other, ("007", "Sam Lindqvist"))
    assert faults(cohort, ("007", "Eve")) == [
        (2, "The id 007 belongs to somebody else in this school. Check it.")
    ]


def test_an_id_counts_in_its_own_school_only(cohort, teacher):
    other = CohortFactory()
    bring(TeacherFactory(cohort=other), other, ("007", "Sam Lindqvist"))
    done, cards = bring(teacher, cohort, ("007", "Sam Lindqvist"))
    assert (len(done.new), len(cards)) == (1, 1)


def test_an_equal_name_is_asked_about(cohort, teacher):
    here = CohortMemberFactory(cohort=cohort, real_name="Sam Lindqvist", user__display_name="Heron")
    plan = plans.plan(cohort, rows_of(("007", "sam  lindqvist".title())))
    assert [known.shown for known in plan.asking] == ["Sam Lindqvist (Heron)"] or plan.new
    bring(teacher, cohort, ("007", "Sam Lindqvist"))
    assert ExternalIdentity.objects.get().user == here.user
    assert roster(cohort) == [("Sam Lindqvist", "Heron")]


def test_who_only_shares_the_name_gets_an_account(cohort, teacher):
    CohortMemberFactory(cohort=cohort, real_name="Sam Lindqvist", user__display_name="Sam")
    _done, cards = bring(teacher, cohort, ("007", "Sam Lindqvist"), strangers=frozenset({2}))
    assert roster(cohort) == [("Sam Lindqvist", "Sam"), ("Sam Lindqvist", "Sam L.")]
    assert len(cards) == 1


def test_nicknames_are_told_apart(cohort, teacher):
    CohortMemberFactory(cohort=cohort, real_name="Sam Other", user__display_name="SAM")
    bring(teacher, cohort, ("1", "Sam Berg"), ("2", "Sam Brook"), ("3", "Sam"), ("4", "Kim", "Sam B."))
    assert [nickname for _name, nickname in roster(cohort)] == ["SAM", "Sam 2", "Sam 3", "Sam 4", "Sam B."]


def test_nobody_leaves_unless_ticked(cohort, teacher):
    stays, leaves = (CohortMemberFactory(cohort=cohort, real_name=name) for name in ("Jo", "Lee"))
    done, _cards = bring(teacher, cohort, ("", "Sam"), leaving=frozenset({str(leaves.user.uuid)}))
    assert [member.pk for member in done.absent] == [stays.pk, leaves.pk]
    assert [name for name, _nickname in roster(cohort)] == ["Jo", "Sam"]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([("1", "")], [(2, "There is no name.")]),
        ([("1", "Sam"), ("1", "Kim")], [(2, "The id 1 stands"), (3, "The id 1 stands")]),
        ([("", "Sam"), ("", "SAM")], [(2, "Two pupils in this list"), (3, "Two pupils in this list")]),
        ([("1", "=A1&B1")], [(2, "This begins like a formula.")]),
        ([("=A1", "Sam")], [(2, "This begins like a formula.")]),
        ([("1", "x" * 201)], [(2, "A name has at most")]),
        ([("x" * 256, "Sam")], [(2, "This id is too long")]),
        ([("1", "Sam\u202e")], [(2, "There is a character in this name")]),
        ([("1", "Sam", "a@b.example")], [(2, "This looks like an e-mail")]),
        ([("1", "Sam", "Taken")], [(2, "Somebody in this class is Taken already.")]),
        ([("1", "Sam", "Heron"), ("2", "Kim", "heron")], [(3, "Somebody in this class is heron already.")]),
    ],
)
def test_faults_say_the_line_and_nothing_is_done(cohort, teacher, listed, expected):
    CohortMemberFactory(cohort=cohort, real_name="Jo", user__display_name="Taken")
    found = faults(cohort, *listed)
    assert [line for line, _message in found] == [line for line, _message in expected]
    assert all(message.startswith(said) for (_line, message), (_, said) in zip(found, expected, strict=True))
    before = roster(cohort)
    with pytest.raises(RosterChanged):
        bring(teacher, cohort, *listed, ("99", "Somebody Fine"))
    assert roster(cohort) == before


def test_what_was_agreed_to_is_done_or_nothing(cohort, teacher):
    rows = rows_of(("1", "Sam"))
    agreed = plans.plan(cohort, rows).fingerprint()
    CohortMemberFactory(cohort=cohort)  # somebody came in with the code meanwhile
    with pytest.raises(RosterChanged):
        bringing_in.bring_in(by=teacher, cohort=cohort, asked=Asked(rows, agreed))
    assert len(roster(cohort)) == 1


def test_a_failure_in_the_middle_leaves_nothing(cohort, teacher, monkeypatch):
    made = []

    def breaks(*args):
        made.append(args)
        if len(made) == 2:
            raise RuntimeError

    monkeypatch.setattr(bringing_in, "_name", breaks)
    with pytest.raises(RuntimeError):
        bring(teacher, cohort, ("1", "Sam"), ("2", "Kim"))
    assert roster(cohort) == []


def test_a_plan_asks_as_much_for_many_as_for_few(cohort, teacher):
    bring(teacher, cohort, ("1", "Sam"), ("2", "Kim"))
    few = len(asked_by(plans.plan, cohort=cohort, rows=rows_of(("1", "Sam"), ("9", "New"))))
    many = [(str(number), f"Pupil {number}") for number in range(3, 200)]
    assert (
        len(asked_by(plans.plan, cohort=cohort, rows=rows_of(("1", "Sam"), ("2", "Kim"), *many))) == few == 5
    )


@pytest.mark.parametrize("row", [("", "Kim Berg"), ("7", "Kim Berg"), ("", "Berg Olsen", "kim"), ("", "Kim")])
def test_who_came_by_code_is_found_by_the_nickname_and_gets_the_name(cohort, teacher, row):
    kim = CohortMemberFactory(cohort=cohort, user__display_name="Kim")
    done, cards = bring(teacher, cohort, row)
    assert ([one.user for one in done.asking], cards) == ([kim.user], [])
    assert roster(cohort) == [(row[1], "Kim")]
    assert ExternalIdentity.objects.filter(user=kim.user).count() == bool(row[0])


def test_who_only_has_the_nickname_can_be_somebody_else(cohort, teacher):
    CohortMemberFactory(cohort=cohort, user__display_name="Kim")
    _done, cards = bring(teacher, cohort, ("", "Kim Berg"), strangers=frozenset({2}))
    assert len(cards) == 1
    assert roster(cohort) == [("", "Kim"), ("Kim Berg", "Kim B.")]


def test_two_lines_that_fit_one_nickname_are_no_fault(cohort):
    CohortMemberFactory(cohort=cohort, user__display_name="Kim")
    made = plans.plan(cohort, rows_of(("", "Kim Berg"), ("", "Kim Olsen")))
    assert (made.faults, len(made.asking), [one.row.name for one in made.new]) == ([], 1, ["Kim Olsen"])


@pytest.mark.parametrize("row", [("", "Ada B"), ("9", "Ada B")])
def test_who_left_comes_back_from_the_list_with_their_account(cohort, teacher, row):
    ada = CohortMemberFactory(cohort=cohort, real_name="Ada B", user__display_name="Ada")
    classes.remove_member(by=teacher, member=ada)
    done, cards = bring(teacher, cohort, row)
    assert ([one.user for one in done.joining], cards) == ([ada.user], [])
    assert roster(cohort) == [("Ada B", "Ada")]
    assert ExternalIdentity.objects.filter(user=ada.user).count() == bool(row[0])


def test_who_comes_back_by_code_keeps_the_real_name(cohort, teacher):
    ada = CohortMemberFactory(cohort=cohort, real_name="Ada B", user__display_name="Ada")
    classes.remove_member(by=teacher, member=ada)
    joining.join_as(user=ada.user, code=joining.new_code(cohort=cohort).code)
    assert roster(cohort) == [("Ada B", "Ada")]


def test_a_teacher_sets_the_id_by_which_a_list_finds_two_of_one_name(client, cohort, teacher):
    sams = [CohortMemberFactory(cohort=cohort, real_name="Sam Lind") for _place in range(2)]
    assert faults(cohort, ("1", "Sam Lind"), ("2", "Sam Lind"))
    client.force_login(teacher)
    for place, sam in enumerate(sams, start=1):
        page = reverse("accounts:person", args=[cohort.uuid, sam.user.uuid])
        typed = {
            "do": "names",
            "real_name": "Sam Lind",
            "nickname": str(sam.user),
            "student_id": f" {place} ",
        }
        assert client.post(page, typed).status_code == 302
        assert client.get(page).context["form"].initial["student_id"] == str(place)
    taken = client.post(page, {**typed, "real_name": "Changed", "student_id": "1"})
    assert taken.status_code == 422
    assert list(taken.context["form"].errors) == ["student_id"]
    assert CohortMember.objects.filter(real_name="Changed").count() == 0
    made = plans.plan(cohort, rows_of(("1", "Sam Lind"), ("2", "Sam Lind")))
    assert (made.faults, [one.user for one in made.known]) == ([], [sam.user for sam in sams])
    client.post(page, {**typed, "student_id": ""})
    assert ExternalIdentity.objects.values_list("subject", flat=True).get() == "1"
