"""OneRoster packages: out, and in again; all or nothing, with the file and line of each fault."""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Cohort, CohortMember, ExternalIdentity, Organisation, User
from integrations.models import ApiEntry
from integrations.oneroster import archives, columns
from integrations.oneroster.bringing_in import bring_in
from quizzes import grades, score_rows
from quizzes.models import AssignmentScore
from tests.factories.accounts import CohortFactory, CohortMemberFactory, OrganisationFactory, PupilFactory
from tests.factories.quizzes import AssignmentFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]

MANIFEST = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n"
USERS = "sourcedId,status,enabledUser,username,givenName,familyName,identifier,preferredGivenName\n"
CLASSES = "sourcedId,status,title,schoolSourcedId,termSourcedIds\n"
PLACES = "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
SCHOOL: dict[str, str] = {
    "orgs": "sourcedId,name,type\no1,School,school\n",
    "academicSessions": "sourcedId,title,type,startDate,endDate\nt1,Autumn,term,2026-09-01,2027-02-01\n",
    "users": USERS
    + "u1,,true,sam,Sam,Lindqvist,,Heron\n"
    + "u2,,true,kim,Kim,Aydin,n-2,\n"
    + "u3,,true,ola,Ola,Berg,,\n"
    + "u4,,true,office,Office,Only,,\n",
    "classes": CLASSES + "c1,,7b English,o1,t1\n",
    "enrollments": PLACES
    + "e1,,c1,o1,u1,student,false,,\n"
    + "e2,,c1,o1,u2,student,,,\n"
    + "e3,,c1,o1,u3,teacher,true,,\n"
    + "e4,,c1,o1,u4,administrator,,,\n",
}


def package(mode: str = "bulk", **files: str) -> bytes:
    said = MANIFEST + "".join(f"file.{name},{mode}\n" for name in files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"manifest": said, **files}.items():
            archive.writestr(f"{name}.csv", text)
    return out.getvalue()


def send(lms: Program, data: bytes) -> Any:
    return lms.http.post(
        "/api/v1/oneroster-imports/", data, content_type="application/zip", headers=lms.headers
    )


def faults(answer: Any) -> list[str]:
    return [fault["pointer"] for fault in answer.json()["errors"]]


def roster(organisation: Organisation) -> list[tuple[Any, ...]]:
    live = (
        CohortMember.objects.live().filter(cohort__organisation=organisation).select_related("cohort", "user")
    )
    return sorted(
        (one.cohort.external_id, one.cohort.name, str(one.user), one.real_name, one.role) for one in live
    )


def files(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
        }


def test_a_package_is_brought_in_and_the_same_again_changes_nothing(
    program: Programs, school: Organisation
) -> None:
    lms, data = program(), package(**SCHOOL)
    first = send(lms, data)
    assert (first.status_code, first.json()) == (
        200,
        {"classes": {"created": 1}, "memberships": {"created": 3}, "archived": []},
    )
    assert roster(school) == [
        ("c1", "7b English", "Heron", "Sam Lindqvist", "learner"),
        ("c1", "7b English", "Kim", "Kim Aydin", "learner"),
        ("c1", "7b English", "Ola", "Ola Berg", "teacher"),
    ]
    cohort = Cohort.objects.get()
    assert (cohort.starts_on, cohort.ends_on) == (date(2026, 9, 1), date(2027, 1, 31))
    assert not User.objects.filter(display_name="Office").exists()  # who is in no class is not kept
    entries = ApiEntry.objects.count()
    again = send(lms, data)
    assert again.json() == {"classes": {"unchanged": 1}, "memberships": {"unchanged": 3}, "archived": []}
    assert entries == ApiEntry.objects.count() == 4


def test_a_whole_export_ends_the_places_that_it_leaves_out(program: Programs, school: Organisation) -> None:
    lms = program()
    send(lms, package(**SCHOOL))
    own = CohortMemberFactory(cohort=Cohort.objects.get()).user  # by a code: not the file's to end
    left = SCHOOL | {"enrollments": PLACES + "e1,,c1,o1,u1,student,,,\n" + "e3,,c1,o1,u3,teacher,,,\n"}
    assert send(lms, package(**left)).json()["memberships"] == {"unchanged": 2, "updated": 1}
    assert {row[2] for row in roster(school)} == {"Heron", "Ola", str(own)}


