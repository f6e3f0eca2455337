from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_timezone(name: str) -> None:
    """Refuse a name that the tz database does not have ("Europe/Yerevan" for "Asia/Yerevan")."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Use a name such as Europe/Berlin or Asia/Yerevan."),
            code="unknown_timezone",
            params={"name": name},
        )
