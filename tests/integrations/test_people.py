"""Users, classes and memberships over the API: what a program may make and change, and whose account is not its own."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import erasing
from accounts.models import Cohort, CohortMember, ExternalIdentity, Organisation, OrganisationMember, User
from accounts.roster import ids
from courses.models import Enrolment
from integrations.models import ApiEntry
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PupilFactory,
    UserFactory,
)
from tests.factories.courses import CohortCourseFactory
from tests.factories.quizzes import AttemptFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
AGES_AGO = timezone.now() - timedelta(days=400)
NEW = {"external_ids": [{"subject": "s-1"}, {"issuer": "sis", "subject": "9"}], "display_name": "Blue Heron"}


def problem(answer: Any) -> tuple[int, str, list[str]]:
    """Status, kind, and the fields that have to be mended."""
    said = answer.json()
    kind = said["type"].rpartition("/")[2]
    return answer.status_code, kind, [fault["pointer"] for fault in said.get("errors", [])]


def test_a_made_person_signs_in_by_launch_only(program: Programs) -> None:
    answer = program().post("/users/", {**NEW, "language": "en", "timezone": "Europe/Berlin"})
    said, made = answer.json(), User.objects.get(display_name="Blue Heron")
    assert (answer.status_code, made.has_usable_password(), made.kind, made.email) == (
        201,
        False,
        "person",
        "",
    )
    assert said == {
        "uuid": str(made.uuid),
        "username": "blue-heron",
        "external_ids": [{"issuer": "roster", "subject": "s-1"}, {"issuer": "sis", "subject": "9"}],
        "display_name": "Blue Heron",
        "language": "en",
        "timezone": "Europe/Berlin",
        "erased_at": None,
        "created_at": said["created_at"],
        "updated_at": said["updated_at"],
    }
    entry = ApiEntry.objects.get()
    assert (entry.object_uuid, entry.scope, entry.before, entry.after) == (
        made.uuid,
        "roster:write",
        None,
        said,
    )


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        pytest.param({"external_ids": []}, (422, "required", ["/external_ids"]), id="no id"),
        pytest.param(
            {"display_name": "a@b.c"}, (422, "invalid", ["/display_name"]), id="an address as a name"
        ),
        pytest.param({"timezone": "Mars"}, (400, "invalid", ["/timezone"]), id="no zone"),
        pytest.param({"language": "xx"}, (400, "invalid", ["/language"]), id="no language"),
        pytest.param(
            {"external_ids": [{"subject": "held"}]}, (409, "external-id-taken", ["/external_ids"]), id="taken"
        ),
    ],
)
def test_a_person_that_cannot_be_made_is_refused(
    program: Programs, school: Organisation, body: dict[str, Any], refusal: Any
) -> None:
    PupilFactory(organisation=school, organisation__subject="held")
    assert problem(program().post("/users/", {**NEW, **body})) == refusal
    assert User.objects.people().count() == 2  # the pupil, and who made the client


def test_another_schools_ids_are_not_shown_and_may_be_the_same(
    program: Programs, school: Organisation
) -> None:
    pupil = PupilFactory(organisation=school)
    ExternalIdentity.objects.create(
        user=pupil, organisation=OrganisationFactory(), issuer="theirs", subject="x"
    )
    PupilFactory(organisation__subject="s-1")
    lms = program()
    assert [one["issuer"] for one in lms.get(f"/users/{pupil.uuid}/").json()["external_ids"]] == ["roster"]
    assert lms.post("/users/", NEW).status_code == 201


def joined_by_themselves(pupil: User) -> None:
    pupil.set_password("three grey words")
    pupil.save()


def in_another_schools_class(pupil: User) -> None:
    CohortMemberFactory(user=pupil)


def named_by_another_school(pupil: User) -> None:
    ExternalIdentity.objects.create(
        user=pupil, organisation=OrganisationFactory(), issuer="roster", subject="z"
    )


def at_work(pupil: User) -> None:
    OrganisationMember.objects.create(user=pupil, organisation=pupil.external_identities.get().organisation)


def staff(pupil: User) -> None:
    User.objects.filter(pk=pupil.pk).update(is_staff=True)


def superuser(pupil: User) -> None:
    User.objects.filter(pk=pupil.pk).update(is_superuser=True)


def with_rights(pupil: User) -> None:
    pupil.groups.add(Group.objects.get_or_create(name="author")[0])


def without_an_id_of_ours(pupil: User) -> None:
    CohortMemberFactory(
        user=pupil, cohort=CohortFactory(organisation=pupil.external_identities.get().organisation)
    )
    pupil.external_identities.all().delete()


OTHERS = [
    joined_by_themselves,
    in_another_schools_class,
    named_by_another_school,
    at_work,
    staff,
    superuser,
    with_rights,
    without_an_id_of_ours,
]


@pytest.mark.parametrize("become", OTHERS)
def test_a_program_changes_no_account_that_is_not_its_schools_alone(
    program: Programs, school: Organisation, become: Callable[[User], None]
) -> None:
    pupil = PupilFactory(organisation=school)
    become(pupil)
    lms, before = program(), list(ExternalIdentity.objects.values_list("subject", flat=True))
    for change in ({"display_name": "Mine"}, {"external_ids": [{"subject": "mine"}]}, {"language": "en"}):
        assert problem(lms.patch(f"/users/{pupil.uuid}/", change)) == (409, "not-yours-to-change", [""])
    assert list(ExternalIdentity.objects.values_list("subject", flat=True)) == before


def test_a_change_replaces_the_ids_and_is_logged(program: Programs, school: Organisation) -> None:
    pupil = PupilFactory(organisation=school, organisation__subject="old")
    lms = program()
    tag = lms.get(f"/users/{pupil.uuid}/").headers["ETag"]
    changed = lms.patch(f"/users/{pupil.uuid}/", {"external_ids": [{"subject": "new"}]}, If_Match=tag)
    assert changed.json()["external_ids"] == [{"issuer": "roster", "subject": "new"}]
    assert lms.patch(f"/users/{pupil.uuid}/", {"display_name": "Late"}, If_Match=tag).status_code == 412
    entry = ApiEntry.objects.get()
    assert [said["external_ids"][0]["subject"] for said in (entry.before, entry.after)] == ["old", "new"]


def test_the_log_forgets_who_was_erased_in_whatever_row_they_stood(
    program: Programs, school: Organisation
) -> None:
    cohort = CohortFactory(organisation=school, external_id="7b")
    other = PupilFactory(organisation=school)
    lms = program()
    rows = [{"external_id": "s-1", "real_name": "Sam Lindqvist", "cohort_external_id": "7b"}]
    lms.post("/roster-imports/", {"rows": rows})
    person = User.objects.get(external_identities__subject="s-1")
    place = cohort.members.get()
    attempt = AttemptFactory(learner=person, cohort=cohort)
    named = {"learner": str(person.uuid), "cohort": str(cohort.uuid)}
    sent = [
        lms.patch(f"/memberships/{place.uuid}/", {"real_name": "Samuel Lindqvist"}),
        lms.post("/accommodations/", {**named, "extra_s": 60}),
        lms.post(
            f"/attempts/{attempt.uuid}/items/1/responses/", {"sequence": 1, "data": {"chosen": "nobody"}}
        ),
        lms.post(f"/attempts/{attempt.uuid}/submit/", {"cause": "learner"}),
        lms.patch(f"/users/{other.uuid}/", {"language": "en"}),
    ]
    assert [answer.status_code for answer in sent] == [200, 201, 201, 200, 200]
    lms.delete(f"/accommodations/{sent[1].json()['uuid']}/")
    assert ApiEntry.objects.filter(after__real_name="Samuel Lindqvist").exists()
    erasing.erase(person=person)
    kept = ApiEntry.objects.exclude(before=None, after=None)
    assert [entry.object_uuid for entry in kept] == [other.uuid]
    assert ApiEntry.objects.filter(person=person).count() == ApiEntry.objects.count() - 1


def test_entries_that_there_are_learn_of_whom_they_are(program: Programs, school: Organisation) -> None:
    attempt = AttemptFactory()
    erased = PupilFactory(organisation=school, erased_at=timezone.now())
    client = program().client
    shown = [
        ("accounts.user", attempt.learner.uuid, {"display_name": "Sam"}),
        ("accounts.cohortmember", None, {"user": str(attempt.learner.uuid)}),
        ("quizzes.itemresponse", None, {"attempt": str(attempt.uuid)}),
        ("quizzes.accommodation", None, {"learner": str(erased.uuid), "extra_s": 60}),
        ("accounts.cohort", attempt.uuid, {"name": "7b"}),
    ]
    for kind, uuid, after in shown:
        ApiEntry.objects.create(client=client, request_id="1", kind=kind, object_uuid=uuid, after=after)
    import_module("integrations.migrations.0004_entries_know_their_person").name_persons(apps, None)
    kept = list(ApiEntry.objects.order_by("pk").values_list("person", "after"))
    assert [person for person, _after in kept] == [*[attempt.learner.pk] * 3, erased.pk, None]
    assert [after for _person, after in kept] == [*[after for _k, _u, after in shown[:3]], None, shown[4][2]]


def test_people_are_found_by_class_role_and_id(program: Programs, school: Organisation) -> None:
    cohort, other = CohortFactory.create_batch(2, organisation=school)
    pupil, teacher, former = (
        PupilFactory(organisation=school, organisation__subject=name) for name in ("s-1", "t-1", "s-2")
    )
    CohortMemberFactory(cohort=cohort, user=pupil)
    CohortMemberFactory(cohort=cohort, user=teacher, teacher=True)
    CohortMemberFactory(cohort=other, user=pupil)
    CohortMemberFactory(cohort=cohort, user=former, joined_at=AGES_AGO, left_at=timezone.now())
    CohortMemberFactory(user=pupil, teacher=True)  # of another school
    stranger = UserFactory()
    colleague = OrganisationMemberFactory(organisation=school).user
    lms = program()

    def found(query: str) -> set[str]:
        return {row["username"] for row in lms.get(f"/users/?{query}").json()["results"]}

    everybody = {one.username for one in (pupil, teacher, former, colleague)}
    assert found("") == everybody
    assert stranger.username not in everybody
    assert found(f"cohort={cohort.uuid}") == {pupil.username, teacher.username}
    assert found(f"cohort={other.uuid}&role=teacher") == set()
    assert found("role=teacher") == {teacher.username}
    assert found("external_id=s-2") == {former.username}
    assert found("external_id=s-2&issuer=sis") == set()


def gets_a_place(person: User, school: Organisation) -> None:
    CohortMemberFactory(user=person, cohort__organisation=school)


def gets_an_id(person: User, school: Organisation) -> None:
    ExternalIdentity.objects.create(user=person, organisation=school, issuer="roster", subject="new")


def is_employed(person: User, school: Organisation) -> None:
    OrganisationMemberFactory(organisation=school, user=person)


@pytest.mark.parametrize("come", [gets_a_place, gets_an_id, is_employed])
def test_who_came_into_sight_counts_as_changed(
    program: Programs, school: Organisation, come: Callable[[User, Organisation], None]
) -> None:
    people, settled = UserFactory.create_batch(3), PupilFactory(organisation=school)
    User.objects.update(updated_at=AGES_AGO)
    ExternalIdentity.objects.update(updated_at=AGES_AGO)
    lms = program()
    mark = lms.get("/users/").json()["high_water"]
    for person in people:
        come(person, OrganisationFactory())  # what another school does is told to nobody
        ExternalIdentity.objects.filter(user=person).update(subject=person.username)
    assert lms.get(f"/users/?updated_since={mark}").json()["results"] == []
    for person in people:
        come(person, school)
        ExternalIdentity.objects.filter(user=person).update(subject=person.username)
    page = lms.get(f"/users/?page_size=2&updated_since={mark}").json()
    found = page["results"] + lms.http.get(page["next"], headers=lms.headers).json()["results"]
    assert [row["username"] for row in found] == [person.username for person in people]
    assert all(row["updated_at"] >= mark for row in found)
    assert lms.get("/users/?ordering=updated_at").json()["results"][0]["username"] == settled.username


def test_an_id_that_was_taken_away_counts_as_a_change(program: Programs, school: Organisation) -> None:
    place = CohortMemberFactory(cohort__organisation=school)
    ids.set_id(by=UserFactory(), member=place, subject="s-1")
    lms = program()
    mark = lms.get("/users/").json()["high_water"]
    ids.set_id(by=UserFactory(), member=place, subject="")
    assert [row["external_ids"] for row in lms.get(f"/users/?updated_since={mark}").json()["results"]] == [[]]


@pytest.mark.parametrize("come", [gets_a_place, gets_an_id, is_employed])
def test_who_was_erased_is_told_so(
    program: Programs, school: Organisation, come: Callable[[User, Organisation], None]
) -> None:
    person = UserFactory()
    come(person, school)
    CohortMember.objects.update(left_at=timezone.now(), real_name="Sam Lindqvist")
    lms = program()
    mark = lms.get("/users/").json()["high_water"]
    erasing.erase(person=person)
    (told,) = lms.get(f"/users/?updated_since={mark}").json()["results"]
    assert (told["uuid"], told["external_ids"], told["erased_at"] is None) == (str(person.uuid), [], False)
    assert lms.get("/users/?issuer=erased").json()["results"] == []
    places = lms.get(f"/memberships/?updated_since={mark}").json()["results"]
    assert [row["real_name"] for row in places] == ([""] if come is gets_a_place else [])
    again = {"external_ids": [{"subject": "new"}], "display_name": "Blue Heron"}
    assert lms.post("/users/", again).status_code == 201  # the id is free


@pytest.mark.parametrize("path", ["/users/", "/memberships/"])
def test_lists_take_as_many_queries_for_many_rows(
    program: Programs, school: Organisation, path: str, django_assert_num_queries: Any
) -> None:
    lms, cohort = program(), CohortFactory(organisation=school)

    def fill(number: int) -> None:
        people = User.objects.bulk_create(
            User(username=f"many-{number}-{one}", username_key=f"many-{number}-{one}")
            for one in range(number)
        )
        CohortMember.objects.bulk_create(CohortMember(cohort=cohort, user=person) for person in people)
        ExternalIdentity.objects.bulk_create(
            ExternalIdentity(organisation=school, user=person, issuer="roster", subject=person.username)
            for person in people
        )

    fill(1)
    lms.get(path)
    with CaptureQueriesContext(connection) as one:
        lms.get(path)
    fill(99)
    with django_assert_num_queries(len(one)):
        assert len(lms.get(path).json()["results"]) == 100


def test_a_class_is_made_changed_and_archived(program: Programs, school: Organisation) -> None:
    lms = program()
    made = lms.post("/cohorts/", {"name": " 7b  English ", "external_id": "7b", "starts_on": "2026-09-01"})
    said = made.json()
    assert (made.status_code, said["name"], said["timezone"], said["archived"]) == (
        201,
        "7b English",
        "UTC",
        False,
    )
    assert Cohort.objects.get().join_codes.count() == 0
    path = f"/cohorts/{said['uuid']}/"
    assert lms.patch(path, {"archived": True, "name": "7b"}).json()["archived_at"] is not None
    assert [row["name"] for row in lms.get("/cohorts/?archived=true&external_id=7b").json()["results"]] == [
        "7b"
    ]
    assert lms.patch(path, {"archived": False}).json()["archived_at"] is None
    assert [entry.after["archived"] for entry in ApiEntry.objects.order_by("pk")] == [False, True, False]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        pytest.param(
            {"name": "8a", "external_id": "7b"}, (409, "external-id-taken", ["/external_id"]), id="taken"
        ),
        pytest.param(
            {"name": "8a", "starts_on": "2026-09-02", "ends_on": "2026-09-01"},
            (422, "invalid", ["/ends_on"]),
            id="dates",
        ),
        pytest.param({"name": "8\u200ba"}, (422, "invalid", ["/name"]), id="unseen"),
        pytest.param({"name": "8a", "timezone": "Mars"}, (400, "invalid", ["/timezone"]), id="zone"),
    ],
)
def test_a_class_that_cannot_be_is_refused(
    program: Programs, school: Organisation, body: dict[str, Any], refusal: Any
) -> None:
    CohortFactory(organisation=school, external_id="7b", name="7b")
    assert problem(program().post("/cohorts/", body)) == refusal
    assert [cohort.name for cohort in Cohort.objects.all()] == ["7b"]


def test_who_comes_into_a_class_gets_its_courses_until_they_leave(
    program: Programs, school: Organisation
) -> None:
    cohort = CohortFactory(organisation=school, external_id="7b")
    CohortCourseFactory(cohort=cohort)
    PupilFactory(organisation=school, organisation__subject="s-1")
    lms = program()
    came = lms.post(
        "/memberships/",
        {"user_external_id": "s-1", "cohort_external_id": "7b", "real_name": " Sam  Lindqvist"},
    )
    assert (came.status_code, came.json()["role"], came.json()["real_name"]) == (
        201,
        "learner",
        "Sam Lindqvist",
    )
    assert Enrolment.objects.live().count() == 1
    path = f"/memberships/{came.json()['uuid']}/"
    assert (lms.delete(path).status_code, Enrolment.objects.live().count()) == (204, 0)
    left = lms.get(path).json()
    assert lms.delete(path).status_code == 204
    assert lms.get(path).json()["left_at"] == left["left_at"] is not None
    assert [row["uuid"] for row in lms.get("/memberships/?active=true").json()["results"]] == []
    assert problem(lms.patch(path, {"real_name": "Kim"})) == (409, "place-ended", [""])


def test_roles_follow_the_rules_of_a_class(program: Programs, school: Organisation) -> None:
    cohort = CohortFactory(organisation=school)
    ours, colleague = PupilFactory(organisation=school), OrganisationMemberFactory(organisation=school).user
    own = UserFactory()
    CohortMemberFactory(cohort=CohortFactory(organisation=school), user=own)
    lms = program()

    def enrol(user: User, role: str) -> Any:
        return lms.post("/memberships/", {"user": str(user.uuid), "cohort": str(cohort.uuid), "role": role})

    assert problem(enrol(own, "teacher")) == (409, "may-not-teach", ["/role"])
    assert enrol(own, "learner").status_code == 201
    teaches = enrol(ours, "teacher")
    path = f"/memberships/{teaches.json()['uuid']}/"
    assert problem(enrol(ours, "assistant")) == (409, "already-enrolled", ["/user"])
    assert problem(lms.delete(path)) == (409, "class-refused", ["/role"])
    assert problem(lms.patch(path, {"role": "learner"})) == (409, "class-refused", ["/role"])
    assert enrol(colleague, "teacher").status_code == 201
    assert lms.patch(path, {"role": "assistant"}).json()["role"] == "assistant"


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        pytest.param(
            {"user_external_id": "s-9"}, (422, "unknown-person", ["/user_external_id"]), id="nobody"
        ),
        pytest.param({"user": None}, (400, "invalid", ["/user"]), id="null"),
        pytest.param(
            {"user_external_id": "s-1", "issuer": "x"},
            (422, "unknown-person", ["/user_external_id"]),
            id="issuer",
        ),
        pytest.param(
            {"cohort_external_id": "9z"}, (422, "unknown-class", ["/cohort_external_id"]), id="no class"
        ),
        pytest.param(
            {"cohort": "00000000-0000-4000-8000-000000000000"},
            (422, "one-of-two", ["/cohort"]),
            id="two classes",
        ),
        pytest.param(
            {"cohort_external_id": "old"}, (409, "class-archived", ["/cohort"]), id="a class that is over"
        ),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    program: Programs, school: Organisation, body: dict[str, Any], refusal: Any
) -> None:
    CohortFactory(organisation=school, external_id="7b")
    CohortFactory(organisation=school, external_id="old", archived_at=timezone.now())
    PupilFactory(organisation=school, organisation__subject="s-1")
    sent = {"user_external_id": "s-1", "cohort_external_id": "7b", **body}
    assert problem(program().post("/memberships/", sent)) == refusal
    assert CohortMember.objects.count() == 0