def test_a_delta_changes_what_it_names(program: Programs, school: Organisation) -> None:
    lms = program()
    send(lms, package(**SCHOOL))
    delta = {
        "users": USERS + "u2,tobedeleted,true,kim,Kim,Aydin,,\n" + "u5,active,true,noa,Noa,Roy,,\n",
        "enrollments": PLACES + "e5,active,c1,o1,u5,student,,,\n" + "e1,tobedeleted,c1,o1,u1,student,,,\n",
    }
    assert send(lms, package("delta", **delta)).status_code == 200
    assert {row[2] for row in roster(school)} == {"Noa", "Ola"}
    ended = send(lms, package("delta", classes=CLASSES + "c1,tobedeleted,7b English,o1,t1\n"))
    assert (ended.json()["classes"], Cohort.objects.active().count()) == ({"archived": 1}, 0)
    assert send(lms, package(**SCHOOL)).json()["archived"] == ["c1"]  # what is over here stays so


def test_who_is_known_by_the_schools_number_is_not_made_again(
    program: Programs, school: Organisation
) -> None:
    known = PupilFactory(organisation=school, organisation__subject="n-2", display_name="Known")
    send(program(), package(**SCHOOL))
    assert CohortMember.objects.get(real_name="Kim Aydin").user == known
    assert sorted(known.external_identities.values_list("issuer", "subject")) == [
        ("oneroster", "u2"),
        ("roster", "n-2"),
    ]
    entry = ApiEntry.objects.get(kind="accounts.externalidentity")
    assert entry.person == known  # what is said of them is forgotten with them
    assert (entry.before, entry.after) == (
        None,
        {"user": str(known.uuid), "issuer": "oneroster", "subject": "u2"},
    )


@pytest.mark.parametrize(
    ("file", "was", "now", "left"),
    [
        ("enrollments", "e2,,", "e2,inactive,", {"Heron", "Ola"}),
        ("users", "u1,,", "u1,inactive,", {"Kim", "Ola"}),
        ("classes", "c1,,", "c1,inactive,", set()),
    ],
)
def test_what_is_inactive_is_over(
    program: Programs, school: Organisation, file: str, was: str, now: str, left: set[str]
) -> None:
    lms = program()
    send(lms, package(**SCHOOL))
    answer = send(lms, package(**SCHOOL | {file: SCHOOL[file].replace(was, now)}))
    assert answer.status_code == 200, answer.json()
    assert {row[2] for row in roster(school) if Cohort.objects.active().exists()} == left


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            {"enrollments": PLACES + "e,,c9,o1,u1,student,,,\n"},
            ["/enrollments.csv/2/classSourcedId"],
            id="class",
        ),
        pytest.param(
            {"enrollments": PLACES + "\ne,,c1,o1,u9,student,,,\n"},
            ["/enrollments.csv/3/userSourcedId"],
            id="user",
        ),
        pytest.param(
            {"enrollments": PLACES + "e,,c1,o1,u1,pupil,,,\n"}, ["/enrollments.csv/2/role"], id="role"
        ),
        pytest.param({"users": USERS + "u1,,true,s,Sam,L,,\n" * 2}, ["/users.csv/3/sourcedId"], id="twice"),
        pytest.param(
            {"users": 'sourcedId,givenName\nu1,"Sam'}, ["/users.csv/1/familyName", "/users.csv/2"], id="quote"
        ),
        pytest.param({"classes": CLASSES + "c1,,,o1,t1\n"}, ["/classes.csv/2/title"], id="no title"),
        pytest.param(
            {"classes": CLASSES + "c1,,7b,o2,t2\n"},
            ["/classes.csv/2/schoolSourcedId", "/classes.csv/2/termSourcedIds"],
            id="unknown",
        ),
        pytest.param(
            {"academicSessions": "sourcedId,type,startDate,endDate\nt1,term,1.9.,x\n"},
            ["/academicSessions.csv/2/startDate", "/academicSessions.csv/2/endDate"],
            id="days",
        ),
    ],
)
def test_faults_are_told_by_file_and_line_and_nothing_is_written(
    program: Programs, change: dict[str, str], expected: list[str]
) -> None:
    refused = send(program(), package(**(SCHOOL | change)))
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "oneroster-refused")
    told = faults(refused)  # and what follows from them: a user who is not there is missed elsewhere
    assert [fault for fault in told if fault in expected] == expected
    assert Cohort.objects.count() == ApiEntry.objects.count() == 0


