"""Under which classes a session starts quizzes: one that another system began, only under its organisation's.

Whoever is signed in so may be in classes of other schools too, and in several that take the same quiz. So the
session keeps which organisation began it, and under which class each quiz is taken that was opened for one.
"""

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _

from accounts.models import Cohort, User
from quizzes.errors import NotAssigned, OpenElsewhere
from quizzes.models import Attempt, Quiz
from quizzes.places import Place, Within

#: Under this key a session that another system began keeps the primary key of that system's organisation.
LAUNCHED_BY = "launched_by"
#: And under this one, by a quiz's primary key as a string, the class's under which it is taken.
_LAUNCHED_TO = "launched_to"
Opened = dict[str, int]


def opened_for(session: SessionBase, *, user: User, organisation: int) -> Opened:
    """What was opened for `user` before in this session, if `organisation` began it: more launches add to it."""
    if session.get(LAUNCHED_BY) != organisation or session.get("_auth_user_id") != str(user.pk):
        return {}
    return dict(session.get(_LAUNCHED_TO, {}))


def bind(
    session: SessionBase, *, organisation: int, quiz: int | None, cohort: int | None, opened: Opened
) -> None:
    """From now on, start quizzes under classes of `organisation` only, and `quiz` under `cohort`, if that is one."""
    session[LAUNCHED_BY] = organisation
    others = {name: pk for name, pk in opened.items() if name != str(quiz)}
    session[_LAUNCHED_TO] = others if quiz is None or cohort is None else {**others, str(quiz): cohort}


def classes_for(session: SessionBase, quiz: Quiz) -> Within:
    """The classes under which this session may start `quiz`; None: all, and what is taken alone."""
    organisation = session.get(LAUNCHED_BY)
    if organisation is None:
        return None
    classes = Cohort.objects.filter(organisation=organisation)
    only = session.get(_LAUNCHED_TO, {}).get(str(quiz.pk))
    return classes if only is None else classes.filter(pk=only)


def refuse_untaken(place: Place, within: Within) -> None:
    """Raise NotAssigned where nothing but a preview would be started, though classes are named."""
    if within is not None and not place.enrolled:
        raise NotAssigned(
            _("The school that sent you here has not given this to you. Open it where it was given to you.")
        )


def refuse_elsewhere(attempt: Attempt | None, within: Within) -> None:
    """Raise OpenElsewhere where the open attempt counts, and under none of the classes."""
    if attempt is None or attempt.is_preview or within is None:
        return
    if attempt.cohort is None:
        raise OpenElsewhere(_("You have begun this outside your class. Hand that in first."))
    if within.filter(pk=attempt.cohort.pk).exists():
        return
    raise OpenElsewhere(
        _("You have begun this in the class “%(name)s”. Hand that in first.") % {"name": attempt.cohort.name}
    )


def may_go_on(session: SessionBase, attempt: Attempt | None) -> Attempt | None:
    """The attempt, unless it counts under a class of an organisation that did not begin this session."""
    if attempt is None or attempt.cohort is None:
        return attempt
    return attempt if session.get(LAUNCHED_BY) in (None, attempt.cohort.organisation_id) else None
