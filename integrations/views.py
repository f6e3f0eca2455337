"""Pages that other systems send people to."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from integrations import launching
from quizzes import bounds

_BACKEND = "accounts.backends.NameOrEmailBackend"


@require_safe
@never_cache
def launch(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in whoever was sent here, once. What only looks ahead (HEAD, a prefetch) uses nothing up."""
    if request.method == "HEAD" or _looks_ahead(request):
        return _hidden(HttpResponse(status=204))
    try:
        launched = launching.redeem(token=token)
    except launching.LaunchOver:
        return _hidden(render(request, "integrations/launch_over.html", {"nav": ""}, status=410))
    by = launched.client.organisation_id
    opened = bounds.opened_for(request.session, user=launched.learner, organisation=by)
    request.session.flush()  # nothing of who was here before, nor a session that somebody else knows
    login(request, launched.learner, backend=_BACKEND)
    request.session.set_expiry(0)  # until the browser closes: pupils share machines
    bounds.bind(
        request.session, organisation=by, quiz=launched.quiz_id, cohort=launched.cohort_id, opened=opened
    )
    return _hidden(redirect(launched.path))


def _looks_ahead(request: HttpRequest) -> bool:
    headers = ("Sec-Purpose", "Purpose", "X-Moz")
    return any("prefetch" in request.headers.get(name, "").lower() for name in headers)


def _hidden(response: HttpResponse) -> HttpResponse:
    """The address goes nowhere else."""
    response["Referrer-Policy"] = "no-referrer"
    return response
