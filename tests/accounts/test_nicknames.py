import re
from itertools import islice

import pytest

from accounts import nicknames


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        pytest.param("  Blue \t Heron\n", "Blue Heron", id="blanks"),
        pytest.param("Zoe\u0308", "Zoë", id="composed"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_tidied_puts_one_blank_between_words_and_composes(typed, tidy):
    assert nicknames.tidied(typed) == tidy


@pytest.mark.parametrize(
    "nickname",
    ["Blue Heron", "Анна", "मीरा", "می\u200cخواهم", "🦊", "👩\u200d🚀 Vera", "a" * 40, "@home", "2 fast"],
)
def test_fault_finds_nothing_wrong_with_a_nickname(nickname):
    assert nicknames.fault(nickname) == ""


@pytest.mark.parametrize(
    ("nickname", "mend"),
    [
        pytest.param("", "Choose a nickname", id="empty"),
        pytest.param("\u200d\u200c", "Choose a nickname", id="only joiners"),
        pytest.param("a" * 41, "at most 40 characters", id="too long"),
        pytest.param("anna@school.example", "e-mail", id="e-mail"),
        pytest.param("I am anna@school.example!", "e-mail", id="e-mail in it"),
        pytest.param("An\0na", "cannot be seen", id="NUL"),
        pytest.param("An\u200bna", "cannot be seen", id="zero-width space"),
        pytest.param("\u202eanna", "cannot be seen", id="right-to-left override"),
        pytest.param("An\ud800na", "cannot be seen", id="lone surrogate"),
        pytest.param("An\ue000na", "cannot be seen", id="private use"),
    ],
)
def test_fault_says_how_to_mend_it(nickname, mend):
    assert mend in nicknames.fault(nickname)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "ANNA"),
        ("анна", "Анна"),
        ("Anna", "\uff21nna"),  # a wide A
        ("Straße", "STRASSE"),
        ("Blue Heron", "blue  heron "),
        ("می\u200cخواهم", "میخواهم"),
    ],
)
def test_nickname_key_is_one_for_names_that_a_class_reads_as_one(one, other):
    assert nicknames.nickname_key(one) == nicknames.nickname_key(other)


def test_nickname_key_tells_others_apart():
    assert nicknames.nickname_key("Anna") != nicknames.nickname_key("Anne")


@pytest.mark.parametrize(
    ("nickname", "username"),
    [
        pytest.param("Blue Heron", "blue-heron", id="words"),
        pytest.param("  --Zoë!! ", "zoe", id="accents fall"),
        pytest.param("Анна К.", "анна-к", id="other letters stay"),
        pytest.param("Łukasz", "łukasz", id="a letter that ASCII would lose stays"),
        pytest.param("snake_case", "snake-case", id="underscore"),
        pytest.param("🦊🦊", "reader", id="no letter"),
        pytest.param("42", "42", id="figures"),
        pytest.param("a" * 39 + " b", "a" * 39, id="cut, no hyphen at the end"),
        pytest.param("\ufdfa" * 40, "صلى-الله-عليه-وسلم" * 2 + "صلى-", id="grows when folded"),
    ],
)
def test_plain_username_is_made_of_the_nickname(nickname, username):
    assert nicknames.plain_username(nickname) == username[:40].strip("-")


def test_usernames_go_on_with_numbers_that_grow():
    names = list(islice(nicknames.usernames("Blue Heron"), 9))
    assert names[0] == "blue-heron"
    assert all(re.fullmatch(r"blue-heron-[1-9]\d", name) for name in names[1:5])
    assert all(re.fullmatch(r"blue-heron-[1-9]\d\d", name) for name in names[5:9])
