"""Bundles as one ZIP file: packed the same way every time, and unpacked without trust."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path as FilePath
from typing import BinaryIO

from courses.bundles.faults import BundleRefused, Faults
from courses.bundles.source import MOST_BYTES

MOST_FILES = 2_000
MOST_UPLOADED = 20_000_000  # bytes of the ZIP file itself
MOST_UNPACKED = 50_000_000  # bytes of all files together
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file knows
_UTF8 = 0x800  # the flag that says so of a name
_ENCRYPTED = 0x1


def pack(files: Mapping[str, str]) -> bytes:
    """The files as a ZIP file: the same bytes for the same files."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name].encode(), compresslevel=9)
    return packed.getvalue()


def unpack(file: BinaryIO, root: FilePath) -> None:
    """Write the files of a ZIP file under `root`, an empty folder.

    A folder around all of them is left out. Raises BundleRefused for whatever is no plain bundle: nothing is
    written outside `root`, no link, and no more than a bundle needs.
    """
    faults = Faults()
    try:
        with zipfile.ZipFile(file) as archive:
            entries = list(_entries(archive, faults))
            if not faults.found:
                _write(archive, entries, root, faults)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        faults.add("", "this is no ZIP file that can be read. Pack the folder of the bundle again.")
    if faults.found:
        raise BundleRefused(faults)


def _entries(archive: zipfile.ZipFile, faults: Faults) -> Iterator[zipfile.ZipInfo]:
    """The files to unpack; what may not be unpacked becomes a fault."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        faults.add("", f"there are {len(entries):,} files; the most is {MOST_FILES:,}.")
        return
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED:
        faults.add("", f"the files have {unpacked:,} bytes together; the most is {MOST_UNPACKED:,}.")
        return
    seen: set[str] = set()
    for entry in entries:
        message = _refusal(entry)
        if not message and entry.filename.casefold() in seen:
            message = "this file stands here twice. Take one out."
        seen.add(entry.filename.casefold())
        if message:
            faults.add(_shown(entry.filename), message)
        else:
            yield entry


def _refusal(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not name.isascii() and not entry.flag_bits & _UTF8:
        return "the name of the file is not UTF-8. Names are lower case letters, digits and hyphens."
    if (
        name.startswith("/")
        or "\\" in name
        or ":" in name
        or ".." in name.split("/")
        or "\0" in entry.orig_filename
    ):
        return "the name leads out of the bundle. Pack the folder itself, with plain names."
    if kind not in {0, stat.S_IFREG}:
        return "this is a link or a device, not a file. Put the file itself there."
    if entry.flag_bits & _ENCRYPTED:
        return "the file is encrypted. Pack it without a password."
    if entry.file_size > MOST_BYTES:
        return f"the file has {entry.file_size:,} bytes; the most is {MOST_BYTES:,}. Cut it into several."
    return ""


def _shown(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()[:120]


def _write(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], root: FilePath, faults: Faults) -> None:
    around = _folder_around([entry.filename for entry in entries])
    for entry in entries:
        name = entry.filename.removeprefix(around)
        if any(part.startswith(".") or part == "__MACOSX" for part in name.split("/")):
            continue
        with archive.open(entry) as packed:
            data = packed.read(MOST_BYTES + 1)  # what its header says may be a lie
        if len(data) > MOST_BYTES:
            faults.add(name, f"the file has more than {MOST_BYTES:,} bytes. Cut it into several.")
            return
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _folder_around(names: list[str]) -> str:
    """The one folder that a whole bundle was packed with, as "name/"; "" if it was packed without."""
    plain = [name for name in names if not name.startswith(("__MACOSX/", "."))]
    tops = {name.partition("/")[0] for name in plain}
    if len(tops) == 1 and f"{(top := tops.pop())}/course.yaml" in plain:
        return f"{top}/"
    return ""
