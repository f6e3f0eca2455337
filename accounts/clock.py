"""What is done again and again, without anybody asking: each room registers its own.

clock.register("quizzes.overdue", submit_overdue, every=timedelta(minutes=1))

A job must be safe to run twice, and to be killed in the middle: it runs again at its next turn.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.core.cache import cache

logger = logging.getLogger(__name__)


class Job(NamedTuple):
    name: str
    run: Callable[[], Any]
    every: timedelta


_JOBS: dict[str, Job] = {}


def register(name: str, run: Callable[[], Any], *, every: timedelta) -> None:
    """Do `run` every so often, in one process of however many. The same name twice is once."""
    _JOBS[name] = Job(name, run, every)


def run_due() -> list[str]:
    """Do what is due, and say what that was. A job that fails is logged, and holds up no other."""
    taken = cache.get_many(
        [_key(job) for job in _JOBS.values()]
    )  # one reading: taking a turn locks the table
    waiting = [job for job in _JOBS.values() if _key(job) not in taken]
    return [job.name for job in waiting if _is_ours(job) and _ran(job)]


def _key(job: Job) -> str:
    return f"clock:{job.name}"


def _is_ours(job: Job) -> bool:
    """Take this turn of the job, unless another process has: the cache is a table that all share."""
    return bool(cache.add(_key(job), True, timeout=job.every.total_seconds()))


def _ran(job: Job) -> bool:
    try:
        job.run()
    except Exception:
        logger.exception("The job %s failed; it runs again in %s.", job.name, job.every)
        return False
    return True
