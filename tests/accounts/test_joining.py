from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from accounts import joining
from accounts.joining import JoinRefused, join, join_as
from accounts.models import CohortMember, JoinCode, User
from accounts.signals import cohort_member_changed
from tests.factories.accounts import (
    PASSWORD,
    CohortFactory,
    CohortMemberFactory,
    JoinCodeFactory,
    TeacherFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAST, FUTURE = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)


@pytest.fixture
def told():
    members = []

    def receiver(sender, member, **_):
        members.append((sender, member))

    cohort_member_changed.connect(receiver)
    yield members
    cohort_member_changed.disconnect(receiver)


def refusal(**kwargs):
    """What `join` with these arguments is refused for; nothing is written then."""
    before = User.objects.count(), CohortMember.objects.count(), list(JoinCode.objects.values_list("uses"))
    with pytest.raises(JoinRefused) as refused:
        join(**{"nickname": "Blue Heron", "password": PASSWORD, **kwargs})
    assert before == (
        User.objects.count(),
        CohortMember.objects.count(),
        list(JoinCode.objects.values_list("uses")),
    )
    return refused.value


def test_join_makes_an_account_and_a_place(told):
    code = JoinCodeFactory()
    joined = join(code=code.code, nickname=" Blue  Heron ", password=PASSWORD)
    user = User.objects.get()
    member = CohortMember.objects.get()
    assert joined == joining.Joined(user=user, cohort=code.cohort, username="blue-heron", code=code.code)
    assert (user.display_name, user.username, user.email, user.timezone, user.language, user.kind) == (
        "Blue Heron", "blue-heron", "", "", "", "person",
    )  # fmt: skip
    assert check_password(PASSWORD, user.password)
    assert (member.cohort, member.user, member.role, member.left_at) == (code.cohort, user, "learner", None)
    assert told == [(CohortMember, member)]
    code.refresh_from_db()
    assert code.uses == 1


def test_join_is_undone_when_a_receiver_fails():
    def receiver(**_):
        raise RuntimeError("no lessons")

    code = JoinCodeFactory()
    cohort_member_changed.connect(receiver)
    try:
        with pytest.raises(RuntimeError, match="no lessons"):
            join(code=code.code, nickname="Blue Heron", password=PASSWORD)
    finally:
        cohort_member_changed.disconnect(receiver)
    code.refresh_from_db()
    assert (User.objects.count(), CohortMember.objects.count(), code.uses) == (0, 0, 0)


@pytest.mark.parametrize(("language", "kept"), [("de", "de"), ("xx", ""), ("", "")])
def test_join_keeps_a_language_of_the_site(settings, language, kept):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    joined = join(code=JoinCodeFactory().code, nickname="Anna", password=PASSWORD, language=language)
    assert joined.user.language == kept


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("KPT4M7", "kpt 4m7"),
        ("KPT4M7", " K-P-T–4_M.7\t"),
        ("KPT4M7", "\uff2bPT4M7"),
        ("KPT4M7", "КРТ4М7"),  # Cyrillic
        ("LLDDSS", "1I0O5s"),
        ("ZB6VDL", "28GUQi"),
        ("DEMO2026", "demo 2026"),  # made by hand, of letters that are otherwise not used
        ("DEMO2026", "DEMO2026"),
    ],
)
def test_join_understands_a_code_as_it_is_typed(code, typed):
    JoinCodeFactory()
    cohort = JoinCodeFactory(code=code).cohort
    assert join(code=typed, nickname="Anna", password=PASSWORD).cohort == cohort


def test_join_prefers_the_code_as_it_stands_to_the_one_it_looks_like():
    JoinCodeFactory(code="LLLLLL")
    exact = JoinCodeFactory(code="1LLLLL")
    assert join(code="1lllll", nickname="Anna", password=PASSWORD).cohort == exact.cohort


@pytest.mark.parametrize("typed", ["", " ", "--", "XXXXXX", "KPT4M", "\0", "\ud800", "é" * 6, "K" * 100_000])
def test_join_refuses_an_unknown_code(typed):
    JoinCodeFactory(code="KPT4M7")
    refused = refusal(code=typed)
    assert (refused.field, refused.reason) == ("code", "unknown")
    assert "Look at the board" in str(refused)


@pytest.mark.parametrize(
    ("reason", "fields", "cohort", "mend"),
    [
        ("revoked", {"revoked_at": PAST}, {}, "withdrawn"),
        ("expired", {"expires_at": PAST}, {}, "too old"),
        ("used-up", {"max_uses": 2, "uses": 2}, {}, "as often as it may be"),
        ("archived", {}, {"archived_at": PAST}, "This class is over"),
    ],
)
def test_join_refuses_a_code_that_lets_nobody_in(reason, fields, cohort, mend):
    code = JoinCodeFactory(cohort=CohortFactory(**cohort), **fields)
    refused = refusal(code=code.code)
    assert (refused.field, refused.reason) == ("code", reason)
    assert mend in str(refused)
    assert "Ask your teacher" in str(refused)


def test_join_takes_a_code_that_ends_later_and_has_one_use_left():
    code = JoinCodeFactory(expires_at=FUTURE, max_uses=2, uses=1)
    join(code=code.code, nickname="Anna", password=PASSWORD)
    assert refusal(code=code.code, nickname="Vera").reason == "used-up"


