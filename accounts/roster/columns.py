"""What the columns of a class list are called, in the words and languages of school offices."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.names import name_key
from accounts.roster.tables import Line, RosterUnreadable, Table

#: In so many rows the heads are looked for: a title may stand above them.
_ROWS_ABOVE = 10
#: What a column says, and how it may be headed; blanks, dots and hyphens do not count.
HEADS: dict[str, str] = {
    "id": (
        "id, student id, student number, student no, pupil id, pupil number, pupil no, external id, upn, "
        "admission number, sis id, matriculation number, schüler id, schülernummer, schuelernummer, "
        "matrikelnummer, identifiant, ine, numero studente, matricola, matrícula, elevnummer, elev id, "
        "leerlingnummer, stamnummer, numer ucznia, öğrenci no, идентификатор, id ученика"
    ),
    "name": (
        "name, full name, real name, student, student name, pupil, pupil name, learner, display name, "
        "schüler, schueler, schülerin, schülername, nom complet, nom et prénom, élève, eleve, "
        "nombre completo, alumno, alumna, estudiante, nome completo, studente, alunno, aluno, namn, "
        "elev, elevnamn, navn, fulde navn, naam, leerling, volledige naam, uczeń, imię i nazwisko, "
        "jméno a příjmení, žák, ad soyad, adı soyadı, öğrenci, фио, имя и фамилия, ученик, անուն ազգանուն"
    ),
    "first": (
        "first, first name, given name, forename, vorname, rufname, prénom, prenom, nombre, nombres, nome, "
        "förnamn, fornavn, voornaam, roepnaam, imię, imie, jméno, ad, adı, имя, անուն"
    ),
    "last": (
        "last, last name, family name, surname, nachname, familienname, zuname, nom, nom de famille, "
        "apellido, apellidos, cognome, apelido, sobrenome, efternamn, efternavn, etternavn, achternaam, "
        "nazwisko, příjmení, soyad, soyadı, фамилия, ազգանուն"
    ),
    "nickname": (
        "nickname, nick, alias, screen name, spitzname, pseudo, pseudonyme, surnom, apodo, soprannome, "
        "smeknamn, kaldenavn, bijnaam, przezwisko, přezdívka, takma ad, прозвище, ник"
    ),
}


def _plain(head: str) -> str:
    return re.sub(r"[\W_]+", "", name_key(head))


_MEANS = {_plain(head): field for field, heads in HEADS.items() for head in heads.split(",")}


@dataclass(frozen=True)
class Row:
    """One pupil of the list: the line in the file, the school's id or '', and what they are called."""

    line: int
    id: str
    name: str
    nickname: str


@dataclass(frozen=True)
class Listed:
    """The pupils of a file; `ignored` are the heads of columns that say nothing we know."""

    rows: list[Row]
    ignored: list[str]
    how: str


def listed(table: Table) -> Listed:
    """The pupils that a table lists. The heads may stand below a title; a single column needs none.

    Raises RosterUnreadable if no column holds names.
    """
    if not table.lines:
        raise RosterUnreadable(_("There is nothing in this list."))
    for place, line in enumerate(table.lines[:_ROWS_ABOVE]):
        fields = _fields(line)
        if "name" in fields or {"first", "last"} <= fields.keys():
            ignored = [cell for at, cell in enumerate(line.cells) if cell and at not in fields.values()]
            return Listed([_row(row, fields) for row in table.lines[place + 1 :]], ignored, table.how)
    if max(len(line.cells) for line in table.lines) == 1:
        return Listed([_row(row, {"name": 0}) for row in table.lines], [], table.how)
    raise RosterUnreadable(
        _(
            "No column holds names. Put “Name” above the names in the first row, or “First name” and "
            "“Last name”; “Student ID” and “Nickname” if you have them."
        )
    )


def _fields(head: Line) -> dict[str, int]:
    """What the columns under `head` say, by their place."""
    fields: dict[str, int] = {}
    for place, cell in enumerate(head.cells):
        if field := _MEANS.get(_plain(cell)):
            fields.setdefault(field, place)
    # "Nom" or "Nome" may head the only column of names.
    if "name" not in fields and len({"first", "last"} & fields.keys()) == 1:
        fields["name"] = fields.pop("first" if "first" in fields else "last")
    return fields


def _row(line: Line, fields: dict[str, int]) -> Row:
    def cell(field: str) -> str:
        place = fields.get(field, -1)
        return line.cells[place] if 0 <= place < len(line.cells) else ""

    first, last = cell("first"), cell("last") or cell("name")
    name = cell("name")
    if first and name_key(first) not in name_key(name):  # "Name; Vorname" is a family name and a given one
        name = f"{first} {last}".strip()
    family, comma, given = name.partition(",")
    if comma and given.strip() and "," not in given:  # Lindqvist, Sam
        name = f"{given.strip()} {family.strip()}"
    number = re.fullmatch(r"(\d+)\.0+", cell("id"))
    return Row(line.number, number[1] if number else cell("id"), name, cell("nickname"))


def given_name(row: Row) -> str:
    """What a pupil is called who has no nickname in the list: the first word of the name."""
    return row.name.split()[0] if row.name else ""
