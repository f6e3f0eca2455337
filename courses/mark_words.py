"""The words for how a mark stands, on pages and in files alike."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes.grades import Mark, State

STATES: dict[State, Promise] = {
    State.MISSING: _("missing"),
    State.ELSEWHERE: _("not in class"),
    State.NOT_DUE: _("not due yet"),
    State.OPEN: _("begun"),
    State.WAITING: _("to grade"),
    State.HELD: _("not released"),
    State.GRADED: _("graded"),
    State.EXCUSED: _("excused"),
    State.OVERRIDE: _("set by hand"),
    State.DROPPED: _("dropped"),
}


def words_of(mark: Mark) -> str:
    """The state in a word or two."""
    return str(STATES[mark.state])
