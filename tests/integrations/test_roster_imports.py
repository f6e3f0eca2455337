"""A thousand people at once: an outcome for each row, all or nothing, and the same again changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Cohort, CohortMember, Organisation, User
from accounts.signals import cohort_member_changed, cohort_members_changed
from courses.models import Enrolment
from integrations.models import ApiEntry
from tests.factories.accounts import CohortFactory, CohortMemberFactory, PupilFactory, UserFactory
from tests.factories.courses import CohortCourseFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def row(id: str, **more: Any) -> dict[str, Any]:
    return {"external_id": id, "real_name": f"Sam {id.title()}", "cohort_external_id": "7b", **more}


def send(lms: Program, *rows: Any, **more: Any) -> Any:
    return lms.post("/roster-imports/", {"rows": rows, **more})


def outcomes(answer: Any) -> list[Any]:
    """What became of each row; where it was refused, the field and why."""
    return [
        [(fault["pointer"], fault["code"]) for fault in one["errors"]] or one["outcome"]
        for one in answer.json()["results"]
    ]


@pytest.fixture
def cohort(school: Organisation) -> Cohort:
    made: Cohort = CohortFactory(organisation=school, external_id="7b", name="7b English")
    return made


def test_a_roster_is_brought_in_and_the_same_again_changes_nothing(program: Programs, cohort: Cohort) -> None:
    CohortCourseFactory(cohort=cohort)
    lms = program()
    sent = [row("s-1", display_name="Heron"), row("s-2"), row("t-1", role="teacher")]
    first, entries = send(lms, *sent), ApiEntry.objects.count()
    assert (first.status_code, outcomes(first), entries) == (200, ["created"] * 3, 3)
    places = CohortMember.objects.filter(cohort=cohort).order_by("pk")
    assert [(str(one.user), one.role, one.real_name) for one in places] == [
        ("Heron", "learner", "Sam S-1"),
        ("Sam", "learner", "Sam S-2"),
        ("Sam", "teacher", "Sam T-1"),
    ]
    assert Enrolment.objects.live().count() == 2  # who comes into the class gets its course
    stamps = list(CohortMember.objects.values_list("updated_at", flat=True))
    again = send(lms, *sent)
    assert (outcomes(again), ApiEntry.objects.count()) == (["unchanged"] * 3, 3)
    assert list(CohortMember.objects.values_list("updated_at", flat=True)) == stamps
    assert [one["user"] for one in again.json()["results"]] == [
        one["user"] for one in first.json()["results"]
    ]


def test_rows_change_and_end_places(program: Programs, cohort: Cohort) -> None:
    CohortCourseFactory(cohort=cohort)
    lms = program()
    send(lms, row("s-1"), row("s-2"), row("t-1", role="teacher"), row("t-2", role="teacher"))
    answer = send(
        lms,
        row("s-1", real_name="Kim", display_name="Heron"),
        row("s-2", active=False),
        row("t-1", role="assistant"),
        row("t-2"),
        row("nobody", active=False),
    )
    assert outcomes(answer) == ["updated", "updated", "updated", "unchanged", "unchanged"]
    live = CohortMember.objects.live().filter(cohort=cohort).order_by("pk").select_related("user")
    assert [(str(one.user), one.real_name, one.role) for one in live] == [
        ("Heron", "Kim", "learner"),
        ("Sam", "Sam T-1", "assistant"),
        ("Sam", "Sam T-2", "teacher"),
    ]
    assert [one.learner for one in Enrolment.objects.live()] == [live[0].user]
    entry = ApiEntry.objects.filter(object_uuid=live[0].uuid).first()
    assert entry is not None
    assert [said["membership"]["real_name"] for said in (entry.before, entry.after)] == ["Sam S-1", "Kim"]


def test_who_comes_back_is_called_as_before_unless_told_otherwise(program: Programs, cohort: Cohort) -> None:
    lms, bare = program(), {"external_id": "s-1", "cohort_external_id": "7b"}
    names = []
    for again in ({}, {"real_name": "Kim"}, {}, {"real_name": ""}, {}):
        send(lms, row("s-1") if not names else {**bare, **again})
        names.append(CohortMember.objects.live().get(cohort=cohort).real_name)
        send(lms, {**bare, "active": False})
    assert names == ["Sam S-1", "Kim", "Kim", "", ""]


def test_each_row_says_what_is_wrong_with_it(program: Programs, school: Organisation, cohort: Cohort) -> None:
    CohortFactory(organisation=school, external_id="old", archived_at=timezone.now())
    CohortFactory(external_id="theirs")
    teacher = PupilFactory(organisation=school, organisation__subject="t-1")
    CohortMemberFactory(cohort=cohort, user=teacher, teacher=True)
    own = UserFactory(display_name="Own")
    own.external_identities.create(organisation=school, issuer="roster", subject="own")
    answer = send(
        program(),
        row("s-1"),
        row("s-1"),
        row("s-2", role="head"),
        {"cohort_external_id": "7b"},
        "s-3",
        row("s-4", cohort_external_id="theirs"),
        row("s-5", cohort_external_id="old"),
        row("s-6", real_name=""),
        row("t-1", active=False),
        row("own", role="teacher"),
        row("own", display_name="Renamed", role="learner", cohort_external_id="7b", issuer="roster"),
        row("s-7", cohort=str(cohort.uuid)),
        row("s-8", active=False, cohort_external_id=""),
    )
    assert outcomes(answer) == [
        "created",
        [("/rows/1/external_id", "twice")],
        [("/rows/2/role", "invalid_choice")],
        [("/rows/3/external_id", "required")],
        [("/rows/4", "invalid")],
        [("/rows/5/cohort_external_id", "unknown-class")],
        [("/rows/6/cohort_external_id", "class-archived")],
        [("/rows/7/display_name", "required")],
        [("/rows/8/active", "last-teacher")],
        [("/rows/9/role", "may-not-teach")],
        [("/rows/10/external_id", "twice")],
        [("/rows/11/cohort", "one-of-two")],
        [("/rows/12/cohort_external_id", "blank")],
    ]
    assert {key: answer.json()[key] for key in ("created", "refused")} == {"created": 1, "refused": 12}


def test_who_is_named_by_two_of_their_ids_is_one_person(program: Programs, cohort: Cohort) -> None:
    lms = program()
    ids = [{"subject": "s-1"}, {"issuer": "lms", "subject": "x-1"}]
    lms.post("/users/", {"external_ids": ids, "display_name": "Heron"})
    other = row("x-1", issuer="lms")
    assert outcomes(send(lms, row("s-1"), other)) == ["created", [("/rows/1/external_id", "twice")]]
    apart = [row("s-1", display_name="Stork"), other | {"cohort_external_id": "8a", "display_name": "Crane"}]
    answer = send(lms, *apart, make_cohorts=True)
    assert outcomes(answer) == ["updated", [("/rows/1/display_name", "contradicts")]]


def test_a_nickname_that_is_somebodys_own_is_kept(
    program: Programs, school: Organisation, cohort: Cohort
) -> None:
    own = UserFactory(display_name="Own")
    own.external_identities.create(organisation=school, issuer="roster", subject="own")
    answer = send(program(), row("own", display_name="Renamed"))
    assert (outcomes(answer), answer.json()["results"][0]["kept"]) == (["created"], ["display_name"])
    assert User.objects.filter(display_name="Own").exists()


def test_all_or_nothing_writes_nothing_and_tells_every_fault(program: Programs, cohort: Cohort) -> None:
    answer = send(
        program(),
        row("s-1"),
        row("s-2", role="head"),
        row("s-3", cohort_external_id="new"),
        row("s-4", cohort_external_id="none", role="x"),
        all_or_nothing=True,
    )
    said = answer.json()
    assert (answer.status_code, said["type"].rpartition("/")[2]) == (422, "rows-refused")
    assert [(fault["pointer"], fault["code"]) for fault in said["errors"]] == [
        ("/rows/1/role", "invalid_choice"),
        ("/rows/2/cohort_external_id", "unknown-class"),
        ("/rows/3/role", "invalid_choice"),
    ]
    assert CohortMember.objects.count() == ApiEntry.objects.count() == 0


def test_classes_are_made_where_that_is_asked_for(program: Programs, cohort: Cohort) -> None:
    answer = send(
        program(),
        row("s-1", cohort_external_id="8a"),
        row("s-2", cohort_external_id="8b", real_name=""),
        row("s-3", cohort_external_id="8\N{ZERO WIDTH SPACE}c"),
        make_cohorts=True,
    )
    assert outcomes(answer) == [
        "created",
        [("/rows/1/display_name", "required")],
        [("/rows/2/cohort_external_id", "invalid")],
    ]
    assert set(Cohort.objects.values_list("name", flat=True)) == {
        "7b English",
        "8a",
    }  # none for the refused row
    assert ApiEntry.objects.filter(kind="accounts.cohort").count() == 1


def test_whoever_hears_of_one_place_hears_of_many() -> None:
    heard = [
        {uid for (uid, _sender), *_receiver in signal.receivers}
        for signal in (cohort_member_changed, cohort_members_changed)
    ]
    assert heard[0] == heard[1] != set()


@pytest.mark.parametrize(("rows", "pointer"), [([], "/rows"), ([{}] * 1001, "/rows"), (None, "/rows")])
def test_a_roster_has_one_to_a_thousand_rows(program: Programs, rows: Any, pointer: str) -> None:
    refused = program().post("/roster-imports/", {"rows": rows})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)


def test_reading_takes_as_many_queries_for_many_rows(program: Programs, cohort: Cohort) -> None:
    lms = program()
    counts = []
    for number in (2, 40):
        people = [row(f"s-{number}-{one}") for one in range(number)]
        send(lms, *people)
        with CaptureQueriesContext(connection) as again:
            send(lms, *people)
        counts.append(len(again))
    assert counts[0] == counts[1]
