"""The pages on which a teacher sees and changes who is in the class."""

import pytest
from django.contrib.auth.models import Group

from accounts import class_pages, consents, roles
from accounts.models import Cohort, CohortMember, JoinCode
from tests.accounts.page import page
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    JoinCodeFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    TeacherFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(name="7b")


@pytest.fixture
def teacher(client, cohort):
    user = TeacherFactory(cohort=cohort, display_name="Ms Okafor")
    client.force_login(user)
    return user


@pytest.fixture
def pupil(cohort):
    return CohortMemberFactory(cohort=cohort, real_name="Sam Lindqvist", user__display_name="Blue Heron")


def people(cohort, rest=""):
    return f"/classes/{cohort.uuid}/people/{rest}"


def test_the_roster_says_names_and_who_agreed(client, cohort, teacher, pupil):
    other = CohortMemberFactory(cohort=cohort, user__display_name="Kim")
    consents.agree(user=other.user)
    shown = page(client.get(people(cohort)))
    assert [cell.text for cell in shown.all("th", scope="row")] == ["Kim", "Sam Lindqvist"]
    assert [cell.text for cell in shown.all("td")][1::4] == [other.user.username, pupil.user.username]
    assert [cell.text for cell in shown.all("td")][7] == "not yet"
    assert "1 pupil has not agreed yet" in shown.by_id("main").text


def test_the_roster_asks_as_much_for_many_as_for_one(client, cohort, teacher, django_assert_num_queries):
    client.get(people(cohort))
    for more in (1, 30):
        for member in CohortMemberFactory.create_batch(more, cohort=cohort):
            consents.agree(user=member.user)
        with django_assert_num_queries(6):
            client.get(people(cohort))


def test_an_assistant_looks_and_changes_nothing(client, cohort, pupil):
    client.force_login(CohortMemberFactory(cohort=cohort, assistant=True).user)
    JoinCodeFactory(cohort=cohort)
    for address in (people(cohort), f"/classes/{cohort.uuid}/code/"):
        shown = page(client.get(address))
        assert [form for form in shown.all("form") if "main" in form.parents] == []


def test_names_are_changed_and_a_refused_one_stays_in_the_form(client, cohort, teacher, pupil):
    url = people(cohort, f"{pupil.user.uuid}/")
    assert client.post(url, {"do": "names", "real_name": "Sam Berg", "nickname": "Sam"}).status_code == 302
    pupil.refresh_from_db()
    assert (pupil.real_name, str(pupil.user)) == ("Sam Berg", "Sam")
    refused = client.post(url, {"do": "names", "real_name": "Sam Berg", "nickname": "a@b.example"})
    assert refused.status_code == 422
    assert page(refused).control("nickname").attrs["value"] == "a@b.example"
    assert "looks like an e-mail" in " ".join(page(refused).described("nickname"))


def test_the_nickname_of_staff_who_learn_here_is_not_the_teachers_to_change(client, cohort, teacher):
    member = CohortMemberFactory(cohort=cohort, user__display_name="Colleague")
    OrganisationMemberFactory(user=member.user)
    url = people(cohort, f"{member.user.uuid}/")
    assert "nickname" not in client.get(url).context["form"].fields
    client.post(url, {"do": "names", "real_name": "Vera", "nickname": "Changed"})
    member.refresh_from_db()
    assert (member.real_name, str(member.user)) == ("Vera", "Colleague")


def test_taking_out_and_the_last_teacher(client, cohort, teacher, pupil):
    assert client.post(people(cohort, f"{pupil.user.uuid}/"), {"do": "remove"}).status_code == 302
    assert CohortMember.objects.get(pk=pupil.pk).left_at is not None
    refused = client.post(people(cohort, f"{teacher.uuid}/"), {"do": "remove"})
    assert refused.status_code == 422
    assert "at least one teacher" in page(refused).all("p", role="alert")[0].text


def test_a_teacher_who_leaves_lands_on_the_classes(client, cohort, teacher):
    CohortMemberFactory(cohort=cohort, teacher=True)
    left = client.post(people(cohort, f"{teacher.uuid}/"), {"do": "remove"})
    assert left["Location"] == "/classes/"
    assert client.get(people(cohort)).status_code == 404


