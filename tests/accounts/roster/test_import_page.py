import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import CohortMember
from tests.accounts.page import page
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory

pytestmark = pytest.mark.django_db
LIST = "\ufeffStudent ID;Name\r\n007;Zoë Ångström\r\n008;Sam Lindqvist\r\n".encode()


@pytest.fixture
def cohort():
    return CohortFactory(name="7b")


@pytest.fixture
def url(client, cohort):
    client.force_login(TeacherFactory(cohort=cohort))
    return f"/classes/{cohort.uuid}/people/import/"


def choose(client, url, data=LIST):
    return client.post(url, {"file": SimpleUploadedFile("7b.csv", data)})


def test_a_list_is_shown_then_brought_in_and_its_passwords_are_seen_once(client, url, cohort):
    shown = choose(client, url)
    assert shown.status_code == 200
    assert not CohortMember.objects.filter(role="learner").exists()
    assert [cell.text for cell in page(shown).all("th", scope="row")] == ["Zoë Ångström", "Sam Lindqvist"]
    rows = shown.context["packed"]
    done = client.post(url, {"rows": rows})
    assert "no-store" in done["Cache-Control"]
    assert [card.name for card in done.context["cards"]] == ["Zoë Ångström (Zoë)", "Sam Lindqvist (Sam)"]
    again = client.post(url, {"rows": rows})  # the browser's "send again"
    assert again.status_code == 409
    assert not any(card.password in again.content.decode() for card in done.context["cards"])
    assert CohortMember.objects.filter(cohort=cohort, role="learner").count() == 2


def test_faults_leave_no_button(client, url):
    shown = choose(client, url, b"Name;Student ID\nSam;1\nKim;1\n")
    assert "Line 3" in shown.content.decode()
    assert "Bring it in" not in shown.content.decode()


def test_pasted_names_stay_when_they_are_refused(client, url):
    refused = client.post(url, {"pasted": "Sam,Lindqvist\nKim,Berg"})
    assert refused.status_code == 422
    assert page(refused).control("pasted").text.strip() == "Sam,Lindqvist\nKim,Berg"
    assert "No column holds names" in page(refused).all("p", role="alert")[0].text


@pytest.mark.parametrize("rows", ["", "nonsense", "x:y:z"])
def test_rows_that_we_did_not_sign_are_not_taken(client, url, rows):
    assert client.post(url, {"rows": rows}).status_code == 422


def test_rows_of_another_class_are_not_taken(client, url):
    other = CohortFactory()
    TeacherFactory(cohort=other)
    packed = choose(client, url).context["packed"]
    client.force_login(CohortMember.objects.get(cohort=other).user)
    assert client.post(f"/classes/{other.uuid}/people/import/", {"rows": packed}).status_code == 422
    assert not CohortMember.objects.filter(role="learner").exists()


def test_equal_names_are_taken_for_one_person_unless_unticked(client, url, cohort):
    CohortMemberFactory(cohort=cohort, real_name="Sam Lindqvist")
    shown = choose(client, url)
    ticked = [box.attrs["value"] for box in page(shown).all("input", name="same") if "checked" in box.attrs]
    assert ticked == ["3"]
    packed = shown.context["packed"]
    client.post(url, {"rows": packed})
    assert CohortMember.objects.filter(cohort=cohort, real_name="Sam Lindqvist").count() == 2


def test_nothing_comes_into_an_archived_class(client, url, cohort):
    cohort.archived_at = cohort.created_at
    cohort.save()
    assert choose(client, url).status_code == 422
