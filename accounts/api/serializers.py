from rest_framework import serializers

from accounts.models import Cohort


class CohortSerializer(serializers.ModelSerializer[Cohort]):
    """A class. `external_id` is the other system's own name for it, unique in the organisation; "" for none."""

    class Meta:
        model = Cohort
        fields = [
            "uuid",
            "external_id",
            "name",
            "timezone",
            "starts_on",
            "ends_on",
            "archived_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["uuid", "archived_at", "created_at", "updated_at"]
