import uuid

from django.db import models
from django.utils import timezone


class Stamped(models.Model):
    """When a row was made and last saved (UTC). `update()` skips `updated_at`: verbs set it."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class PublicModel(Stamped):
    """A row that the outside may name: by its UUID, never by its primary key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
