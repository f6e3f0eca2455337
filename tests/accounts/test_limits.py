import pytest
from django.test import Client
from django.urls import reverse

from accounts import limits
from accounts.models import CohortMember, User
from tests.accounts.page import page
from tests.factories.accounts import PASSWORD, JoinCodeFactory, TeacherFactory, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
WRONG = "wrong horse battery"
SCHOOL = "198.51.100.7"


def sign_in(login, password, client=None, address=SCHOOL):
    return (client or Client()).post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address)


def join(code="KPT4M7", nickname="Blue Heron", address=SCHOOL):
    data = {"code": code, "nickname": nickname, "password": PASSWORD}
    return Client().post("/join/", data, REMOTE_ADDR=address)


def alert(response):
    return " ".join(each.text.strip() for each in page(response).all("p", role="alert"))


def is_in(response):
    return response.status_code == 302 and response["Location"] in {reverse("courses:home"), "/joined/"}


def test_a_class_of_thirty_joins_and_signs_in_from_one_address_within_a_minute():
    """Five of them mistype the code three times, and then their password three times."""
    JoinCodeFactory(code="KPT4M7")
    for place in range(30):
        for _slip in range(3 if place < 5 else 0):
            assert "No class has this code." in join("KPT4N7", f"Reader {place}").content.decode()
        assert is_in(join(nickname=f"Reader {place}"))
    for place in range(30):
        for _slip in range(3 if place < 5 else 0):
            assert "do not go together" in alert(sign_in(f"reader-{place}", WRONG))
        assert is_in(sign_in(f"reader-{place}", PASSWORD))
    assert CohortMember.objects.count() == 30


def test_who_guesses_the_password_of_one_account_is_stopped(clock):
    UserFactory(username="anna", email="anna@school.example")
    UserFactory(username="vera")
    answers = [alert(sign_in("anna", f"{WRONG} {guess}")) for guess in range(7)]
    assert ["do not go together" in answer for answer in answers] == [True] * 5 + [False] * 2
    assert answers[5:] == ["Too many tries. Try again in 5 minutes."] * 2
    clock.ahead = 200
    assert alert(sign_in("anna", PASSWORD)) == "Too many tries. Try again in 2 minutes."  # even the right one
    assert is_in(sign_in("vera", PASSWORD))
    clock.ahead = 301
    assert is_in(sign_in("anna", PASSWORD))


@pytest.mark.parametrize(
    "typed", ["ANNA", "\uff21nna", "Anna@School.example", "  anna "]
)  # fmt: skip
def test_failures_are_counted_however_the_name_is_typed(typed):
    UserFactory(username="anna", email="anna@school.example")
    for guess in range(5):
        sign_in("anna", f"{WRONG} {guess}", address=f"192.0.2.{guess}")
    assert "Too many tries" in alert(sign_in(typed, PASSWORD, address="192.0.2.99"))


def test_failures_with_a_name_that_nobody_has_look_the_same():
    answers = [alert(sign_in(name, WRONG)) for name in ["nobody", "NOBODY"] * 3]
    assert ["do not go together" in answer for answer in answers] == [True] * 5 + [False]
    assert "Too many tries" in answers[5]


def test_a_right_password_is_not_counted():
    UserFactory(username="anna")
    assert all(is_in(sign_in("anna", PASSWORD)) for _time in range(12))


def test_four_slips_and_a_right_password_do_not_add_up_for_ever(clock):
    UserFactory(username="anna")
    for _day in range(3):
        clock.ahead += 86_400
        for _slip in range(4):
            sign_in("anna", WRONG)
        assert is_in(sign_in("anna", PASSWORD))


def limited(settings, **rates):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **rates}


def test_who_tries_one_password_on_all_accounts_is_stopped(settings, clock):
    """And nobody is held up by it who signed in at that address before."""
    limited(settings, accounts_failed="3/h/ip")
    for name in ("vera", "noor", "a", "b", "c"):
        UserFactory(username=name)
    assert is_in(sign_in("vera", PASSWORD))
    answers = [alert(sign_in(name, WRONG)) for name in "aaabc"]
    assert ["do not go together" in answer for answer in answers] == [True] * 5
    for stranger in ("noor", "nobody"):
        assert alert(sign_in(stranger, PASSWORD)) == "Too many tries. Try again in 60 minutes."
    assert is_in(sign_in("vera", PASSWORD))
    assert is_in(sign_in("noor", PASSWORD, address="192.0.2.1"))
    clock.ahead = 3_601
    assert is_in(sign_in("noor", PASSWORD))


def test_names_that_nobody_has_hold_up_nobody(settings):
    limited(settings, accounts_failed="3/h/ip")
    UserFactory(username="anna")
    assert {"do not go together" in alert(sign_in(f"nobody{place}", WRONG)) for place in range(9)} == {True}
    assert is_in(sign_in("anna", PASSWORD))


def test_a_whole_school_signs_in_from_one_address_within_five_minutes(settings):
    UserFactory(username="anna")
    assert settings.ACCOUNT_RATE_LIMITS["login"] == "3000/5m/ip"
    limited(settings, accounts_failed="1/h/ip")
    assert {is_in(sign_in("anna", PASSWORD)) for _time in range(20)} == {True}


def test_a_new_password_forgives_what_was_typed_before():
    user = UserFactory(username="anna")
    for _slip in range(6):
        sign_in("anna", WRONG)
    limits.forgive(user)
    assert is_in(sign_in("anna", PASSWORD))


