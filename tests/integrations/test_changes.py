"""Nothing that changes is missed by who asks for what has changed since, while real writers write."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.api.changes import high_water
from accounts.models import Cohort, Organisation
from tests.factories.accounts import CohortFactory, OrganisationFactory

WRITERS, WRITES = 4, 12


def write(school: Organisation, number: int) -> None:
    """Rows that are stamped some time before they are committed, as in a long transaction."""
    chance = random.Random(number)
    try:
        for _write in range(WRITES):
            with transaction.atomic():
                CohortFactory(organisation=school)
                time.sleep(chance.random() / 50)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_asking_again_and_again_finds_every_row() -> None:
    school = OrganisationFactory()
    seen: set[int] = set()
    mark = high_water()
    over = threading.Event()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, school, number) for number in range(WRITERS)]
        rounds = 0
        while not over.is_set() or rounds == 0:
            if all(writer.done() for writer in writers):
                over.set()
            next_mark = high_water()
            seen |= set(Cohort.objects.filter(updated_at__gte=mark).values_list("pk", flat=True))
            mark, rounds = next_mark, rounds + 1
            time.sleep(0.005)
        for writer in writers:
            writer.result()
    assert rounds >= 2
    assert seen == set(Cohort.objects.values_list("pk", flat=True))
    assert len(seen) == WRITERS * WRITES


@pytest.mark.django_db(transaction=True)
def test_the_mark_lies_before_a_change_that_is_not_committed_yet() -> None:
    """The case that a plain `now()` misses: stamped before the mark, committed after the reading."""
    school = OrganisationFactory()
    stamped, commit = threading.Event(), threading.Event()

    def writer() -> None:
        try:
            with transaction.atomic():
                CohortFactory(organisation=school)
                stamped.set()
                commit.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    assert stamped.wait(20)
    threading.Timer(0.3, commit.set).start()  # on SQLite the mark waits for the writer
    mark = high_water()
    missed_now = not Cohort.objects.exists()
    thread.join()
    row = Cohort.objects.get()
    assert row.updated_at >= mark or not missed_now