@pytest.mark.parametrize("nickname", ["", "  ", "a" * 41, "a@b.example", "An\0na", "\ud800", "x" * 1_000_000])
def test_join_refuses_a_nickname_that_no_class_can_have(nickname):
    refused = refusal(code=JoinCodeFactory().code, nickname=nickname)
    assert (refused.field, refused.reason) == ("nickname", "nickname")


def test_join_refuses_a_nickname_that_the_class_has():
    code = JoinCodeFactory()
    join(code=code.code, nickname="Анна", password=PASSWORD)
    refused = refusal(code=code.code, nickname="АННА")
    assert (refused.field, refused.reason) == ("nickname", "nickname-taken")
    assert str(refused) == "Somebody in this class is АННА already. Try another."


def test_join_refuses_the_teachers_name_too():
    code = JoinCodeFactory()
    TeacherFactory(cohort=code.cohort, display_name="Ms Lind")
    assert refusal(code=code.code, nickname="ms lind").reason == "nickname-taken"


def test_join_gives_a_nickname_of_another_class_or_of_one_who_left():
    code = JoinCodeFactory()
    CohortMemberFactory(user__display_name="Blue Heron")
    CohortMemberFactory(cohort=code.cohort, user__display_name="Blue Heron", left_at=FUTURE)
    assert join(code=code.code, nickname="Blue Heron", password=PASSWORD).user.display_name == "Blue Heron"


def test_join_adds_a_number_to_a_user_name_that_is_taken():
    UserFactory(username="Blue-Heron")
    joined = join(code=JoinCodeFactory().code, nickname="blue heron", password=PASSWORD)
    assert joined.username.rpartition("-")[0] == "blue-heron"
    assert joined.username.rpartition("-")[2].isdecimal()


def test_join_goes_on_when_a_user_name_is_taken_at_the_last_moment(monkeypatch):
    """Somebody in another class took it after we looked: the database refuses, and the next is tried."""
    UserFactory(username="blue-heron")
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda _self: False)
    monkeypatch.setattr("accounts.nicknames.secrets.randbelow", lambda _below: 17)
    joined = join(code=JoinCodeFactory().code, nickname="Blue Heron", password=PASSWORD)
    assert joined.username == "blue-heron-27"


@pytest.mark.parametrize(
    ("password", "mend"),
    [
        pytest.param("short", "at least 10 characters", id="short"),
        pytest.param("1234567890", "entirely numeric", id="numeric"),
        pytest.param("qwertyuiop", "too common", id="common"),
        pytest.param("blue heron 1", "too similar", id="like the nickname"),
        pytest.param("x" * 1_001, "too long", id="too long"),
        pytest.param("correct\0horse", "cannot be seen", id="NUL"),
        pytest.param("correct\ud800horse", "cannot be seen", id="lone surrogate"),
    ],
)
def test_join_refuses_a_weak_password(password, mend):
    refused = refusal(code=JoinCodeFactory().code, password=password)
    assert (refused.field, refused.reason) == ("password", "password")
    assert mend in str(refused)


def test_join_refused_has_every_fault_of_a_password():
    assert len(refusal(code=JoinCodeFactory().code, password="1234").messages) == 3


def test_join_as_gives_a_place_in_one_more_class(told):
    user = UserFactory()
    code = JoinCodeFactory(max_uses=1)
    assert join_as(user=user, code=code.code.lower()) == joining.Joined(
        user, code.cohort, user.username, code.code
    )
    member = CohortMember.objects.get()
    assert (member.user, member.cohort, member.role) == (user, code.cohort, "learner")
    assert told == [(CohortMember, member)]
    code.refresh_from_db()
    assert code.uses == 1


@pytest.mark.parametrize("fields", [{}, {"max_uses": 1, "uses": 1}, {"revoked_at": PAST}])
def test_join_as_leaves_a_place_as_it_is(told, fields):
    code = JoinCodeFactory(**fields)
    teacher = TeacherFactory(cohort=code.cohort)
    assert join_as(user=teacher, code=code.code).cohort == code.cohort
    assert CohortMember.objects.get().role == "teacher"
    assert told == []
    code.refresh_from_db()
    assert code.uses == fields.get("uses", 0)


def test_join_as_lets_somebody_back_in():
    code = JoinCodeFactory()
    old = CohortMemberFactory(cohort=code.cohort, left_at=FUTURE)
    join_as(user=old.user, code=code.code)
    assert CohortMember.objects.filter(user=old.user, cohort=code.cohort, left_at=None).count() == 1


def test_join_as_refuses_what_join_refuses():
    with pytest.raises(JoinRefused) as refused:
        join_as(user=UserFactory(), code=JoinCodeFactory(expires_at=PAST).code)
    assert refused.value.reason == "expired"
    assert not CohortMember.objects.exists()


def test_new_code_is_of_six_letters_that_look_like_no_other():
    code = joining.new_code(cohort=CohortFactory(), expires_at=FUTURE, max_uses=30)
    assert len(code.code) == 6
    assert set(code.code) <= set(joining.LETTERS)
    assert (code.expires_at, code.max_uses, code.uses) == (FUTURE, 30, 0)
    assert not set(joining.LETTERS) & set("0OQ1I528GUAE")


def test_new_code_passes_by_one_that_is_taken(monkeypatch):
    letters = iter("KPT4M7" + "KPT4M7" + "KPT4M9")
    monkeypatch.setattr("accounts.joining.secrets.choice", lambda _letters: next(letters))
    cohort = CohortFactory()
    assert [joining.new_code(cohort=cohort).code for _code in range(2)] == ["KPT4M7", "KPT4M9"]
