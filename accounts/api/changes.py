"""What has changed since a program asked last: nothing is missed, whoever writes meanwhile.

A program keeps the `high_water` of its last answer and asks for `updated_since` it next time. A row's
`updated_at` is set before its transaction commits; so the mark may be no later than the beginning of
the oldest transaction that was still writing when it was taken. What lies between may come twice.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

#: How far the clocks of database and site may be apart.
SKEW = timedelta(seconds=2)


def high_water() -> datetime:
    """A moment before which every change is committed and can be read now (UTC). Take it before reading."""
    if connection.vendor == "postgresql":
        return _oldest_writer() - SKEW
    # On SQLite there is one writer at a time: who has the lock knows that all before it have committed.
    with transaction.atomic():
        return timezone.now()


def _oldest_writer() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT LEAST(clock_timestamp(), MIN(xact_start)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
        )
        found: datetime = cursor.fetchone()[0]
    return found
