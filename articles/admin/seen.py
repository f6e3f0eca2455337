"""Two authors at one draft: whoever saves second is told, and loses nothing."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.admin.revision_pages import address
from articles.models import Frozen
from articles.publishing import locked_draft


class SeenForm(forms.ModelForm):
    """A draft's form that knows which state of the draft it was opened on.

    Where somebody has saved since, it is refused with who and when, shows all that was typed, and
    saves it over theirs if it is sent again. The draft is looked at under the lock that its verb takes too, so
    it is to be validated in the transaction that saves it.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["seen"] = self.instance.updated_at.isoformat()

    @property
    def changed_data(self) -> list[str]:
        """What an author changed; which state they had opened is no part of it."""
        return [name for name in super().changed_data if name != "seen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.instance.pk:
            return cleaned
        try:
            now = locked_draft(self.instance).updated_at
        except (Frozen, ObjectDoesNotExist):
            self.add_error(None, _gone())
            return cleaned
        if cleaned.get("seen") != now.isoformat():
            data: Any = self.data
            self.data = data.copy()
            self.data[self.add_prefix("seen")] = now.isoformat()  # type: ignore[index]
            self.add_error(None, self._told(now))
        return cleaned

    def _told(self, at: datetime) -> str:
        kind = ContentType.objects.get_for_model(self.instance)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(self.instance.pk))
        newest = entries.select_related("user").order_by("-action_time").first()
        said = _(
            "%(who)s saved this draft at %(time)s, after you had opened it. What you typed is below and not"
            " saved. Look at theirs; save again to put yours in its place."
        ) % {
            "who": newest.user if newest else _("Somebody"),
            "time": date_format(timezone.localtime(at), "H:i"),
        }
        theirs = '{} <a href="{}" target="_blank" rel="noopener">{}</a>'
        return format_html(theirs, said, address(self.instance), _("Theirs, in a new tab"))


def _gone() -> str:
    return _(
        "Somebody published or discarded this draft meanwhile, so it changes no more. What you typed is below and not"
        " saved: copy it, and start a new revision."
    )
