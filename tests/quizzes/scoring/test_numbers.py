from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring.numbers import Reading, in_key_unit, is_name_of_unit, is_near, read_number, score_number

UNITS = ("km", "%", "m2", "km/h", "per cent", "€")


def value(text, mark="."):
    reading = read_number(text, decimal_mark=mark, units=UNITS)
    return reading.fault or (str(reading.value.normalize() + 0), reading.unit)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("0", "0", id="nought"),
        pytest.param("1234", "1234", id="plain digits"),
        pytest.param("007", "7", id="noughts in front"),
        pytest.param("+5", "5", id="plus"),
        pytest.param("-5", "-5", id="hyphen"),
        pytest.param("\u22125", "-5", id="minus"),
        pytest.param("\u20135", "-5", id="en dash"),
        pytest.param(" \t5\u00a0\n", "5", id="blanks around"),
        pytest.param("5.", "5", id="a final full stop"),
        pytest.param("5!", "5", id="a final exclamation mark"),
        pytest.param("1.5.", "1.5", id="decimals and a full stop"),
        pytest.param("1.50", "1.5", id="decimals"),
        pytest.param("-0.25", "-0.25", id="below nought"),
        pytest.param("١٢٣", "123", id="Arabic-Indic digits"),
        pytest.param("१२.५", "12.5", id="Devanagari digits"),
        pytest.param("１２", "12", id="fullwidth digits"),
        pytest.param("1٢3", "123", id="digits of two scripts"),
        pytest.param("٥.", "5", id="a full stop after an Arabic-Indic digit"),
        *(
            pytest.param(f"12{mark}345{mark}678", "12345678", id=f"groups with U+{ord(mark):04X}")
            for mark in " \u00a0\u2007\u2009\u202f'\u2019,"
        ),
        pytest.param("1,000", "1000", id="one group"),
        pytest.param("1,000.5", "1000.5", id="a group and decimals"),
        pytest.param("0,123", "123", id="a nought before a group"),
        pytest.param("1.000", "1", id="three decimals"),
        pytest.param("1.0000", "1", id="four decimals"),
        pytest.param("9" * 90 + ".5", "9" * 90 + ".5", id="more digits than a float has"),
    ],
)
def test_read_number_reads_what_people_write(text, number):
    reading = read_number(text)
    assert (reading.fault, reading.unit, reading.value) == ("", "", Decimal(number))


@pytest.mark.parametrize(
    ("text", "with_point", "with_comma"),
    [
        pytest.param("1,000", ("1000", ""), ("1", ""), id="a comma: groups, or decimals"),
        pytest.param("1.000", ("1", ""), ("1000", ""), id="a point: decimals, or groups"),
        pytest.param("0,5", "unreadable", ("0.5", ""), id="a comma that can be no group"),
        pytest.param("0.5", ("0.5", ""), "unreadable", id="a point that can be no group"),
        pytest.param("1.234.567", "unreadable", ("1234567", ""), id="groups with points"),
        pytest.param("1.234,5", "unreadable", ("1234.5", ""), id="points, then a comma"),
        pytest.param("1,234.5", ("1234.5", ""), "unreadable", id="commas, then a point"),
        pytest.param("1 234,5", "unreadable", ("1234.5", ""), id="blanks, then a comma"),
        pytest.param("5.", ("5", ""), ("5", ""), id="a final full stop is none of the two"),
        pytest.param("5,", "unreadable", "unreadable", id="a final comma"),
    ],
)
def test_read_number_goes_by_the_decimal_mark(text, with_point, with_comma):
    assert (value(text, "."), value(text, ",")) == (with_point, with_comma)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("five", id="a word"),
        pytest.param("-", id="a sign alone"),
        pytest.param("- 5", id="a blank after the sign"),
        pytest.param("--5", id="two signs"),
        pytest.param("5-", id="the sign behind"),
        pytest.param("(5)", id="brackets"),
        pytest.param(".5", id="no digit before the point"),
        pytest.param("5..", id="two full stops"),
        pytest.param("5!!", id="two exclamation marks"),
        pytest.param("5?", id="a question mark"),
        pytest.param("5. km", id="a point without decimals"),
        pytest.param("1.2.3", id="two decimal marks"),
        pytest.param("1,00", id="a group of two"),
        pytest.param("1,0000", id="a group of four"),
        pytest.param("1234,567", id="four digits before a group"),
        pytest.param("1,000 000", id="two kinds of separator"),
        pytest.param("1'000’000", id="two kinds of apostrophe"),
        pytest.param("1  000", id="two blanks"),
        pytest.param("1,,000", id="two commas"),
        pytest.param(",000", id="a separator in front"),
        pytest.param("1_000", id="an underscore"),
        pytest.param("1 2", id="two numbers"),
        pytest.param("3 to 5", id="a range"),
        pytest.param("3–5", id="a range with a dash"),
        pytest.param("1e5", id="an exponent"),
        pytest.param("1/2", id="a fraction"),
        pytest.param("½", id="a fraction as one sign"),
        pytest.param("²", id="a digit that is raised"),
        pytest.param("Ⅻ", id="a Roman number"),
        pytest.param("€5", id="the unit in front"),
        pytest.param("about 5", id="a word in front"),
        pytest.param("NaN", id="not a number"),
        pytest.param("Infinity", id="infinity"),
        pytest.param("0x10", id="base 16"),
        pytest.param("5'", id="a final apostrophe"),
        pytest.param("\u200b5", id="a character without width"),
        pytest.param("5 m3", id="a unit with a digit that nobody named"),
    ],
)
def test_read_number_finds_anything_else_unreadable(text):
    assert read_number(text, units=UNITS) == Reading(fault="unreadable")


