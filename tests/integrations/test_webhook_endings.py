"""What becomes of events that wait, when their learner is erased or nobody wants them any more."""

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from accounts import erasing
from accounts.models import Cohort, Organisation, User
from integrations import calling, clients, delivering, endpoints, webhook_shapes
from integrations.admin import webhooks
from integrations.models import Delivery, WebhookEndpoint
from tests.admin.pages import act
from tests.factories.accounts import CohortMemberFactory
from tests.factories.quizzes import SubmittedAttemptFactory
from tests.integrations.test_webhooks import Receiver, cohort, endpoint, later, lms, put, receiver

__all__ = ["cohort", "endpoint", "lms", "receiver"]

pytestmark = pytest.mark.django_db


def test_what_waits_of_a_learner_who_is_erased_is_sent_whole_and_in_order_without_marks(
    endpoint: WebhookEndpoint, receiver: Receiver, cohort: Cohort
) -> None:
    learner = CohortMemberFactory(cohort=cohort).user
    attempt = SubmittedAttemptFactory(learner=learner, cohort=cohort)
    erasing.erase(person=learner)
    receiver.answers = [500]
    delivering.deliver_due()
    assert [body["type"] for body in receiver.bodies] == ["attempt.submitted"]  # holds up the next
    delivering.deliver_due(later(seconds=10))
    _refused, submitted, left = receiver.bodies
    for body in (submitted, left):
        Draft202012Validator(webhook_shapes.data_of(body["type"])).validate(body["data"])
    assert (submitted["data"]["attempt"], submitted["data"]["fraction"]) == (str(attempt.uuid), None)
    assert (left["type"], left["data"]["user"]) == ("membership.changed", str(learner.uuid))
    assert left["data"]["left_at"] is not None


@pytest.mark.parametrize("ends", ["endpoint", "client"])
def test_what_waits_for_an_address_that_is_told_no_more_is_given_up(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation, ends: str
) -> None:
    receiver.answers = [204, 500]
    for n in range(2):
        put(school, n)
    delivering.deliver_due()
    put(school, 2)
    sending = delivering._claim(later(seconds=1))
    assert sending is not None
    if ends == "endpoint":
        endpoints.disable(endpoint=endpoint)
    else:
        clients.revoke(client=endpoint.client)
    assert delivering.deliver_due() == 0
    statuses = Delivery.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["delivered", "dead", "waiting"]  # the last is just being sent
    delivering.deliver_due(later(seconds=120))
    assert (list(statuses.all()), len(receiver.got)) == (["delivered", "dead", "dead"], 2)


def test_nobody_is_asked_to_send_it_again(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation, head: User, client: Client
) -> None:
    put(school, 1)
    receiver.answers = [500, 500]
    for days in (0, 4):
        delivering.deliver_due(later(days=days))
    assert len(list(webhooks.given_up(head))) == 1
    endpoints.disable(endpoint=endpoint)
    client.force_login(head)
    act(client, "send_again", Delivery.objects.get())
    assert (Delivery.objects.get().status, list(webhooks.given_up(head))) == ("dead", [])


def test_receivers_that_are_slow_do_not_hold_up_the_other_work(
    endpoint: WebhookEndpoint, school: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]

    def slow(*args: object, **kwargs: object) -> int:
        clock[0] += 4
        return 204

    monkeypatch.setattr(delivering, "monotonic", lambda: clock[0])
    monkeypatch.setattr(calling, "post", slow)
    for n in range(5):
        put(school, n)
    assert [delivering.deliver_due() for _turn in range(2)] == [3, 2]
