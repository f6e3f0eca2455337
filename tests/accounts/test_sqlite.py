"""SQLite's LIKE compares the letters of every script, as PostgreSQL's does."""

import pytest

from accounts.models import Cohort
from accounts.sqlite import fold, like
from tests.factories.accounts import CohortFactory


@pytest.mark.pure
@pytest.mark.parametrize(
    ("pattern", "value", "alike"),
    [
        ("%ЧАС%", "Который час?", True),
        ("час пик", "Час Пик", True),
        ("час", "Час Пик", False),
        ("ΟΔΟΣ", "οδος", True),
        ("%STRASSE", "Hauptstraße", True),
        ("a_c", "AÉC", True),
        ("a_c", "ac", False),
        ("50\\%", "50%", True),
        ("50\\%", "500", False),
        ("\\_\\\\", "_\\", True),
        ("%", "", True),
        ("%b", "a\nb", True),
        (".*", "ab", False),
        (None, "a", None),
        ("a", None, None),
        (7, 7, True),
    ],
)
def test_like_folds_the_letters_of_every_script(pattern, value, alike):
    assert like(pattern, value, "\\") is alike


@pytest.mark.pure
def test_like_without_an_escape_takes_a_backslash_for_itself():
    assert like("a\\%", "A\\b") is True
    with pytest.raises(ValueError, match="nothing follows the last"):
        like("a\\", "a\\", "\\")


@pytest.mark.pure
@pytest.mark.parametrize(("text", "folded"), [("Ab C ", "ab c "), ("ﬁ Ａ", "fi a"), ("İ", "i\u0307")])
def test_folding_keeps_blanks(text, folded):
    assert fold(text) == folded


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["классная комната", "КЛАССНАЯ КОМНАТА", "Классная Комната", "КОМнат"])
def test_a_lookup_finds_any_case(words):
    room = CohortFactory(name="Классная комната 9б")
    assert list(Cohort.objects.filter(name__icontains=words)) == [room]


@pytest.mark.django_db
def test_a_percent_sign_is_looked_for_as_itself():
    CohortFactory(name="half")
    half = CohortFactory(name="50% and a_b")
    for words in ("0%", "A_B"):
        assert list(Cohort.objects.filter(name__icontains=words)) == [half]
