"""A worker that is killed while it sends loses nothing, and doubles only what it was at. Run on both databases."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import Organisation
from integrations import delivering
from integrations.models import Delivery, WebhookEndpoint
from tests.factories.accounts import UserFactory
from tests.integrations.test_webhooks import Receiver, endpoint, later, lms, put, receiver

__all__ = ["endpoint", "lms", "receiver"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds: the machine may be busy
WORKER = "import django; django.setup(); from integrations.delivering import deliver_due; deliver_due()"


def worker(code: str = WORKER) -> "subprocess.Popen[bytes]":
    """A worker of its own on this test's database; what it prints can be read."""
    settings = connection.settings_dict
    address = f"sqlite:///{settings['NAME']}"
    if connection.vendor == "postgresql":
        address = os.environ["DATABASE_URL"].replace("/postgres?", f"/{settings['NAME']}?")
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE)


def test_a_worker_killed_while_it_sends_loses_nothing_and_doubles_only_that(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    learner = UserFactory()
    for n in range(4):
        put(school, n, learner)
    receiver.holds_at = 2
    with worker() as process:
        assert receiver.held.wait(PATIENCE)  # it has the second event, and no answer yet
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    receiver.go_on.set()
    assert delivering.deliver_due() == 0  # what it was at may still be on its way: nothing overtakes it
    assert delivering.deliver_due(later(seconds=61)) == 3
    assert [body["data"]["n"] for body in receiver.bodies] == [0, 1, 1, 2, 3]
    first, again = (one["webhook-id"] for one in receiver.got[1:3])
    assert first == again
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
