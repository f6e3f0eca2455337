"""Bundles over REST: in, all or nothing; out, so that they come in again."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation
from courses.bundles.archive import pack
from courses.models import Course
from integrations.models import ApiEntry
from tests.courses.bundles.plain_bundle import ARTICLE, FILES
from tests.factories.articles import SkillFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


@pytest.fixture(autouse=True)
def skills() -> None:
    for slug in ("attribution", "loaded-language"):
        SkillFactory(slug=slug)


def send(lms: Program, files: Any = None, **fields: str) -> Any:
    packed = files if isinstance(files, bytes) else pack(files or FILES)
    form = {"file": SimpleUploadedFile("bundle.zip", packed), **fields}
    return lms.http.post("/api/v1/course-imports/", form, headers=lms.headers)


def counted(answer: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for change in answer.json()["changes"]:
        found[change["what"]] = found.get(change["what"], 0) + 1
    return found


def test_a_bundle_is_looked_at_imported_and_then_as_it_was(program: Programs, school: Organisation) -> None:
    lms = program()
    looked = send(lms, check="true")
    assert (looked.status_code, looked.json()["course"], looked.json()["checked"]) == (200, None, True)
    assert {change["uuid"] for change in looked.json()["changes"]} == {None}
    assert not Course.objects.exists()
    assert not ApiEntry.objects.exists()
    done = send(lms)
    course = Course.objects.get(organisation=school)
    assert (done.status_code, done.json()["course"]) == (201, str(course.uuid))
    assert counted(done) == counted(looked) == {"new": 9}
    kept = {one["resource"]: one["uuid"] for one in done.json()["changes"]}
    assert lms.get(f"/quizzes/{kept['quiz']}/").status_code == 200
    again = send(lms)
    assert (again.status_code, counted(again)) == (201, {"unchanged": 9})
    assert [entry.object_uuid for entry in ApiEntry.objects.all()] == [course.uuid] * 2


def test_a_bundle_with_faults_says_where_and_imports_nothing(program: Programs) -> None:
    broken = {**FILES, "articles/ferry.md": ARTICLE.replace("licence", "license")}
    refused = send(program(), broken)
    assert refused.status_code == 422
    assert refused.json()["type"].rpartition("/")[2] == "bundle-refused"
    faults = refused.json()["errors"]
    assert {fault["pointer"] for fault in faults} == {
        "/file/articles/ferry.md:2",
        "/file/articles/ferry.md:4",
    }
    assert {(fault["file"], fault["line"], fault["code"]) for fault in faults} == {
        ("articles/ferry.md", 2, "bundle-fault"),
        ("articles/ferry.md", 4, "bundle-fault"),
    }
    assert not Course.objects.exists()


@pytest.mark.parametrize(
    ("packed", "status", "pointer"),
    [
        pytest.param(b"no zip", 422, "/file", id="no ZIP file"),
        pytest.param(b"", 422, "/file", id="nothing"),
    ],
)
def test_what_is_no_bundle_is_refused(program: Programs, packed: bytes, status: int, pointer: str) -> None:
    refused = send(program(), packed)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (status, pointer)


def test_a_bundle_comes_out_as_it_goes_in(program: Programs) -> None:
    lms = program()
    course = send(lms).json()["course"]
    out = lms.get(f"/courses/{course}/bundle/")
    again = lms.get(f"/courses/{course}/bundle/", If_None_Match=out["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert out.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(out.content)) as archive:
        assert "lessons/who.yaml" in archive.namelist()
    again = send(lms, out.content)
    assert (again.status_code, counted(again)) == (201, {"unchanged": 9})


def test_a_course_without_lessons_has_no_bundle(program: Programs, school: Organisation) -> None:
    course = Course.objects.create(
        organisation=school, bundle="empty", title="Empty", published_at="2026-01-01T00:00:00Z"
    )
    refused = program().get(f"/courses/{course.uuid}/bundle/")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "export-refused")
