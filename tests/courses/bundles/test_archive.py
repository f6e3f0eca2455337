"""ZIP files of bundles: the same bytes every time, and nothing that a stranger's file could do."""

import io
import stat
import struct
import zipfile

import pytest

from courses.bundles import archive
from courses.bundles.archive import pack, unpack
from courses.bundles.faults import BundleRefused

pytestmark = pytest.mark.pure
FILES = {"course.yaml": "format: 1\n", "articles/ferry.md": "---\nՀայ\n"}


def zipped(*entries, **made):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, data in entries:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            for field, value in made.items():
                setattr(info, field, value)
            target.writestr(info, data)
    return packed.getvalue()


def unpacked(data, folder):
    unpack(io.BytesIO(data), folder)
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


def test_packed_and_unpacked_is_the_same(tmp_path):
    assert unpacked(pack(FILES), tmp_path) == FILES
    assert pack(FILES) == pack(dict(reversed(FILES.items())))


def test_a_folder_around_and_a_mac_are_passed_over(tmp_path):
    entries = [(f"my course/{name}", text) for name, text in FILES.items()]
    extra = [("__MACOSX/my course/._course.yaml", "x"), ("my course/.DS_Store", "x")]
    assert unpacked(zipped(*entries, *extra), tmp_path) == FILES


def link():
    info = zipfile.ZipInfo("articles/link.md")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((info, "/etc/passwd"))


def lying(data, size):
    """The ZIP file, which says that its first file has `size` bytes."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", size) + data[at + 4 :]


def latin_name():
    name, wanted = b"caf\xe9.md", b"caf_.md"
    return zipped(("caf_.md", "x")).replace(wanted, name)


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("articles/bomb.md", b"a" * 2_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "no ZIP file", id="empty"),
        pytest.param(b"PK\x03\x04 and then nothing", "no ZIP file", id="cut off"),
        pytest.param(zipped(("../out.md", "x")), "../out.md: the name leads out", id="upwards"),
        pytest.param(zipped(("/etc/out.md", "x")), "leads out", id="absolute"),
        pytest.param(zipped(("a\\..\\out.md", "x")), "leads out", id="backslashes"),
        pytest.param(zipped(("c:/out.md", "x")), "leads out", id="drive"),
        pytest.param(link(), "this is a link", id="link"),
        pytest.param(zipped(("a.md", "x"), ("A.md", "y")), "stands here twice", id="twice"),
        pytest.param(latin_name(), "not UTF-8", id="latin name"),
        pytest.param(bomb(), "2,000,000 bytes", id="bomb"),
        pytest.param(lying(bomb(), 10), "more than 1,000,000 bytes|no ZIP file", id="lying bomb"),
        pytest.param(
            zipped(("a.md", "x")).replace(b"PK\x01\x02", b"PK\x01\x03"), "no ZIP file", id="broken list"
        ),
    ],
)
def test_what_is_no_plain_bundle_is_refused(tmp_path, data, said):
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(BundleRefused, match=said):
        unpacked(data, inside)
    assert not [path for path in tmp_path.iterdir() if path != inside]


@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 1), ("MOST_UNPACKED", 5)])
def test_too_much_is_refused(tmp_path, monkeypatch, limit, value):
    monkeypatch.setattr(archive, limit, value)
    with pytest.raises(BundleRefused, match="the most is"):
        unpacked(pack(FILES), tmp_path)


def test_an_encrypted_file_is_refused(tmp_path):
    data = bytearray(zipped(("a.md", "x")))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    with pytest.raises(BundleRefused, match="encrypted"):
        unpacked(bytes(data), tmp_path)