@pytest.mark.parametrize("text", ["", " ", "\n\u00a0"])
def test_read_number_tells_nothing_typed_from_unreadable(text):
    assert read_number(text) == Reading(fault="blank")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("5 km", ("5", "km"), id="after a blank"),
        pytest.param("5km", ("5", "km"), id="without one"),
        pytest.param("5\u202fkm ", ("5", "km"), id="after a narrow blank"),
        pytest.param("1 200 km", ("1200", "km"), id="after groups with blanks"),
        pytest.param("12.5%", ("12.5", "%"), id="a sign"),
        pytest.param("5 €", ("5", "€"), id="a currency"),
        pytest.param("5 m2", ("5", "m2"), id="a unit with a digit"),
        pytest.param("5 km/h", ("5", "km/h"), id="a unit with a stroke"),
        pytest.param("5 per cent", ("5", "per cent"), id="a unit of two words"),
        pytest.param("5 KM", "unknown_unit", id="another spelling"),
        pytest.param("5 km.", "unknown_unit", id="a full stop after a letter stays"),
        pytest.param("5 miles", "unknown_unit", id="another unit"),
        pytest.param("5 $", "unknown_unit", id="another sign"),
        pytest.param("5°", "unknown_unit", id="a degree"),
        pytest.param("5 km km", "unknown_unit", id="the unit twice"),
    ],
)
def test_read_number_reads_the_unit(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("km", True),
        ("m2", True),
        ("%", True),
        ("°C", True),
        ("", False),
        ("2m", False),
        ("-", False),
        (" m", False),
    ],
)
def test_is_name_of_unit_sees_how_it_begins(text, is_one):
    assert is_name_of_unit(text) is is_one


@pytest.mark.parametrize(
    ("value", "target", "abs_tol", "rel_tol", "near"),
    [
        pytest.param("4", "4", "0", "0", True, id="equal"),
        pytest.param("4.0000000000000000000000000001", "4", "0", "0", False, id="a trifle off"),
        pytest.param("4.5", "4", "0.5", "0", True, id="the upper limit"),
        pytest.param("3.5", "4", "0.5", "0", True, id="the lower limit"),
        pytest.param("4.51", "4", "0.5", "0", False, id="beyond the limit"),
        pytest.param("0.3", "0.1", "0.2", "0", True, id="0.3 - 0.1 is just 0.2, which floats miss"),
        pytest.param("110", "100", "0", "0.1", True, id="the relative limit"),
        pytest.param("110.01", "100", "0", "0.1", False, id="beyond it"),
        pytest.param("-110", "-100", "0", "0.1", True, id="relative to the size of the key"),
        pytest.param("0", "0", "0", "0.1", True, id="relative to nought"),
        pytest.param("105", "100", "1", "0.05", True, id="the larger of the two limits: relative"),
        pytest.param("105", "100", "5", "0.01", True, id="the larger of the two limits: absolute"),
    ],
)
def test_is_near_includes_the_limits(value, target, abs_tol, rel_tol, near):
    found = is_near(Decimal(value), Decimal(target), abs_tol=Decimal(abs_tol), rel_tol=Decimal(rel_tol))
    assert found is near


def test_products_are_exact():
    digits = Decimal("1" * 60 + "." + "1" * 40)
    assert in_key_unit(digits, Decimal("3")) == Decimal("3" * 60 + "." + "3" * 40)
    assert not is_near(digits, Decimal("1" * 60), abs_tol=Decimal("0.1"), rel_tol=Decimal(0))


@pytest.mark.parametrize(
    ("right", "unit_missing", "score"),
    [(True, False, 1), (True, True, 0.5), (False, False, 0), (False, True, 0)],
)
def test_score_number_takes_half_for_a_missing_unit(right, unit_missing, score):
    assert score_number(right=right, unit_missing=unit_missing) == score


@given(st.text(max_size=30), st.sampled_from(".,"))
def test_read_number_never_raises(text, mark):
    reading = read_number(text, decimal_mark=mark, units=UNITS)
    assert (reading.value is None) == bool(reading.fault)


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=3),
    st.sampled_from(" \u00a0\u2007\u2009\u202f'\u2019"),
    st.sampled_from(".,"),
)
def test_read_number_undoes_every_way_of_writing(number, separator, mark):
    written = f"{number:,.3f}".translate(str.maketrans({",": separator, ".": mark}))
    assert read_number(written, decimal_mark=mark).value == number
