"""What the templates of teachers' pages need to say scores."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(fraction: float | None) -> str:
    """0 to 1 as “75 %”, kept on one line; a dash where nothing is scored yet."""
    return "–" if fraction is None else _("%(number)s\u00a0%%") % {"number": round(fraction * 100)}
