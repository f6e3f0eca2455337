"""Files as Excel and its relatives really write them."""

import io
import zipfile

import openpyxl
import pytest

from accounts.roster import columns, tables
from accounts.roster.tables import RosterUnreadable

pytestmark = pytest.mark.pure
TEXT = "Student ID;Name\r\n007;Zoë Ångström\r\n;\r\n  \r\n008;Кирилл Жук  ;;;\r\n"


def rows(data):
    return [(row.line, row.id, row.name, row.nickname) for row in columns.listed(tables.read(data)).rows]


def workbook(*lines, formats=()):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for place, form in formats:
        book.active[place].number_format = form
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace(";", "\t").encode("utf-16"),
        TEXT.replace(";", ",").encode(),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.replace("\r\n", "\n").encode(),
    ],
)
def test_one_list_reads_the_same_in_every_encoding(data):
    assert rows(data) == [(2, "007", "Zoë Ångström", ""), (5, "008", "Кирилл Жук", "")]


def test_what_is_not_unicode_is_western_european():
    found = tables.read("Name\nZoë Müller\nŠárka".encode("cp1252"))
    assert [line.cells for line in found.lines] == [("Name",), ("Zoë Müller",), ("Šárka",)]
    assert "Windows-1252" in found.how


@pytest.mark.parametrize(
    ("text", "page", "names"),
    [
        ("Imię;Nazwisko\nŁukasz;Żak\n", "cp1250", ["Łukasz Żak"]),
        ("Name\nŁukasz Żak\nRenée Ols\n", "cp1250", ["Łukasz Żak", "Renée Ols"]),
        ("Jméno;Příjmení\nŠárka;Žáková\n", "cp1250", ["Šárka Žáková"]),
        ("Имя;Фамилия\nАнна;Иванова\n", "cp1251", ["Анна Иванова"]),
        ("Name\nКирилл Жук\n", "cp1251", ["Кирилл Жук"]),
        ("Prénom;Nom\nRenée;Fèvre\n", "cp1252", ["Renée Fèvre"]),
        ("Namn\nBjörn Ågren\n", "cp1252", ["Björn Ågren"]),
    ],
)
def test_the_code_page_is_guessed_by_heads_and_letters(text, page, names):
    table = tables.read(text.encode(page))
    assert [row.name for row in columns.listed(table).rows] == names
    assert page.replace("cp", "Windows-") in table.how


@pytest.mark.parametrize(
    ("text", "line"),
    [('Name\n"Sam Lind\nAda Okafor\nBo Berg\n', 2), ('Name;ID\nKim;1\n"Sam Lind;2\nAda;3\n', 3)],
)
def test_an_open_quotation_mark_swallows_nobody(text, line):
    with pytest.raises(RosterUnreadable, match=f"Line {line} cannot be read: is a quotation mark open"):
        tables.read(text.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Name,Id\n"Lindqvist, Sam",1\n', [(2, "1", "Sam Lindqvist", "")]),
        ('Name;Id\n"Sam ""Sammy"" L.";1', [(2, "1", 'Sam "Sammy" L.', "")]),
        ('Student ID,Name\n="0012",Sam\n', [(2, "0012", "Sam", "")]),
        ("sep=;\nName;Student ID\nSam;1", [(3, "1", "Sam", "")]),
        ('Name;Note\n"Sam";"two\nlines"\nKim;x', [(2, "", "Sam", ""), (4, "", "Kim", "")]),
        ("Sam Lindqvist\n\nKim Berg\n", [(1, "", "Sam Lindqvist", ""), (3, "", "Kim Berg", "")]),
        ("Class 7b, autumn\n\nStudent ID,Name\n7.0,Sam", [(4, "7", "Sam", "")]),
        ("Vorname;Nachname;E-Mail\nSam;Lindqvist;s@x.example", [(2, "", "Sam Lindqvist", "")]),
        ("Name;Vorname\nLindqvist;Sam", [(2, "", "Sam Lindqvist", "")]),
        ("First Name\tSurname\tNick\nSam\tLindqvist\tHeron", [(2, "", "Sam Lindqvist", "Heron")]),
        ("Nom;Prénom\nLindqvist;Sam", [(2, "", "Sam Lindqvist", "")]),
        ("Nome\nSam Lindqvist", [(2, "", "Sam Lindqvist", "")]),
        ("Cognome,Nome\nLindqvist,Sam", [(2, "", "Sam Lindqvist", "")]),
        ("ФИО;Номер\nЖук Кирилл;1", [(2, "", "Жук Кирилл", "")]),
        ("STUDENT  NAME,PUPIL-NO.\nSam,007", [(2, "007", "Sam", "")]),
        (
            "Name;Vorname\nJanssen;Jan\nPeters;Peter\nMartin;Martin\nAli;Mohammed Ali",
            [
                (2, "", "Jan Janssen", ""),
                (3, "", "Peter Peters", ""),
                (4, "", "Martin Martin", ""),
                (5, "", "Mohammed Ali Ali", ""),
            ],
        ),
        (
            "Full name;First name\nSam Lindqvist;Sam\nKim Berg;Kim\nZoë;Zoë",
            [(2, "", "Sam Lindqvist", ""), (3, "", "Kim Berg", ""), (4, "", "Zoë", "")],
        ),
        (
            "First;Last;Name\nSam;Lindqvist;\nKim;B;Kim Berg",
            [(2, "", "Sam Lindqvist", ""), (3, "", "Kim Berg", "")],
        ),
        ("Last name;Preferred name\nLindqvist;Sam", [(2, "", "Sam Lindqvist", "")]),
        ("Name\nLindqvist, Sam\nOkafor, Ada\n", [(2, "", "Sam Lindqvist", ""), (3, "", "Ada Okafor", "")]),
        ("Name|Id\nSam|1", [(2, "1", "Sam", "")]),
    ],
)
def test_heads_quotes_and_titles(text, expected):
    assert rows(text.encode()) == expected


