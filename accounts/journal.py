"""Who did what to people and classes, in the same record as what is done in the admin."""

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import Model

from accounts.models import User


def note(by: User, row: Model, words: str, *, added: bool = False) -> None:
    """Say of `row` what `by` did; whoever looks after it reads it in the admin."""
    flag = ADDITION if added else CHANGE
    LogEntry.objects.log_actions(by.pk, [row], flag, change_message=words, single_object=True)
