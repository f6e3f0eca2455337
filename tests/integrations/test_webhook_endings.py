"""What becomes of events that wait, when their learner is erased or nobody wants them any more."""

import pytest
from jsonschema import Draft202012Validator

from accounts import erasing
from accounts.models import Cohort
from integrations import delivering, webhook_shapes
from integrations.models import WebhookEndpoint
from tests.factories.accounts import CohortMemberFactory
from tests.factories.quizzes import SubmittedAttemptFactory
from tests.integrations.test_webhooks import Receiver, cohort, endpoint, later, lms, receiver

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
