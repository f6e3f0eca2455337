"""How far a class is, in the words that stand on the wall."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.showing import Turnout


def turnout_words(turnout: Turnout) -> dict[str, str]:
    """A sentence under each name that the projector's page has a place for."""
    of = {"finished": turnout.finished, "joined": turnout.joined, "tickets": turnout.tickets}
    return {
        "joined": ngettext("%(joined)s has joined", "%(joined)s have joined", turnout.joined) % of,
        "finished": _("%(finished)s of %(joined)s have finished") % of,
        "working": ngettext(
            "%(working)s is still working and will see what you show.",
            "%(working)s are still working and will see what you show.",
            turnout.working,
        )
        % {"working": turnout.working}
        if turnout.working
        else "",
        "tickets": _("%(tickets)s of %(joined)s have answered") % of,
    }
