"""What the columns of a class list are called, in the words and languages of school offices."""

import re

from accounts.names import name_key

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
        "first, first name, given name, forename, preferred name, "
        "preferred first name, vorname, rufname, prénom, prenom, nombre, nombres, nome, "
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


def meaning(head: str) -> str | None:
    """The field that a column with this head holds, or None."""
    return _MEANS.get(_plain(head))


def _plain(head: str) -> str:
    return re.sub(r"[\W_]+", "", name_key(head))


_MEANS = {_plain(head): field for field, heads in HEADS.items() for head in heads.split(",")}
