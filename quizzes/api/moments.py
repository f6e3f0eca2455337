"""Dates of work over REST: any moment that a page would take."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.refusing import UNFIT

FIRST_YEAR, LAST_YEAR = 2000, 2100


def _near(moment: datetime) -> None:
    """Further is a slip of the finger; and days that are granted could not be added to the end of time."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise serializers.ValidationError(
            _("Choose a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}, UNFIT
        )


def date_of_work(says: str) -> serializers.DateTimeField:
    """A date that may be null; it is told in UTC."""
    kwargs: dict[str, Any] = {"allow_null": True, "required": False, "validators": [_near]}
    return serializers.DateTimeField(help_text=f"{says} From {FIRST_YEAR} to {LAST_YEAR}.", **kwargs)
