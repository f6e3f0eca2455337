from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.api.bodies import Strict
from accounts.api.references import issuer_field, reference
from accounts.models import Cohort, CohortMember, User
from accounts.nicknames import LONGEST
from accounts.roster.plans import LONGEST_ID
from accounts.timezones import validate_timezone


class CohortSerializer(Strict, serializers.ModelSerializer[Cohort]):
    """A class: learners with their teachers, for a term."""

    archived = serializers.BooleanField(
        source="is_archived",
        required=False,
        help_text="A class that is over: its pages stay readable, and nobody comes into it any more.",
    )

    class Meta:
        model = Cohort
        fields = [
            "uuid",
            "external_id",
            "name",
            "timezone",
            "starts_on",
            "ends_on",
            "archived",
            "archived_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["uuid", "archived_at", "created_at", "updated_at"]
        extra_kwargs = {
            "external_id": {
                "help_text": "The other system's own name for it, unique in the organisation; empty for none."
            },
            "name": {"help_text": "What it is called on the pages, such as “7b English”."},
            "timezone": {
                "required": False,
                "help_text": "Of the tz database, such as Europe/Berlin; the organisation's if left out.",
            },
            "starts_on": {"help_text": "The first day of the term; for orientation, it closes nothing."},
            "ends_on": {"help_text": "The last day of the term; for orientation, it closes nothing."},
        }


class ExternalIdSerializer(Strict):
    """What another system calls somebody. An id is one person's in the organisation."""

    issuer = issuer_field()
    subject = serializers.CharField(max_length=LONGEST_ID, help_text="The id itself, as that system has it.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if "subject" not in given:  # a PATCH asks for nothing, but an id is whole or none
            raise serializers.ValidationError({"subject": self.fields["subject"].error_messages["required"]})
        return given


class UserSerializer(Strict, serializers.ModelSerializer[User]):
    """A person: a learner or a teacher. There is no e-mail address here, and no real name.

    Real names are the school's, kept with each membership, and shown to teachers only.
    """

    external_ids = ExternalIdSerializer(
        source="named_here",
        many=True,
        help_text="What your organisation's systems call them. A change replaces the whole list.",
    )
    display_name = serializers.CharField(
        max_length=80,
        help_text=f"What the class sees: a nickname of at most {LONGEST} characters, no e-mail address.",
    )
    language = serializers.ChoiceField(
        choices=[("", "the browser's"), *settings.LANGUAGES],
        required=False,
        help_text="Of the pages; empty: as their browser asks.",
    )
    timezone = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=64,
        validators=[validate_timezone],
        help_text="In which they see dates; empty: the class's.",
    )

    updated_at = serializers.DateTimeField(
        source="told_at",
        read_only=True,
        help_text="When the account changed last, or an id or a place of theirs in your organisation.",
    )

    class Meta:
        model = User
        fields = [
            "uuid",
            "username",
            "external_ids",
            "display_name",
            "language",
            "timezone",
            "erased_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["uuid", "username", "erased_at", "created_at", "updated_at"]
        extra_kwargs = {
            "username": {"help_text": "Made by this site, unique on it."},
            "erased_at": {"help_text": "When the person was forgotten for good; null for everybody else."},
        }


class MembershipSerializer(Strict, serializers.ModelSerializer[CohortMember]):
    """Somebody's place in a class, from `joined_at` until `left_at`. One that has ended stays."""

    cohort = reference(help_text="The class.")
    user = reference(help_text="The person.")
    role = serializers.ChoiceField(
        choices=CohortMember.Role.choices,
        required=False,
        help_text="A teacher runs the class, an assistant looks and grades. Only these two can be swapped.",
    )
    real_name = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="Seen by the teachers of this class only.",
    )

    class Meta:
        model = CohortMember
        fields = [
            "uuid",
            "cohort",
            "user",
            "role",
            "real_name",
            "joined_at",
            "left_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["uuid", "joined_at", "left_at", "created_at", "updated_at"]
        extra_kwargs = {"left_at": {"help_text": "When the place ended; null while it holds."}}


class EnrolSerializer(Strict):
    """Who comes into which class. Give `user` or `user_external_id`, and `cohort` or `cohort_external_id`."""

    user = serializers.UUIDField(required=False, help_text="The person's uuid.")
    user_external_id = serializers.CharField(required=False, max_length=LONGEST_ID)
    issuer = issuer_field()
    cohort = serializers.UUIDField(required=False, help_text="The class's uuid.")
    cohort_external_id = serializers.CharField(required=False, max_length=255)
    role = serializers.ChoiceField(choices=CohortMember.Role.choices, default=CohortMember.Role.LEARNER)
    real_name = serializers.CharField(
        max_length=200,
        default="",
        allow_blank=True,
        help_text="Seen by the teachers of this class only.",
    )
