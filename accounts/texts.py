"""What a text that somebody typed must be, so that every database can keep it."""

from django.utils.translation import gettext as _


def fault_of_text(text: str) -> str:
    """What is wrong with it and how to mend it; '' for a text that can be stored.

    PostgreSQL keeps no NUL, and half of a surrogate pair is no character.
    """
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        return _("There is a character in this text that cannot be kept. Type the text again.")
    return ""