def test_a_colleague_is_made_teacher(client, cohort, teacher):
    colleague = UserFactory(username="vera")
    OrganisationMemberFactory(organisation=cohort.organisation, user=colleague)
    client.post(people(cohort, "add/"), {"login": "vera", "role": "assistant"})
    client.post(people(cohort, f"{colleague.uuid}/"), {"do": "teacher"})
    assert CohortMember.objects.get(user=colleague).role == "teacher"
    refused = client.post(people(cohort, "add/"), {"login": "nobody", "role": "assistant"})
    assert (refused.status_code, page(refused).control("login").attrs["value"]) == (422, "nobody")


def test_starting_a_class_in_one_of_two_schools(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name=roles.TEACHER))
    schools = [OrganisationFactory(name=name, timezone="Asia/Yerevan") for name in ("A", "B")]
    for school in schools:
        OrganisationMemberFactory(organisation=school, user=user)
    client.force_login(user)
    refused = client.post("/classes/new/", {"name": "", "organisation": schools[1].pk})
    assert "Give the class a name" in " ".join(page(refused).described("name"))
    made = client.post("/classes/new/", {"name": "7b", "organisation": schools[1].pk})
    cohort = Cohort.objects.get()
    assert (made["Location"], cohort.organisation, cohort.name) == (people(cohort), schools[1], "7b")
    assert client.session["timezone"] == "Asia/Yerevan"
    assert client.session["teaches"] is True


def test_a_class_is_archived_and_taken_back(client, cohort, teacher):
    assert client.post(f"/classes/{cohort.uuid}/archive/")["Location"] == "/classes/archived/"
    assert "7b" in page(client.get("/classes/archived/")).by_id("main").text
    assert "This class is archived" in client.get(people(cohort)).content.decode()
    client.post(f"/classes/{cohort.uuid}/archive/", {"restore": "1"})
    assert Cohort.objects.active().get() == cohort


def test_a_code_is_made_shown_and_withdrawn(client, cohort, teacher, django_assert_num_queries):
    url = f"/classes/{cohort.uuid}/code/"
    client.post(url, {"lasts": "hour", "max_uses": "24"})
    code = JoinCode.objects.get()
    assert code.max_uses == 24
    assert 3590 < (code.expires_at - code.created_at).total_seconds() < 3610
    shown = client.get(url)
    assert code.code in [each.text for each in page(shown).all("p") if each.attrs.get("class") == "bigcode"]
    assert f"http://testserver/join/{code.code}/" in shown.content.decode()
    for more in (0, 10):
        JoinCodeFactory.create_batch(more, cohort=cohort)
        client.get(url)  # from now on the address knows them
        with django_assert_num_queries(6):
            client.get(url)
    JoinCode.objects.exclude(pk=code.pk).delete()
    client.post(url, {"revoke": code.code})
    assert "No code lets anybody in now." in client.get(url).content.decode()
    assert client.post(url, {"lasts": "for ever", "max_uses": "0"}).status_code == 422
    assert JoinCode.objects.count() == 1


def test_a_code_of_another_class_is_not_withdrawn(client, cohort, teacher):
    other = JoinCodeFactory()
    for code in (other.code, "\x00"):
        assert client.post(f"/classes/{cohort.uuid}/code/", {"revoke": code}).status_code == 404
    other.refresh_from_db()
    assert other.revoked_at is None


def test_an_upper_room_links_from_the_page_of_a_learner(client, cohort, teacher, pupil, monkeypatch):
    monkeypatch.setattr(class_pages, "_PAGES_OF_PERSON", [])
    for _twice in range(2):
        class_pages.register_of_person("More time", "accounts:person", order=10)
    url = people(cohort, f"{pupil.user.uuid}/")
    shown = page(client.get(url))
    assert [link.text for link in shown.all("a", href=url)] == ["More time"]
    assert page(client.get(people(cohort, f"{teacher.uuid}/"))).all("a", href=url) == []
