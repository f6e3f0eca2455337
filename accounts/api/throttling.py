"""How often one client may ask; every answer says what is left.

Counted in each process by itself: a count that all share would be a write for each request. So a site
with two workers lets through up to twice the rate.
"""

import math
from typing import Any

from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.api.access import Grant


class PerCaller(SimpleRateThrottle):
    """One allowance for each client; people are not counted. The rate is `DEFAULT_THROTTLE_RATES["caller"]`."""

    scope = "caller"
    cache = caches["process"]
    num_requests: int
    duration: int

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if isinstance(request.auth, Grant):
            return f"api:client:{request.auth.client}"
        return None

    def allow_request(self, request: Request, view: Any) -> bool:
        allowed = bool(super().allow_request(request, view))
        if getattr(self, "key", None) is not None:
            request._request.rate_limit = self.headers()  # type: ignore[attr-defined]
        return allowed

    def headers(self) -> dict[str, str]:
        """`RateLimit` and its policy, as the IETF draft has them: requests left, and seconds until more."""
        left = max(0, self.num_requests - len(self.history))
        oldest = self.history[-1] if self.history else self.now
        reset = max(0, math.ceil(self.duration - (self.now - oldest)))
        return {
            "RateLimit-Policy": f'"caller";q={self.num_requests};w={self.duration}',
            "RateLimit": f'"caller";r={left};t={reset}',
        }
