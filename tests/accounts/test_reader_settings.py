from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.utils import timezone, translation

from accounts import joining
from accounts.middleware import ReaderSettingsMiddleware
from accounts.zones import zone_name
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    JoinCodeFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def shown(rf, user, session):
    """What a page says the time is at noon UTC, and in which language it speaks."""

    def view(_request):
        return HttpResponse(
            Template("{{ at|date:'H:i' }} " + translation.get_language()).render(Context({"at": NOON}))
        )

    request = rf.get("/")
    request.user, request.session = user, session
    with translation.override("en"):
        return ReaderSettingsMiddleware(view)(request).content.decode()


def place(user, name, at, **fields):
    return CohortMemberFactory(
        user=user, cohort=CohortFactory(timezone=name, **fields.pop("cohort", {})), joined_at=at, **fields
    )


def test_zone_is_the_readers_own_first():
    user = UserFactory(timezone="Asia/Tokyo")
    place(user, "Asia/Yerevan", NOON)
    assert zone_name(user) == "Asia/Tokyo"


def test_zone_is_that_of_the_newest_live_class():
    user = UserFactory()
    place(user, "Asia/Yerevan", NOON)
    place(user, "Europe/Berlin", NOON.replace(year=2025))
    later = NOON.replace(year=2027)
    place(user, "Asia/Tokyo", later, left_at=later)
    place(user, "America/Lima", later, cohort={"archived_at": NOON})
    place(UserFactory(), "Africa/Cairo", later)
    assert zone_name(user) == "Asia/Yerevan"


def test_zone_is_the_organisations_for_those_in_no_class():
    user = UserFactory()
    OrganisationMemberFactory(user=user, organisation=OrganisationFactory(timezone="Europe/Berlin"))
    assert zone_name(user) == "Europe/Berlin"


def test_zone_is_utc_for_all_others():
    assert zone_name(UserFactory()) == "UTC"


def test_page_shows_times_in_the_zone_of_the_session(client, rf, django_assert_num_queries):
    user = UserFactory()
    place(user, "Asia/Yerevan", NOON)
    client.force_login(user)
    with django_assert_num_queries(0):
        assert shown(rf, user, {"timezone": "Asia/Yerevan"}) == "16:00 en"
    assert client.session["timezone"] == "Asia/Yerevan"


def test_page_asks_once_for_a_session_from_before(rf):
    user = UserFactory()
    place(user, "Asia/Yerevan", NOON)
    session = {}
    assert shown(rf, user, session) == "16:00 en"
    assert session == {"timezone": "Asia/Yerevan"}


def test_own_zone_holds_at_once(rf):
    assert shown(rf, UserFactory(timezone="Asia/Tokyo"), {"timezone": "Asia/Yerevan"}) == "21:00 en"


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "\0"])
def test_a_zone_that_is_none_is_utc(rf, name):
    assert shown(rf, UserFactory(timezone=name if name != "\0" else ""), {"timezone": name}) == "12:00 en"


def test_anonymous_readers_see_utc(rf):
    anonymous = SimpleNamespace(is_authenticated=False)
    assert shown(rf, anonymous, {}) == "12:00 en"


def test_zone_is_undone_after_the_page(rf):
    shown(rf, UserFactory(timezone="Asia/Tokyo"), {})
    assert timezone.get_current_timezone() == ZoneInfo("UTC")


def test_joining_changes_the_zone(client):
    user = UserFactory()
    client.force_login(user)
    assert client.session["timezone"] == "UTC"
    code = joining.new_code(cohort=CohortFactory(timezone="Asia/Yerevan"))
    client.post("/join/", {"code": code.code})
    assert client.session["timezone"] == "Asia/Yerevan"


def test_page_speaks_the_readers_language(rf, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    assert shown(rf, UserFactory(language="de"), {"timezone": "UTC"}) == "12:00 de"
    assert shown(rf, UserFactory(language="xx"), {"timezone": "UTC"}) == "12:00 en"
    assert shown(rf, UserFactory(), {"timezone": "UTC"}) == "12:00 en"


def test_header_names_the_readers_language(client, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    client.force_login(UserFactory(language="de"))
    response = client.get("/join/")
    assert response["Content-Language"] == "de"
    assert '<html lang="de"' in response.content.decode()
    client.logout()
    assert client.get("/join/")["Content-Language"] == "en"


def test_a_page_costs_the_session_and_the_user_only(client, django_assert_num_queries):
    client.force_login(UserFactory())
    JoinCodeFactory()
    with django_assert_num_queries(2):
        client.get("/join/")
