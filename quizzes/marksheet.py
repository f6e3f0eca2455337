"""Reading what marks are made of, for many learners and assignments at once: five queries, whatever they are.

Two more where feedback waits for the closing.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import CohortMember, User
from quizzes.grades import Mark, Said, State, Try, mark_of
from quizzes.models import Accommodation, Assignment, AssignmentLearner, Attempt, GradeEntry, QuizRevision
from quizzes.telling import Closings
from quizzes.terms import Terms, terms

Place = tuple[int, int]  # primary keys of an assignment and a learner
#: By class and learner (primary keys): when they came into it and left it, each time.
Places = dict[tuple[int, int], list[tuple[datetime, datetime | None]]]


class MarkSheet:
    """The marks under `assignments`, of everybody, of one `learner` or of `learners`, as they stand at `now`.

    `assignments` come with their class and their quiz's published revision. Rows are read as plain
    values: a school of 500 with 60 assignments has 30,000 attempts and more. `places` spares a query;
    `fractions` are taken for those of these attempts (by primary key), as a regrade would set them.
    """

    def __init__(
        self,
        assignments: Sequence[Assignment],
        *,
        learner: User | None = None,
        learners: Collection[int] | None = None,
        places: Places | None = None,
        fractions: Mapping[int, float | None] | None = None,
        now: datetime | None = None,
    ) -> None:
        self.now = now or timezone.now()
        if learner is not None:
            learners = [learner.pk]
        self._only = Q(learner__in=learners) if learners is not None else Q()
        self._assignments = assignments
        self._named = self._read_named()
        self._places = self._read_places(learners) if places is None else places
        self._granted = self._read_granted()
        self._tries = self._read_tries(fractions or {})
        self._said = self._read_said()
        self._plain: dict[int, Terms] = {}
        self._closings = self._read_closings()

    def mark(self, assignment: Assignment, learner: int) -> Mark | None:
        """The mark; None where the assignment is not given to the learner (any more), and they did nothing in it."""
        place = assignment.pk, learner
        tries, said = self._tries.get(place, ()), self._said.get(place)
        is_given = assignment.archived_at is None and (assignment.everyone or place in self._named)
        if not (is_given or tries or said):
            return None
        held = self.terms(assignment, learner)
        mark = mark_of(
            assignment=assignment,
            terms=held,
            tries=tries,
            said=said,
            now=self.now,
            told_at=self._told_at(assignment, held),
        )
        if mark.state is State.MISSING and not self._was_there(assignment, learner, held):
            return mark._replace(state=State.ELSEWHERE)
        return mark

    def marks(self, assignment: Assignment) -> list[float]:
        """What there is of marks under the assignment, 0 to 1, of whoever learns in the class now."""
        stays = (
            (learner, left)
            for (cohort, learner), stay in self._places.items()
            if cohort == assignment.cohort_id
            for _joined, left in stay
        )
        made = [
            self.mark(assignment, learner) for learner in sorted({who for who, left in stays if left is None})
        ]
        return [mark.fraction for mark in made if mark is not None and mark.fraction is not None]

    def terms(self, assignment: Assignment, learner: int) -> Terms:
        """The learner's dates and limits."""
        rows = self._granted.get(learner)
        if rows:
            fitting = [
                row
                for row in rows
                if row.cohort_id == assignment.cohort_id and row.assignment_id in (None, assignment.pk)
            ]
            if fitting:
                return _terms(assignment, fitting)
        if assignment.pk not in self._plain:
            self._plain[assignment.pk] = _terms(assignment, ())
        return self._plain[assignment.pk]

    def tries(self, assignment: Assignment, learner: int) -> Sequence[Try]:
        """What the learner began or handed in under it, by number."""
        return self._tries.get((assignment.pk, learner), ())

    def said(self, assignment: Assignment, learner: int) -> Said | None:
        """A teacher's word on the mark, the newest."""
        return self._said.get((assignment.pk, learner))

    def has_left(self, assignment: Assignment, learner: int) -> bool:
        """Whether they learn in the class no more."""
        places = self._places.get((assignment.cohort_id, learner), ())
        return all(left is not None for _joined, left in places)

    def moments(self, assignment: Assignment, learner: int) -> list[datetime]:
        """When the clock alone may change the mark: as it is due, closes, and is told."""
        held = self.terms(assignment, learner)
        return [
            moment
            for moment in (held.due_at, held.closes_at, self._told_at(assignment, held))
            if moment is not None
        ]

    def _told_at(self, assignment: Assignment, terms: Terms) -> datetime | None:
        waits = assignment.pk in self._closing
        return self._closings.told_at(assignment, terms.closes_at) if waits else None

    def _was_there(self, assignment: Assignment, learner: int, terms: Terms) -> bool:
        """Whether they had a place in the class when it was due, or where it has no due date, when it closed."""
        moment = terms.due_at or terms.closes_at
        return moment is None or any(
            joined <= moment and (left is None or moment <= left)
            for joined, left in self._places.get((assignment.cohort_id, learner), ())
        )

    def _read_places(self, learners: Collection[int] | None) -> Places:
        places: Places = defaultdict(list)
        rows = CohortMember.objects.filter(
            Q(user__in=learners) if learners is not None else Q(),
            role=CohortMember.Role.LEARNER,
            cohort__in={assignment.cohort_id for assignment in self._assignments},
        ).order_by()
        for cohort, user, joined, left in rows.values_list("cohort_id", "user_id", "joined_at", "left_at"):
            places[cohort, user].append((joined, left))
        return places

    def _read_named(self) -> set[Place]:
        rows = AssignmentLearner.objects.filter(self._only, assignment__in=self._assignments)
        return set(rows.values_list("assignment_id", "learner_id"))

    def _read_granted(self) -> dict[int, list[Accommodation]]:
        granted: dict[int, list[Accommodation]] = defaultdict(list)
        cohorts = {assignment.cohort_id for assignment in self._assignments}
        for row in Accommodation.objects.filter(self._only, cohort__in=cohorts):
            granted[row.learner_id].append(row)
        return granted

    def _read_tries(self, fractions: Mapping[int, float | None]) -> dict[Place, list[Try]]:
        tries: dict[Place, list[Try]] = defaultdict(list)
        rows = Attempt.objects.counting().filter(self._only, assignment__in=self._assignments)
        columns = ("number", "submitted_at", "fraction", "deadline_at", "quiz_revision__feedback")
        found = rows.order_by("number").values_list(
            "pk", "assignment_id", "learner_id", "graded_at", "extra_s", "uuid", *columns
        )
        chosen = {assignment.pk: assignment.feedback for assignment in self._assignments}
        for pk, assignment, learner, graded_at, extra_s, uuid, *rest in found.iterator():
            one = Try(*rest)
            one = one._replace(
                feedback=chosen[assignment] or one.feedback,
                dropped=one.fraction is None and graded_at is not None,
                extra_s=extra_s,
                graded_at=graded_at,
                uuid=uuid,
            )
            if pk in fractions:
                one = one._replace(fraction=fractions[pk])
            tries[assignment, learner].append(one)
        return tries

    def _read_closings(self) -> Closings:
        """For those whose feedback waits for the closing, by what they say or any try of theirs."""
        after = QuizRevision.Feedback.AFTER_CLOSE
        self._closing = {
            place[0] for place, tries in self._tries.items() if any(one.feedback == after for one in tries)
        }
        self._closing |= {one.pk for one in self._assignments if _terms(one, ()).feedback == after}
        found = [one for one in self._assignments if one.pk in self._closing]
        return Closings((one, _revision(one)) for one in found)

    def _read_said(self) -> dict[Place, Said]:
        """The newest word on each mark: a later row replaces an earlier one."""
        rows = GradeEntry.objects.filter(self._only, assignment__in=self._assignments).order_by("at", "pk")
        found = rows.values_list("assignment_id", "learner_id", "kind", "fraction", "at")
        return {(assignment, learner): Said(kind, of, at) for assignment, learner, kind, of, at in found}


def _terms(assignment: Assignment, accommodations: Sequence[Accommodation]) -> Terms:
    return terms(
        revision=_revision(assignment),
        assignment=assignment,
        accommodations=accommodations,
        zone=assignment.cohort.timezone,
    )


def _revision(assignment: Assignment) -> QuizRevision:
    revision = assignment.quiz.published
    assert revision is not None  # noqa: S101 - what was assigned is published, and stays so
    return revision
