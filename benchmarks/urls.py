from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.urls import urlpatterns as site


@login_required
def bare(request: HttpRequest) -> JsonResponse:
    """The session and the user are read, and one row is written: nothing else."""
    from accounts.models import ExternalIdentity, Organisation

    global _organisation
    if _organisation is None:
        _organisation = Organisation.objects.shared().pk
    row = ExternalIdentity.objects.create(
        user_id=request.user.pk,
        organisation_id=_organisation,
        issuer="bench",
        subject=f"{id(request)}-{_next()}",
    )
    return JsonResponse({"state": "saved", "sequence": row.pk})


class Empty(APIView):
    """Signs in as every view of the API does, and says nothing."""

    def get(self, request: Request) -> Response:
        return Response({})


_organisation: int | None = None


def _next() -> str:
    import os
    import time

    return f"{os.getpid()}-{time.perf_counter_ns()}"


urlpatterns = [path("bench/bare/", bare), path("api/v1/bench/empty/", Empty.as_view()), *site]
