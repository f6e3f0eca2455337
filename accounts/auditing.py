"""What was done on the pages of a class, in the same log as what was done in the admin."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.models import User


def note(by: User | None, words: str, *about: Model) -> None:
    """Keep that `by` did to each of `about` what `words` say; nothing where nobody did it (a command, say)."""
    if by is None:
        return
    LogEntry.objects.bulk_create(
        LogEntry(
            user=by,
            content_type=ContentType.objects.get_for_model(one),
            object_id=str(one.pk),
            object_repr=str(one)[:200],
            action_flag=CHANGE,
            change_message=words,
        )
        for one in about
    )
