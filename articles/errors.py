"""What annotating refuses."""

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Annotation


class AnnotatingError(Exception):
    """A change cannot be made; `field` names what to mend ("" for the layer as a whole)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class LayerClosed(AnnotatingError):
    """The layer is published or closed, and changes no more."""


class NotPlaced(AnnotatingError):
    """What was chosen is no place of the text."""


class TextChanged(AnnotatingError):
    """The text, or how it is cut, is another than the one in which the place was chosen."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The text was edited after this page was opened, so these may be other words now. What you typed"
                " is kept. Load the page again, then choose the words anew."
            ),
            "words",
        )


class KeyChanged(AnnotatingError):
    """The key is another than the one that was to be signed."""

    def __init__(self) -> None:
        super().__init__(
            _("The key was changed after this page was opened. Read it as it is now, and then sign."), "swap"
        )


class ChangedMeanwhile(AnnotatingError):
    """Somebody else has changed (`current`: as it is now) or removed (None) the row since it was read."""

    def __init__(self, current: Annotation | None) -> None:
        if current is None:
            message = _("Somebody has removed this annotation meanwhile. Your words are kept here.")
        else:
            message = _("Changed by %(who)s at %(when)s. Compare, and keep which you like.") % {
                "who": current.changed_by or _("somebody"),
                "when": timezone.localtime(current.changed_at).strftime("%H:%M")
                if current.changed_at
                else "?",
            }
        super().__init__(message)
        self.current = current
