"""Two authors at one draft: whoever saves second is told, and loses nothing."""

from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


class SeenForm(forms.ModelForm):
    """A draft's form that knows which state of the draft it was opened on.

    Where somebody has saved since, it is refused with who and when, shows all that was typed, and
    saves it over theirs if it is sent again.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["seen"] = self.instance.updated_at.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rows = type(self.instance)._default_manager.select_for_update().filter(pk=self.instance.pk)
        now = rows.values_list("updated_at", flat=True).first() if self.instance.pk else None
        if now is not None and cleaned.get("seen") != now.isoformat():
            data: Any = self.data
            self.data = data.copy()
            self.data[self.add_prefix("seen")] = now.isoformat()  # type: ignore[index]
            self.add_error(None, self._told(now))
        return cleaned

    def _told(self, at: Any) -> str:
        kind = ContentType.objects.get_for_model(self.instance)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(self.instance.pk))
        newest = entries.select_related("user").order_by("-action_time").first()
        return _(
            "%(who)s saved this draft at %(time)s, after you had opened it. What you typed is below and not"
            " saved. Open the draft in another window to see theirs; save again to put yours in its place."
        ) % {
            "who": newest.user if newest else _("Somebody"),
            "time": date_format(timezone.localtime(at), "H:i"),
        }