def test_columns_that_say_nothing_are_named():
    found = columns.listed(tables.read(b"Name,Email,Class,Nr\nSam,s@x.example,7b,1"))
    assert found.ignored == ["Email", "Class", "Nr"]


def test_excel_numbers_are_what_excel_shows():
    data = workbook(
        ["Student ID", "Name"],
        [123.0, "Sam"],
        [7, "Kim"],
        ["0042", " Vera  B. "],
        [None, None],
        [12.5, "Jo"],
        formats=[("A3", "00000")],
    )
    assert rows(data) == [
        (2, "123", "Sam", ""),
        (3, "00007", "Kim", ""),
        (4, "0042", "Vera B.", ""),
        (6, "12.5", "Jo", ""),
    ]


def test_a_formula_is_what_it_came_to():
    data = workbook(["Name", "Student ID"], ['=A1&"x"', 1])
    with pytest.raises(RosterUnreadable, match="Line 2 holds a formula without a result"):
        rows(data)
    whole = zipfile.ZipFile(io.BytesIO(data))
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as target:
        for part in whole.infolist():
            content = whole.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<v />", b"<v>Sam Lindqvist</v>").replace(
                    b"<v></v>", b"<v>Sam Lindqvist</v>"
                )
                content = content.replace(b'<c r="A2">', b'<c r="A2" t="str">')
            target.writestr(part, content)
    assert rows(changed.getvalue()) == [(2, "1", "Sam Lindqvist", "")]


def zipped(**parts):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return kept.getvalue()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "' + b"lol" * 50 + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 20) for step in range(8))
    + b"]><workbook>&i;</workbook>"
)  # fmt: skip


def with_part(name, content):
    whole = zipfile.ZipFile(io.BytesIO(workbook(["Name"], ["Sam"])))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for part in whole.infolist():
            target.writestr(part, content if part.filename == name else whole.read(part))
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"x" * 2_000_001, "too large", id="too large"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 500, "old Excel", id="xls"),
        pytest.param(b"PK\x03\x04 nothing more", "damaged", id="broken zip"),
        pytest.param(zipped(mimetype="application/vnd.oasis"), "no Excel file", id="another zip"),
        pytest.param(
            zipped(**{"[Content_Types].xml": "x", "xl/workbook.xml": b"0" * 21_000_000}),
            "too much in this file", id="zip bomb",
        ),
        pytest.param(with_part("xl/workbook.xml", BOMB), "cannot be read", id="billion laughs"),
        pytest.param(with_part("xl/worksheets/sheet1.xml", b"<broken"), "cannot be read", id="broken xml"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\0", "no list", id="a picture"),
        pytest.param(b'Name\n"Sam\n' + b"x" * 140_000, "quotation mark|too long", id="open quotation mark"),
        pytest.param(b"Name\n" + b"x" * 301, "Line 2 is too long", id="long cell"),
        pytest.param(b"Name" + b"\nSam" * 401, "more than 400 rows", id="many rows"),
        pytest.param(("a," * 41 + "Name").encode(), "Line 1 is too long", id="many columns"),
        pytest.param(b"", "nothing in this list", id="empty"),
        pytest.param(b"\n \n;;\n", "nothing in this list", id="blank"),
        pytest.param(b"Sam,Lindqvist\nKim,Berg", "No column holds names", id="no heads"),
        pytest.param(b"\xff\xfeS", "cannot be read", id="half a letter"),
        pytest.param(b"Name\n\x98\x81", "cannot be read", id="no letters at all"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data, said):
    with pytest.raises(RosterUnreadable, match=said):
        rows(data)
