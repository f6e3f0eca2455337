"""A class once more, for the next term: its staff and what it was given, with later dates, and no learners."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import joining, nicknames
from accounts.auditing import note
from accounts.local_times import shifted
from accounts.models import Cohort, CohortMember, User
from accounts.signals import cohort_member_changed
from articles import choosing
from articles.models import HiddenArticle
from courses import assigning
from courses.models import CohortCourse
from quizzes import assigning as quiz_assigning
from quizzes import chosen_terms
from quizzes.assigning import AssignmentRefused
from quizzes.models import Assignment

DATES = ("opens_at", "due_at", "closes_at")
A_MINUTE = timedelta(minutes=1)
#: Ten years either way: further is a slip of the finger.
MOST_DAYS = 3_660
#: The years in which a term may begin.
FIRST_YEAR, LAST_YEAR = 2000, 2100


class CopyRefused(Exception):
    """No class was made: the message says why. `field` is what has to be mended."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Moved:
    """An assignment as the copy will have it."""

    assignment: Assignment
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None


def preview(*, cohort: Cohort, shift_days: int) -> list[Moved]:
    """What the copy's assignments would be, what is due first; those for some learners only are left out.

    Raises CopyRefused for a date that no calendar has.
    """
    return [
        Moved(one, **_dates(one, cohort, shift_days))
        for one in _copied(cohort).select_related("quiz__published")
    ]


@transaction.atomic
def copy_class(
    *, cohort: Cohort, name: str, by: User, starts_on: date | None = None, shift_days: int = 0
) -> Cohort:
    """Return a new class with the staff of `cohort`, its courses and assignments `shift_days` later.

    Every time stays the same on the class's clock. `starts_on` is the new term's first day; the term
    is as long as the old one. Pupils come in with a code of its own. Raises CopyRefused.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)  # the lock for "one copy of a name"
    name = _fit_name(name, by)
    if abs(shift_days) > MOST_DAYS:
        raise CopyRefused("shift_days", _("Choose a number of days from −3,660 to 3,660."))
    if starts_on is not None and not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        raise CopyRefused(
            "starts_on",
            _("Choose a day from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
        )
    copy = Cohort.objects.create(
        organisation=cohort.organisation,
        name=name,
        timezone=cohort.timezone,
        starts_on=starts_on,
        ends_on=_ends_on(cohort, starts_on),
    )
    _copy_staff(cohort, copy)
    for hidden in HiddenArticle.objects.filter(cohort=cohort).select_related("article"):
        choosing.hide(cohort=copy, article=hidden.article, by=by)
    try:
        _copy_courses(cohort, copy, by, shift_days)
        _copy_assignments(cohort, copy, by, shift_days)
    except AssignmentRefused as refused:
        raise CopyRefused("shift_days", str(refused)) from refused
    joining.new_code(cohort=copy)
    note(by, _("Copied from “%s”.") % cohort, copy)
    return copy


def _fit_name(typed: str, by: User) -> str:
    name = nicknames.tidied(typed)
    if not name or len(name) > 120:
        raise CopyRefused("name", _("Give the new class a name, of 120 characters at most."))
    if nicknames.has_unseen(name):
        raise CopyRefused("name", _("There is a character in it that cannot be seen. Type the name again."))
    if Cohort.objects.led_by(by).active().filter(name=name).exists():
        # A button that is pressed twice makes one class.
        raise CopyRefused(
            "name",
            _("You have a class “%(name)s” already: look under Classes. Or choose another name.")
            % {"name": name},
        )
    return name


def _ends_on(cohort: Cohort, starts_on: date | None) -> date | None:
    if starts_on is None or cohort.starts_on is None or cohort.ends_on is None:
        return None
    return starts_on + (cohort.ends_on - cohort.starts_on)


def _copy_staff(cohort: Cohort, copy: Cohort) -> None:
    staff = cohort.members.filter(left_at=None).exclude(role=CohortMember.Role.LEARNER)
    for member in staff.select_related("user"):
        made = CohortMember.objects.create(
            cohort=copy, user=member.user, role=member.role, real_name=member.real_name
        )
        cohort_member_changed.send(sender=CohortMember, member=made)


def _copy_courses(cohort: Cohort, copy: Cohort, by: User, days: int) -> None:
    taken = CohortCourse.objects.filter(
        cohort=cohort,
        archived_at=None,
        everyone=True,
        course__archived_at=None,
        course__published_at__isnull=False,
    )
    for given in taken.select_related("course", "module", "lesson").order_by("pk"):
        moved = _in_order({name: _shifted(getattr(given, name), cohort, days) for name in DATES[:2]})
        assigning.give(
            cohort=copy,
            course=given.course,
            module=given.module,
            lesson=given.lesson,
            by=by,
            opens_at=moved["opens_at"],
            due_at=moved["due_at"],
        )


def _copy_assignments(cohort: Cohort, copy: Cohort, by: User, days: int) -> None:
    made = {
        one.quiz_id: one for one in Assignment.objects.live().filter(cohort=copy).select_related("cohort")
    }
    for old in _copied(cohort).select_related("quiz"):
        chosen = {name: getattr(old, name) for name in chosen_terms.TERMS}
        chosen.update(_dates(old, cohort, days))
        if old.quiz_id in made:
            quiz_assigning.change(assignment=made[old.quiz_id], by=by, **chosen)
        else:
            quiz_assigning.assign(quiz=old.quiz, cohort=copy, by=by, **chosen)


def _copied(cohort: Cohort) -> "QuerySet[Assignment]":
    return Assignment.objects.filter(
        cohort=cohort,
        archived_at=None,
        everyone=True,
        quiz__archived_at=None,
        quiz__published__isnull=False,
    )


def _dates(old: Assignment, cohort: Cohort, days: int) -> dict[str, datetime | None]:
    return _in_order({name: _shifted(getattr(old, name), cohort, days) for name in DATES})


def _shifted(moment: datetime | None, cohort: Cohort, days: int) -> datetime | None:
    if moment is None:
        return None
    try:
        return shifted(moment, days, cohort.timezone)
    except OverflowError as error:
        raise CopyRefused("shift_days", _("No calendar goes that far. Choose fewer days.")) from error


def _in_order(dates: dict[str, datetime | None]) -> dict[str, datetime | None]:
    """The dates, none before the one that it followed: where the clocks change, two can change places."""
    opens, due, closes = (dates.get(name) for name in DATES)
    if opens and due:
        due = max(due, opens)
    if closes and due:
        closes = max(closes, due)
    if closes and opens:
        closes = max(closes, opens + A_MINUTE)
    moved = {"opens_at": opens, "due_at": due, "closes_at": closes}
    return {name: moved[name] for name in dates}
