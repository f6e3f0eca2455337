"""Who does the work that takes longer than a request, and what becomes of it when they are killed."""

import os
import socket
from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

#: After this long nobody is believed to be still at a task, whatever machine they are on.
LOST_AFTER = timedelta(minutes=30)


def worker_id() -> str:
    """This process, as a task remembers it: host and process, at most 64 characters."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}"


def requeue_lost() -> int:
    """Put back what a worker had begun that is gone; how many tasks there were.

    A task may thus run twice, and is written for that.
    """
    lost = [
        task.pk
        for task in DBTaskResult.objects.running().only("worker_ids", "started_at")
        if is_lost(task.worker_ids[-1] if task.worker_ids else "", since=task.started_at)
    ]
    # Only what still runs: it may have ended meanwhile.
    return DBTaskResult.objects.running().filter(pk__in=lost).update(status=TaskResultStatus.READY)


def is_lost(worker: str, *, since: datetime) -> bool:
    """Whether nobody is at what `worker` (a `worker_id`) has begun at `since`.

    A worker of this machine is looked for by its process; one of another machine is given `LOST_AFTER`.
    """
    return _is_gone(worker) or since < timezone.now() - LOST_AFTER


def _is_gone(worker: str) -> bool:
    host, _colon, process = worker.rpartition(":")
    if host != socket.gethostname()[:50] or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # somebody else's process, and alive
        return False
    return False
