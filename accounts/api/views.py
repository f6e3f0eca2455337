from typing import Any

from django.db.models import QuerySet

from accounts.api.doors import Listed
from accounts.api.serializers import CohortSerializer
from accounts.models import Cohort


class CohortViewSet(Listed):
    """The classes of the client's organisation."""

    queryset = Cohort.objects.none()
    serializer_class = CohortSerializer
    scopes = {"list": "roster:read", "retrieve": "roster:read"}

    def rows(self) -> "QuerySet[Any]":
        return Cohort.objects.visible_to(self.request.user)
