from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, FilterSet

from accounts.api.doors import Listed
from accounts.api.serializers import CohortSerializer
from accounts.models import Cohort


class CohortFilters(FilterSet):
    external_id = CharFilter(help_text="The other system's name of the class.")

    class Meta:
        model = Cohort
        fields: list[str] = []


class CohortViewSet(Listed):
    """The classes of the client's organisation."""

    queryset = Cohort.objects.none()
    serializer_class = CohortSerializer
    filterset_class = CohortFilters
    scopes = {"list": "roster:read", "retrieve": "roster:read"}

    def rows(self) -> "QuerySet[Any]":
        return Cohort.objects.visible_to(self.request.user)
