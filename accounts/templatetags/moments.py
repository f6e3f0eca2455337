"""Moments in templates, on the reader's clock and, where it shows another time, on that of their class."""

from datetime import datetime

from django import template

from accounts.local_times import told

register = template.Library()


@register.filter
def on_both_clocks(moment: datetime | None, zone: str) -> str:
    """`told` of a moment, "" of none; `zone` is the class's."""
    return told(moment, zone) if moment else ""