def test_what_the_roster_refuses_has_its_line_too(program: Programs, school: Organisation) -> None:
    lms = program()
    send(lms, package(**SCHOOL))
    teaches = SCHOOL | {"enrollments": PLACES + "e1,,c1,o1,u1,teacher,,,\n" + "e3,,c1,o1,u3,teacher,,,\n"}
    before = roster(school)
    assert faults(send(lms, package(**teaches))) == ["/enrollments.csv/2/role"]
    assert roster(school) == before


def zipped(**files: str) -> bytes:
    """Any files, with no manifest but what is given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"sourcedId,name", id="no zip"),
        pytest.param(package()[:-30], id="cut off"),
        pytest.param(b"0" * (archives.LARGEST + 1), id="too large"),
        pytest.param(zipped(manifest=MANIFEST, users="0" * 300_000), id="too much in it"),
        pytest.param(zipped(users=USERS), id="no manifest"),
    ],
)
def test_what_is_no_package_is_refused(
    program: Programs, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_LARGEST_UNPACKED", 200_000)
    refused = send(program(), data)
    assert (refused.status_code, faults(refused)) == (422, ["/zip"])


def filled(school: Organisation) -> Cohort:
    """A class with everything that a package can hold."""
    dated = CohortFactory(
        organisation=school,
        external_id="c1",
        name="=7b",
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 1, 31),
    )
    CohortFactory(organisation=school, external_id="c2", name="8a")
    for nickname, real_name, role in (
        ("Heron", "Sam van Dyk", "learner"),
        ("Finch", "", "learner"),
        ("Wren", "Kim", "learner"),
        ("Ola", "Ola Berg", "teacher"),
        ("Noa", "-Noa Roy", "assistant"),
    ):
        user = PupilFactory(organisation=school, display_name=nickname)
        CohortMemberFactory(cohort=dated, user=user, real_name=real_name, role=role)
    return dated


def test_what_goes_out_comes_in_again_as_it_was(program: Programs, school: Organisation) -> None:
    filled(school)
    other = OrganisationFactory()
    data = program().get("/oneroster-exports/").content
    assert send(program(organisation=other, name="Other"), data).status_code == 200
    assert roster(other) == roster(school) != []
    dates = Cohort.objects.order_by("external_id", "pk").values_list("name", "starts_on", "ends_on")
    assert [dates[0], dates[2]] == [dates[1], dates[3]]


def test_our_own_package_changes_nothing_where_it_comes_from(program: Programs, school: Organisation) -> None:
    cohort = filled(school)
    unnamed = CohortFactory(organisation=school, external_id="", name="9c", starts_on=date(2026, 9, 1))
    CohortMemberFactory(cohort=unnamed, user=User.objects.get(display_name="Heron"), real_name="")
    CohortMemberFactory(cohort=unnamed, user=PupilFactory(display_name="By code"), real_name="By code")
    CohortMemberFactory(cohort=unnamed, user=PupilFactory(organisation=school, organisation__subject="n-7"))
    lms, before = program(), roster(school)
    ids = set(ExternalIdentity.objects.values_list("issuer", "subject"))
    data = lms.get("/oneroster-exports/").content
    said = {row["propertyName"]: row["value"] for row in files(data)["manifest"]}
    assert said["source.systemName"] == "Read it twice"
    answer = send(lms, data).json()
    assert (answer["classes"], answer["memberships"]) == ({"unchanged": 3}, {"unchanged": 8})
    assert (roster(school), set(ExternalIdentity.objects.values_list("issuer", "subject"))) == (before, ids)
    unnamed.refresh_from_db()
    assert (unnamed.starts_on, unnamed.ends_on) == (date(2026, 9, 1), None)
    # What somebody changes in it is brought in: a name, and who has left.
    changed = files(data)
    for row in changed["users"]:
        row["familyName"] = row["familyName"].replace("Dyk", "Dijk")
    changed["enrollments"] = [row for row in changed["enrollments"] if row["role"] != "proctor"]
    texts = {}
    for name, rows in changed.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        texts[name] = out.getvalue()
    assert send(lms, zipped(**texts)).json()["memberships"] == {"unchanged": 5, "updated": 3}
    assert not CohortMember.objects.live().filter(cohort=cohort, role="assistant").exists()
    assert CohortMember.objects.filter(real_name="Sam van Dijk").count() == 2


def test_a_package_of_others_names_nobody_of_another_school(program: Programs, school: Organisation) -> None:
    theirs = CohortMemberFactory(cohort__organisation=OrganisationFactory())
    place = f"e1,,{theirs.cohort.uuid},o1,{theirs.user.uuid},student,,,\n"
    mine = {
        "users": USERS + f"{theirs.user.uuid},,true,sam,Sam,Lindqvist,,\n",
        "classes": CLASSES + f"{theirs.cohort.uuid},,7b,o1,t1\n",
        "enrollments": PLACES + place,
    }
    assert send(program(), package(**(SCHOOL | mine))).status_code == 200
    made = CohortMember.objects.get(cohort__organisation=school)
    assert made.user != theirs.user
    assert made.cohort != theirs.cohort


def test_a_package_out_is_as_the_specification_has_it(program: Programs, school: Organisation) -> None:
    cohort = filled(school)
    answer = program().get("/oneroster-exports/")
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/zip", True)
    found = files(answer.content)
    said = {row["propertyName"]: row["value"] for row in found.pop("manifest")}
    assert said["oneroster.version"] == "1.2"
    assert {name for name in columns.FILES if said[f"file.{name}"] == "bulk"} == set(found)
    assert {name: tuple(rows[0]) for name, rows in found.items()} == {
        name: columns.COLUMNS[name] for name in found
    }
    assert next(row for row in found["classes"] if row["sourcedId"] == "c1")["title"] == "'=7b"
    primary = [row for row in found["enrollments"] if row["primary"] == "true"]
    assert [row["role"] for row in primary] == ["teacher"]
    member = CohortMember.objects.get(cohort=cohort, role="assistant")
    assert (
        next(row for row in found["enrollments"] if row["sourcedId"] == str(member.uuid))["role"] == "proctor"
    )


def test_results_tell_only_marks_that_count(program: Programs, school: Organisation) -> None:
    cohort = filled(school)
    lms = program()
    teacher = CohortMember.objects.get(cohort=cohort, role="teacher").user
    told, held = (
        AssignmentFactory(cohort=cohort, quiz__organisation=school, **more)
        for more in ({}, {"release": "held", "due_at": timezone.now()})
    )
    heron, finch = (User.objects.get(display_name=name) for name in ("Heron", "Finch"))
    for assignment in (told, held):
        grades.enter(
            assignment=assignment, learner=heron, kind="override", fraction=0.5, reason="oral", by=teacher
        )
    grades.enter(assignment=told, learner=finch, kind="excused", reason="ill", by=teacher)
    learners = User.objects.filter(display_name__in=["Heron", "Finch", "Wren"])
    score_rows.touch((assignment.pk, one.pk) for assignment in (told, held) for one in learners)
    changed = timezone.now() - timedelta(days=3)
    AssignmentScore.objects.update(updated_at=changed)
    assert lms.within("roster:read").get("/oneroster-exports/?results=true").status_code == 403
    found = files(lms.get(f"/oneroster-exports/?results=true&cohort={cohort.uuid}").content)
    maximum = float(
        next(row for row in found["lineItems"] if row["sourcedId"] == str(told.uuid))["resultValueMax"]
    )
    who = {row["sourcedId"]: row["preferredGivenName"] for row in found["users"]}
    which = {str(told.uuid): "told", str(held.uuid): "held"}
    assert {
        (which[row["lineItemSourcedId"]], who[row["studentSourcedId"]]): (
            row["scoreStatus"],
            row["score"] and float(row["score"]) / maximum,
            row["missing"],
        )
        for row in found["results"]
    } == {
        ("told", "Heron"): ("fully graded", 0.5, "false"),
        ("told", "Finch"): ("exempt", "", "false"),
        ("told", "Wren"): ("not submitted", "", "false"),
        ("held", "Heron"): ("submitted", "", "false"),
        ("held", "Finch"): ("not submitted", "", "true"),
        ("held", "Wren"): ("not submitted", "", "true"),
    }
    scores = lms.get("/scores/").json()["results"]
    assert {row["sourcedId"] for row in found["results"]} == {row["uuid"] for row in scores}
    moment = changed.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    day = str(changed.astimezone(ZoneInfo(cohort.timezone)).date())
    assert {(row["dateLastModified"], row["scoreDate"]) for row in found["results"]} == {(moment, day)}


def test_days_are_those_of_the_class(program: Programs, school: Organisation) -> None:
    cohort = CohortFactory(organisation=school, timezone="America/New_York")
    Cohort.objects.update(created_at=datetime(2026, 8, 1, 3, tzinfo=UTC))  # July there: of the year before
    night = datetime(2026, 9, 2, 1, tzinfo=UTC)
    CohortMemberFactory(cohort=cohort, joined_at=night)
    due = night + timedelta(days=7)
    AssignmentFactory(cohort=cohort, quiz__organisation=school, opens_at=night, due_at=due)
    found = files(program().get("/oneroster-exports/?results=true").content)
    assert [row["beginDate"] for row in found["enrollments"]] == ["2026-09-01"]
    assert [(row["assignDate"], row["dueDate"]) for row in found["lineItems"]] == [
        ("2026-09-01", "2026-09-08")
    ]
    assert [row["startDate"] for row in found["academicSessions"]] == ["2025-08-01"]


def test_a_place_ends_on_the_schools_day(
    school: Organisation, head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.timezone = "America/New_York"
    night = datetime(2026, 12, 15, 3, tzinfo=UTC)
    with_end = SCHOOL["enrollments"].replace("u1,student,false,,", "u1,student,false,,2026-12-15")
    data = package(**SCHOOL | {"enrollments": with_end})
    left = []
    for now in (night, night + timedelta(hours=4)):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        bring_in(by=head, organisation=school, data=data)
        left.append(any(row[2] == "Heron" for row in roster(school)))
    assert left == [True, False]


def test_a_package_that_a_program_has_is_not_sent_again(
    program: Programs, school: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(school)
    lms = program()
    tag = lms.get("/oneroster-exports/")["ETag"]
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)  # what a ZIP file would say of its files
    again = lms.get("/oneroster-exports/", If_None_Match=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    Cohort.objects.filter(external_id="c1").update(name="8b")
    assert lms.get("/oneroster-exports/", If_None_Match=tag).status_code == 200


def test_only_classes_of_the_organisation_go_out(program: Programs, school: Organisation) -> None:
    theirs = CohortFactory()
    lms = program()
    assert lms.get(f"/oneroster-exports/?cohort={theirs.uuid}").status_code == 404
    assert lms.get("/oneroster-exports/?class=7b").status_code == 400
    assert files(lms.get("/oneroster-exports/").content)["classes"] == []


def test_an_export_takes_as_many_queries_for_many_people(program: Programs, school: Organisation) -> None:
    lms, cohort = program(), CohortFactory(organisation=school)
    counts = []
    for number in (1, 20):
        for _one in range(number):
            CohortMemberFactory(cohort=cohort, user=PupilFactory(organisation=school))
        with CaptureQueriesContext(connection) as asked:
            lms.get("/oneroster-exports/?results=true")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_command_brings_in_and_writes_packages(school: Organisation, head: User, tmp_path: Any) -> None:
    file, out = tmp_path / "in.zip", tmp_path / "out.zip"
    file.write_bytes(package(**SCHOOL))
    with pytest.raises(CommandError, match="--by"):
        call_command("oneroster", "in", school.slug, str(file))
    call_command("oneroster", "in", school.slug, str(file), by=head.username, stdout=io.StringIO())
    call_command("oneroster", "out", school.slug, str(out), results=True, stdout=io.StringIO())
    assert [row["sourcedId"] for row in files(out.read_bytes())["users"]] == ["u1", "u2", "u3"]
    file.write_bytes(package(**(SCHOOL | {"users": USERS})))
    with pytest.raises(CommandError, match=r"enrollments\.csv:2: userSourcedId"):
        call_command("oneroster", "in", school.slug, str(file), by=head.username)
