"""Bundles in the admin: out as one file, in by a preview that does not lie."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import roles
from courses.bundles import waiting
from courses.bundles.archive import pack
from courses.bundles.export import export
from courses.bundles.load import load
from courses.models import Course, Lesson
from quizzes.models import Quiz
from tests.admin.pages import address, said
from tests.admin.staff import with_role
from tests.courses.bundles.plain_bundle import FILES, write_bundle
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import SkillFactory

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/courses/course/import/"


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    for slug in ("attribution", "loaded-language"):
        SkillFactory(slug=slug)


@pytest.fixture
def reviewer(client):
    """A reviewer of one organisation, signed in."""
    person = OrganisationMemberFactory(user=with_role(StaffFactory(), roles.REVIEWER)).user
    client.force_login(person)
    return person


def employer(person):
    return person.organisation_memberships.get().organisation


def upload(client, files, organisation):
    data = files if isinstance(files, bytes) else pack(files)
    form = {"file": SimpleUploadedFile("bundle.zip", data), "organisation": organisation.pk}
    return client.post(UPLOAD, form)


def looked_at(client, files, organisation):
    return client.get(upload(client, files, organisation)["Location"])


def parts(response):
    return {words.split(",")[0]: {title for _, title, _ in rows} for words, rows in response.context["parts"]}


def test_a_bundle_is_looked_at_and_imported(client, reviewer):
    page = upload(client, FILES, employer(reviewer))["Location"]
    told = parts(client.get(page))
    assert told == {
        "New": {
            "Read the ferry",
            "The night ferry",
            "The board",
            "The letter",
            "A note",
            "A first try",
            "The end",
        }
        | {"Who says so?"}
    }
    assert not Course.objects.exists()
    response = client.post(page, follow=True)
    course = Course.objects.get()
    assert (course.organisation, course.published_at is None) == (employer(reviewer), False)
    assert response.request["PATH_INFO"] == address(Course, "change", course.pk)
    assert said(response)[0].startswith("Imported: 1 new or changed articles, 3 new")
    assert LogEntry.objects.get().get_change_message().startswith("Imported: ")
    assert client.post(page)["Location"] == UPLOAD  # used up


def test_a_preview_says_what_changes_what_stays_and_what_goes(client, reviewer, tmp_path):
    (tmp_path / "b").mkdir()
    load(write_bundle(tmp_path / "b"), employer(reviewer))
    files = {name: text for name, text in FILES.items() if "end" not in name and "exam" not in name}
    files["course.yaml"] = files["course.yaml"].replace("[who, end]", "[who]")
    files["quizzes/try.yaml"] = files["quizzes/try.yaml"].replace("It judges.", "It judges him.")
    response = looked_at(client, files, employer(reviewer))
    told = parts(response)
    assert told["Changed"] == {"The letter"}
    assert told["Archived"] == {"A note", "The end"}
    assert {"The night ferry", "The board", "A first try", "Read the ferry"} <= told["Unchanged"]
    assert "New" not in told
    quiz = Quiz.objects.get(ref="exam")
    assert address(Quiz, "change", quiz.pk) in response.content.decode()
    assert (quiz.archived_at, Lesson.objects.filter(archived_at=None).count()) == (None, 2)


def test_faults_are_shown_by_file_and_line_and_nothing_is_imported(client, reviewer):
    files = {**FILES, "quizzes/exam.yaml": FILES["quizzes/exam.yaml"].replace("right: [a]", "right: [z]")}
    shown = looked_at(client, files, employer(reviewer)).content.decode()
    assert "<code>quizzes/exam.yaml:17</code>" in shown
    assert "“z” is none of the options." in shown
    assert not Course.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 50, pack({"../../x": "y"}), pack({})])
def test_what_is_no_bundle_is_refused_in_words(client, reviewer, data):
    response = looked_at(client, data, employer(reviewer))
    assert response.status_code == 200
    assert response.context["faults"]


def test_an_author_looks_but_does_not_import(client, reviewer):
    reviewer.groups.clear()
    with_role(reviewer, roles.AUTHOR)
    page = upload(client, FILES, employer(reviewer))["Location"]
    shown = client.get(page)
    assert "An import publishes what it brings." in shown.content.decode()
    assert client.post(page).status_code == 403
    assert not Course.objects.exists()


def test_an_upload_is_its_uploaders_for_a_day(client, reviewer, settings):
    page = upload(client, FILES, employer(reviewer))["Location"]
    other = OrganisationMemberFactory(
        organisation=employer(reviewer), user=with_role(StaffFactory(), roles.REVIEWER)
    ).user
    client.force_login(other)
    assert client.get(page)["Location"] == UPLOAD
    client.force_login(reviewer)
    assert client.get(page).status_code == 200
    (kept,) = Path(settings.VAR_DIR).rglob("*.zip")
    os.utime(kept, (1, 1))
    assert client.get(page)["Location"] == UPLOAD
    upload(client, FILES, employer(reviewer))
    assert not kept.exists()


def test_an_import_goes_to_ones_own_organisation_only(client, reviewer):
    other = OrganisationFactory()
    response = upload(client, FILES, other)
    assert list(response.context["form"].errors) == ["organisation"]
    token = waiting.keep(file=SimpleUploadedFile("b.zip", pack(FILES)), by=reviewer)
    guessed = reverse("admin:courses_course_import_preview", args=[token, other.pk])
    assert client.post(guessed)["Location"] == UPLOAD
    assert not Course.objects.exists()


def test_a_preview_can_be_thrown_away(client, reviewer, settings):
    page = upload(client, FILES, employer(reviewer))["Location"]
    client.post(page, {"forget": "1"})
    assert not list(Path(settings.VAR_DIR).rglob("*.zip"))


def test_a_course_is_downloaded(client, reviewer, tmp_path):
    load(write_bundle(tmp_path), employer(reviewer))
    course = Course.objects.get()
    assert "Download as bundle" in client.get(address(Course, "change", course.pk)).content.decode()
    response = client.get(address(Course, "bundle", course.pk))
    assert response["Content-Disposition"] == 'attachment; filename="ferry-course.zip"'
    assert response.content == pack(export(course))
    assert "quizzes/exam.yaml" in zipfile.ZipFile(io.BytesIO(response.content)).namelist()


def test_who_sees_no_keys_downloads_nothing(client, tmp_path):
    load(write_bundle(tmp_path), organisation := OrganisationFactory())
    course = Course.objects.get()
    for role, status in ((roles.TEACHER, 403), (roles.AUTHOR, 200)):
        person = with_role(StaffFactory(), role)
        OrganisationMemberFactory(user=person, organisation=organisation)
        client.force_login(person)
        assert client.get(address(Course, "bundle", course.pk)).status_code == status
    client.force_login(OrganisationMemberFactory(user=with_role(StaffFactory(), roles.AUTHOR)).user)
    assert client.get(address(Course, "bundle", course.pk)).status_code == 404


def test_the_command_writes_a_folder_and_a_file(tmp_path, capsys):
    load(write_bundle(tmp_path), organisation := OrganisationFactory())
    course = Course.objects.get()
    files = export(course)
    call_command("export_course", str(course.uuid), str(tmp_path / "out"))
    written = {p.relative_to(tmp_path / "out").as_posix(): p for p in (tmp_path / "out").rglob("*.*")}
    assert {name: path.read_text() for name, path in written.items()} == files
    call_command("export_course", "ferry-course", str(tmp_path / "x.zip"), organisation=organisation.slug)
    assert (tmp_path / "x.zip").read_bytes() == pack(files)
    for name, path in (("ferry-course", "new"), (str(course.uuid), "out")):
        with pytest.raises(CommandError):
            call_command("export_course", name, str(tmp_path / path))