def test_a_password_reset_by_mail_forgives(client, mailoutbox):
    UserFactory(username="anna", email="anna@school.example")
    for _slip in range(6):
        sign_in("anna", WRONG)
    client.post("/accounts/password/reset/", {"email": "anna@school.example"})
    address = client.get(mailoutbox[0].body.split("testserver")[1].split()[0])["Location"]
    client.post(address, {"password1": "quiet green ladder", "password2": "quiet green ladder"})
    assert is_in(sign_in("anna", "quiet green ladder"))


def test_who_guesses_codes_is_stopped(settings, clock):
    limited(settings, wrong_code="3/d/ip")
    JoinCodeFactory(code="KPT4M7")
    tries = [join(f"{4_000_000 + guess}") for guess in range(4)]
    assert [response.status_code for response in tries] == [200] * 3 + [429]
    refused = join()  # the right one, of which this address knows nothing
    assert refused.status_code == 429
    assert page(refused).described("code")[-1] == "Too many tries. Try again in 1440 minutes."
    assert page(refused).control("nickname").attrs["value"] == "Blue Heron"
    assert not User.objects.exists()
    assert is_in(join(address="192.0.2.1"))
    clock.ahead = 86_401
    assert is_in(join(nickname="Anna"))


def test_a_day_of_a_guesser_is_a_thousand_codes(settings):
    assert settings.ACCOUNT_RATE_LIMITS["wrong_code"] == "1000/d/ip"


@pytest.mark.parametrize("how", ["somebody came in with it", "its teacher showed it"])
def test_a_code_that_an_address_knows_lets_in_whatever_others_typed_there(settings, how):
    limited(settings, wrong_code="2/d/ip")
    code = JoinCodeFactory(code="KPT4M7")
    JoinCodeFactory(code="XYZ4M7")
    if how == "its teacher showed it":
        teacher = Client(REMOTE_ADDR=SCHOOL)
        teacher.force_login(TeacherFactory(cohort=code.cohort))
        teacher.get(reverse("accounts:codes", args=[code.cohort.uuid]))
    else:
        assert is_in(join(nickname="Anna"))
    assert [join(f"{4_000_000 + guess}").status_code for guess in range(3)] == [200, 200, 429]
    assert is_in(join("kpt-4m7"))
    assert join("XYZ4M7", "Noor").status_code == 429


def test_a_code_that_was_right_once_is_no_guess():
    JoinCodeFactory(code="KPT4M7", max_uses=1, uses=1)
    assert {join().status_code for _try in range(160)} == {200}


def test_the_same_wrong_code_counts_once_from_one_address(settings, clock):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "wrong_code": "2/10m/ip"}
    JoinCodeFactory(code="KPT4M7")
    assert {join(typed).status_code for typed in ["XXXXXX", "xxxxxx ", "ＸＸＸＸＸＸ"] * 5} == {200}
    assert join("XXXXX7").status_code == 200
    assert [join("XXXXX9").status_code, join().status_code] == [429, 429]


def test_a_school_of_three_hundred_joins_behind_one_address_though_a_fifth_mistypes(clock):
    """In ten minutes, into ten classes, with the site's own limits; each typo is another one."""
    codes = [JoinCodeFactory(code=f"KPT4M{number}").code for number in "34679BCDFH"]
    for place in range(300):
        clock.ahead += 2
        if place % 5 == 0:
            assert "No class has this code." in join(f"KPT{place:03}").content.decode()
        assert is_in(join(codes[place // 30], f"Reader {place}"))
    assert CohortMember.objects.count() == 300


def test_who_makes_accounts_without_end_is_stopped(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "join": "3/10m/ip"}
    JoinCodeFactory(code="KPT4M7")
    codes = [join(nickname=f"Reader {place}").status_code for place in range(4)]
    assert codes == [302, 302, 302, 429]
    assert User.objects.count() == 3


def test_the_site_takes_hundreds_of_joinings_from_one_address(settings):
    assert settings.ACCOUNT_RATE_LIMITS["join"] == "1000/10m/ip"


def test_looking_at_pages_is_not_counted():
    assert {Client().get(LOGIN).status_code for _time in range(310)} == {200}


def test_a_flood_of_sign_ins_gets_the_429_page(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/5m/ip"}
    answers = [sign_in("anna", WRONG) for _try in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert len(page(answers[2]).all("main")) == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "other"),
    [
        pytest.param(0, {"HTTP_X_FORWARDED_FOR": "{}"}, False, id="anybody's header"),
        pytest.param(1, {"HTTP_X_FORWARDED_FOR": "{}"}, True, id="our proxy's header"),
        pytest.param(
            1, {"HTTP_X_FORWARDED_FOR": "{}, 203.0.113.9"}, False, id="what the client put before it"
        ),
    ],
)
def test_the_address_is_the_proxys_word_only_behind_one(settings, proxies, forwarded, other):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "wrong_code": "1/10m/ip"}
    answers = [
        Client().post(
            "/join/",
            {"code": "XXXXXX", "nickname": "Anna", "password": PASSWORD},
            **{name: value.format(f"192.0.2.{place}") for name, value in forwarded.items()},
        ).status_code
        for place in range(2)
    ]  # fmt: skip
    assert answers == [200, 200 if other else 429]


@pytest.mark.parametrize(("behind", "proxies"), [("0", 0), ("1", 1)])
def test_settings_trust_a_proxy_only_when_told(behind, proxies):
    import os
    import subprocess
    import sys

    found = subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"],
        env={**os.environ, "BEHIND_PROXY": behind},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == str(proxies)
