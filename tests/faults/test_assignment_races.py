"""A teacher changes what a learner is just doing: nobody ends up on terms that no longer hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes import accommodating, assigning, attempts, deadlines
from quizzes.errors import AttemptError
from quizzes.models import Accommodation, Assignment, Attempt, ItemResponse
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, QuizFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
RIGHT = {"chosen": "engineer"}


@pytest.fixture
def some(rounds):
    """Fewer rounds: each of these makes a class of its own."""
    return range(max(1, len(rounds) // 5))


class Class:
    def __init__(self, limit=600):
        self.cohort = CohortFactory()
        self.teacher = TeacherFactory(cohort=self.cohort)
        self.learner = CohortMemberFactory(cohort=self.cohort).user
        self.quiz = QuizFactory()
        self.assigned = AssignmentFactory(cohort=self.cohort, quiz=self.quiz, time_limit_s=limit)

    def start(self):
        return attempts.start(learner=self.learner, quiz=self.quiz, cohort=self.cohort)

    def grant(self):
        return accommodating.grant(
            learner=self.learner, cohort=self.cohort, by=self.teacher, extra_percent=100
        )

    def change(self):
        return assigning.change(assignment=self.assigned, by=self.teacher, time_limit_s=1200)

    def archive(self):
        return assigning.archive(assignment=self.assigned, by=self.teacher)

    def limit(self):
        attempt = Attempt.objects.get(learner=self.learner)
        return (attempt.deadline_at - attempt.started_at).total_seconds()


def test_grant_meets_start(crew, some):
    for _round in some:
        room = Class()
        crew.meet(room.start, room.grant, room.start, room.grant)
        assert room.limit() == 1200
        assert Accommodation.objects.filter(learner=room.learner).count() == 1


def test_change_meets_start(crew, some):
    for _round in some:
        room = Class()
        crew.meet(room.start, room.change, room.start, room.change)
        assert room.limit() == 1200


def test_grant_meets_save(crew, some):
    for _round in some:
        room = Class()
        item = room.start().items.select_related("revision").get()
        saves = [
            lambda n=n, item=item: attempts.save_response(item=item, sequence=n, data=RIGHT) for n in (1, 2)
        ]
        crew.meet(room.grant, *saves, room.grant)
        assert room.limit() == 1200
        assert ItemResponse.objects.filter(item=item, sequence=2).exists()


def test_archive_meets_start(crew, some):
    """Whoever started in time belongs to it; whoever came after is told that it was taken back."""
    for _round in some:
        room = Class()
        crew.meet(room.start, room.archive, room.start, room.archive)
        made = Attempt.objects.filter(learner=room.learner)
        assert [attempt.assignment for attempt in made] in ([], [room.assigned])
        assert Assignment.objects.get(pk=room.assigned.pk).archived_at is not None


def test_more_time_meets_the_deadline(crew, some):
    """It is handed in once, or it goes on with its time; a save that is taken is kept."""
    for _round in some:
        room = Class()
        attempt = AttemptFactory(learner=room.learner, quiz=room.quiz, cohort=room.cohort)
        started = timezone.now() - timedelta(seconds=660)
        Attempt.objects.filter(pk=attempt.pk).update(
            started_at=started, deadline_at=started + timedelta(seconds=600)
        )
        item = attempt.items.select_related("revision").get()
        mine = Attempt.objects.filter(pk=attempt.pk)

        def more(mine=mine, room=room):
            return deadlines.give_more_time(attempts=mine, seconds=600, by=room.teacher)

        def save(item=item):
            return attempts.save_response(item=item, sequence=1, data=RIGHT)

        _given, saved, _swept, _again = crew.meet(more, save, attempts.submit_overdue, save)
        attempt.refresh_from_db()
        assert attempt.is_open == (attempt.extra_s == 600)
        assert ItemResponse.objects.filter(item=item).exists() == (not isinstance(saved, AttemptError))


def test_assigning_meets_assigning(crew, some):
    for _round in some:
        room = Class()
        quiz = QuizFactory()

        def give(room=room, quiz=quiz):
            try:
                return assigning.assign(quiz=quiz, cohort=room.cohort, by=room.teacher)
            except assigning.AssignedAlready as refused:
                return refused

        outcomes = crew.meet(give, give, give, give)
        assert sum(isinstance(outcome, Assignment) for outcome in outcomes) == 1
        assert Assignment.objects.filter(quiz=quiz).count() == 1
