"""How far a class is, in the words that stand on the wall."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.showing import Turnout


def turnout_words(turnout: Turnout) -> dict[str, str]:
    """A sentence under each name that the projector's page has a place for."""
    of = {
        "finished": turnout.finished,
        "joined": turnout.joined,
        "tickets": turnout.tickets,
        "before": turnout.before,
    }
    return {
        "joined": ngettext("%(joined)s has joined", "%(joined)s have joined", turnout.joined) % of,
        "finished": (
            _("%(finished)s of %(joined)s have finished, %(before)s of them before this lesson")
            if turnout.before
            else _("%(finished)s of %(joined)s have finished")
        )
        % of,
        "working": _others(turnout),
        "tickets": _("%(tickets)s of %(joined)s have answered") % of,
    }


def _others(turnout: Turnout) -> str:
    """Who has not finished; "" where everybody has."""
    told = []
    if turnout.working:
        words = ngettext(
            "%(working)s is still working and will see what you show.",
            "%(working)s are still working and will see what you show.",
            turnout.working,
        )
        told.append(words % {"working": turnout.working})
    if turnout.not_begun:
        words = ngettext("%(count)s has not begun.", "%(count)s have not begun.", turnout.not_begun)
        told.append(words % {"count": turnout.not_begun})
    return " ".join(told)
