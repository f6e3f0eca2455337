"""The site as the kill tests serve it: a request may be stopped half-way. See `tests.faults.stopping`."""

from tests.settings import *  # noqa: F403
from tests.settings import MIDDLEWARE

MIDDLEWARE = ["tests.faults.stopping.Stopping", *MIDDLEWARE]
