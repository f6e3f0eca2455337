"""A zip of CSV files into rows that know their line, as other systems really write them."""

import csv
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from integrations.oneroster.columns import REQUIRED, SYSTEM, meant

#: The largest zip and what it may unpack to, in bytes.
LARGEST = 2_500_000
_LARGEST_UNPACKED = 40_000_000
_MOST_FILES = 60
_VERSIONS = ("1.1", "1.2")


@dataclass(frozen=True)
class Fault:
    """What cannot be brought in: where it stands, and how to mend it. `line` counts from 1, 0 for the whole file."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.column}: {self.message}" if self.column else f"{place}: {self.message}"


class OneRosterRefused(Exception):
    """Nothing was written; all that is wrong with the files is in `faults`."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True)
class Line:
    """A row of a file; a column that the file does not have is ""."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def id(self) -> str:
        return self["sourcedId"]

    @property
    def is_deleted(self) -> bool:
        return self["status"] in ("tobedeleted", "inactive")  # inactive: what OneRoster 1.0 had besides


@dataclass
class Package:
    """The files that we read, by name; `modes` says of each whether it is "bulk" or "delta" (all else: absent).

    `is_ours`: it says that a site of this kind wrote it.
    """

    is_ours: bool = False
    modes: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[Line]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def lines(self, name: str) -> list[Line]:
        return self.files.get(name, [])

    def fault(self, name: str, line: int, column: str, message: str) -> None:
        self.faults.append(Fault(f"{name}.csv", line, column, message))


def unpack(data: bytes) -> Package:
    """The package in a zip. Raises OneRosterRefused for what is none; faults of rows are in the package."""
    if len(data) > LARGEST:
        raise _unreadable(_("This file is too large: at most 2.5 MB. Send the classes in several files."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts = _texts(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error) as error:
        raise _unreadable(
            _("This is no zip that we can read. Zip the CSV files, without a password.")
        ) from error
    package = Package()
    if "manifest" not in texts:
        raise _unreadable(_("There is no manifest.csv. It stands beside the other files, in no folder."))
    _read_manifest(package, texts["manifest"])
    for name, mode in package.modes.items():
        if name not in texts:
            package.fault("manifest", 0, f"file.{name}", _("It is %(mode)s, but not there.") % {"mode": mode})
        else:
            package.files[name] = _rows(package, name, texts[name], mode)
    return package


def _unreadable(message: str) -> OneRosterRefused:
    return OneRosterRefused([Fault("zip", 0, "", message)])


def _texts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The CSV files that we know, by name; what a header says of a size is not believed."""
    if len(archive.infolist()) > _MOST_FILES:
        raise _unreadable(_("There are too many files in it."))
    left = _LARGEST_UNPACKED
    found: dict[str, bytes] = {}
    for name in ("manifest", *REQUIRED):
        if f"{name}.csv" not in archive.namelist():
            continue
        with archive.open(f"{name}.csv") as file:
            found[name] = file.read(left + 1)
        left -= len(found[name])
        if left < 0:
            raise _unreadable(_("There is too much in it. Send the classes in several files."))
    return found


def _read_manifest(package: Package, data: bytes) -> None:
    said = {}
    for line in _rows(package, "manifest", data, "bulk"):
        said[line["propertyName"]] = line["value"]
    package.is_ours = said.get("source.systemCode") == SYSTEM
    if said.get("oneroster.version") not in _VERSIONS:
        package.fault("manifest", 0, "oneroster.version", _("Export as OneRoster 1.2."))
    for name in REQUIRED:
        mode = said.get(f"file.{name}", "absent").lower()
        if mode not in ("absent", "bulk", "delta"):
            package.fault("manifest", 0, f"file.{name}", _("It is absent, bulk or delta."))
        elif mode != "absent":
            package.modes[name] = mode


def _rows(package: Package, name: str, data: bytes, mode: str) -> list[Line]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        package.fault(name, 0, "", _("Its letters cannot be read. Save it as UTF-8."))
        return []
    if "\0" in text:
        package.fault(name, 0, "", _("There is a character in it that cannot be kept."))
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    start = 1
    try:
        heads = [head.strip() for head in next(reader, [])]
        for column in REQUIRED.get(name, ()):
            if column not in heads:
                package.fault(name, 1, column, _("This column is missing."))
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = {head: meant(cell.strip()) for head, cell in zip(heads, cells, strict=False)}
                lines.append(Line(start, row))
            start = reader.line_num + 1
    except csv.Error:
        package.fault(name, start, "", _("It cannot be read: is a quotation mark open?"))
        return []
    for line in lines:
        _check(package, name, line, mode)
    return lines


def _check(package: Package, name: str, line: Line, mode: str) -> None:
    for column in REQUIRED.get(name, ()):
        if not line[column] and not line.is_deleted:
            package.fault(name, line.number, column, _("This is empty."))
    if line["status"] not in ("", "active", "tobedeleted", "inactive"):
        package.fault(name, line.number, "status", _("It is active or tobedeleted."))
    elif mode == "delta" and not line["status"]:
        package.fault(name, line.number, "status", _("Say active or tobedeleted: the file is a delta."))
