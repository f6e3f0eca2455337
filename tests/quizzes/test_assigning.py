from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from quizzes import assigning, attempts, deadlines, grades
from quizzes.assigning import AssignedAlready, AssignmentRefused
from quizzes.errors import AssignmentClosed, AttemptOverdue, NoAttemptsLeft, NotAssigned, NotOpenYet
from quizzes.grades import State
from quizzes.marksheet import MarkSheet
from quizzes.models import Assignment, Attempt
from quizzes.signals import assignment_given, grades_released
from tests.factories.accounts import CohortFactory, CohortMemberFactory, LearnerFactory, TeacherFactory
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, QuizFactory, SubmittedAttemptFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def quiz():
    return QuizFactory()


@pytest.fixture
def learner(cohort):
    return CohortMemberFactory(cohort=cohort).user


@pytest.fixture
def told():
    """What was announced, by signal."""
    heard = []

    def given(assignment, learners, **_kwargs):
        heard.append((assignment.pk, set(learners)))

    def released(attempts, **_kwargs):
        heard.append(list(attempts))

    assignment_given.connect(given)
    grades_released.connect(released)
    yield heard
    assignment_given.disconnect(given)
    grades_released.disconnect(released)


def words():
    return list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))


def test_assign_gives_a_quiz_to_the_whole_class(cohort, teacher, quiz, learner, told):
    due = timezone.now() + DAY
    given = assigning.assign(
        quiz=quiz, cohort=cohort, by=teacher, due_at=due, late_policy="percent", late_percent=10
    )
    given.refresh_from_db()
    assert (given.quiz, given.cohort, given.everyone, given.due_at, given.late_percent) == (
        quiz,
        cohort,
        True,
        due,
        10,
    )
    assert Assignment.objects.given_to(learner).get() == given
    assert (told, words()) == ([(given.pk, {learner.pk})], ["Assigned."])


def test_assign_to_some_is_for_nobody_else(cohort, teacher, quiz, learner):
    other, stranger = CohortMemberFactory(cohort=cohort).user, LearnerFactory()
    given = assigning.assign(quiz=quiz, cohort=cohort, by=teacher, learners=[learner, stranger])
    assert list(given.named.values_list("learner", flat=True)) == [learner.pk]
    assert not Assignment.objects.given_to(other).exists()
    with pytest.raises(AssignmentRefused) as refused:
        assigning.assign(quiz=QuizFactory(), cohort=cohort, by=teacher, learners=[stranger])
    assert refused.value.field == "learners"
    assert Assignment.objects.get() == given


def test_assign_adopts_what_was_done_in_the_class_before(cohort, teacher, quiz, learner):
    taken = AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    elsewhere = AttemptFactory(quiz=quiz, cohort=CohortFactory())
    preview = AttemptFactory(quiz=quiz, preview=True)
    closes = timezone.now() + DAY
    given = assigning.assign(quiz=quiz, cohort=cohort, by=teacher, closes_at=closes)
    for attempt in (taken, elsewhere, preview):
        attempt.refresh_from_db()
    assert (taken.assignment, taken.deadline_at) == (given, closes)
    assert (elsewhere.assignment, preview.assignment) == (None, None)


def test_a_class_has_a_quiz_once_until_it_is_taken_back(cohort, teacher, quiz):
    given = assigning.assign(quiz=quiz, cohort=cohort, by=teacher)
    with pytest.raises(AssignedAlready) as refused:
        assigning.assign(quiz=quiz, cohort=cohort, by=teacher)
    assert refused.value.assignment == given
    assigning.archive(assignment=given, by=teacher)
    assert assigning.assign(quiz=quiz, cohort=cohort, by=teacher) != given


NOON = datetime(2030, 1, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"opens_at": NOON, "due_at": NOON - DAY}, "due_at"),
        ({"due_at": NOON, "closes_at": NOON - DAY}, "closes_at"),
        ({"opens_at": NOON, "closes_at": NOON}, "closes_at"),
        ({"late_policy": "percent"}, "late_percent"),
        ({"late_policy": "percent", "late_percent": 101}, "late_percent"),
        ({"late_policy": "sometimes"}, "late_policy"),
        ({"attempts_allowed": 0}, "attempts_allowed"),
        ({"time_limit_s": 0}, "time_limit_s"),
        ({"feedback": "at_once"}, "feedback"),
        ({"feedback": "after_close"}, "closes_at"),
        ({"feedback": "after_close", "due_at": NOON}, "closes_at"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_field(cohort, teacher, quiz, chosen, field):
    with pytest.raises(AssignmentRefused) as refused:
        assigning.assign(quiz=quiz, cohort=cohort, by=teacher, **chosen)
    assert refused.value.field == field
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("chosen", [{"release": "held"}, {"feedback": "after_submit"}])
def test_practice_holds_nothing_back(cohort, teacher, chosen):
    with pytest.raises(AssignmentRefused) as refused:
        assigning.assign(quiz=QuizFactory(mode="practice"), cohort=cohort, by=teacher, **chosen)
    assert refused.value.field == next(iter(chosen))


def test_feedback_after_closing_may_wait_for_a_due_date_that_closes(cohort, teacher, quiz):
    assigning.assign(
        quiz=quiz, cohort=cohort, by=teacher, feedback="after_close", due_at=NOON, late_policy="none"
    )


def test_nothing_is_given_to_a_class_that_is_over_or_of_a_quiz_that_is_archived(cohort, teacher, quiz):
    quiz.archived_at = timezone.now()
    quiz.save()
    with pytest.raises(AssignmentRefused):
        assigning.assign(quiz=quiz, cohort=cohort, by=teacher)
    cohort.archived_at = timezone.now()
    cohort.save()
    with pytest.raises(AssignmentRefused):
        assigning.assign(quiz=QuizFactory(), cohort=cohort, by=teacher)


def test_change_reaches_tries_that_are_running_and_leaves_the_rest(cohort, teacher, quiz, learner, told):
    given = AssignmentFactory(cohort=cohort, quiz=quiz, time_limit_s=600, attempts_allowed=3)
    running = AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    changed = assigning.change(assignment=given, by=teacher, time_limit_s=900)
    running.refresh_from_db()
    assert running.deadline_at == running.started_at + timedelta(seconds=900)
    assert (changed.attempts_allowed, told, words()) == (3, [], ["Changed."])
    assigning.change(assignment=given, by=teacher, time_limit_s=None)
    running.refresh_from_db()
    assert running.deadline_at is None


def test_change_leaves_what_was_handed_in(cohort, teacher, quiz, learner):
    given = AssignmentFactory(cohort=cohort, quiz=quiz, time_limit_s=600)
    done = attempts.submit(attempt=AttemptFactory(learner=learner, quiz=quiz, cohort=cohort))
    before = done.deadline_at
    assigning.change(assignment=given, by=teacher, time_limit_s=900)
    done.refresh_from_db()
    assert done.deadline_at == before


def test_change_refuses_what_was_taken_back_and_what_it_does_not_know(cohort, teacher):
    given = AssignmentFactory(cohort=cohort)
    with pytest.raises(TypeError):
        assigning.change(assignment=given, by=teacher, quiz=None)
    assigning.archive(assignment=given, by=teacher)
    with pytest.raises(AssignmentRefused):
        assigning.change(assignment=given, by=teacher, due_at=NOON)


def test_address_says_whom_it_is_for_and_widen_only_adds(cohort, teacher, learner, told):
    given = AssignmentFactory(cohort=cohort)
    second, third = (CohortMemberFactory(cohort=cohort).user for _number in range(2))

    def is_for():
        given.refresh_from_db()
        return given.everyone, set(given.named.values_list("learner", flat=True))

    assigning.address(assignment=given, by=teacher, learners=[learner])
    assert is_for() == (False, {learner.pk})
    assigning.widen(assignment=given, learners=[second])
    assert is_for() == (False, {learner.pk, second.pk})
    assigning.address(assignment=given, by=teacher, learners=[third])
    assert is_for() == (False, {third.pk})
    assigning.widen(assignment=given, learners=None)
    assert is_for() == (True, set())
    assigning.widen(assignment=given, learners=[second])
    assert is_for() == (True, set())
    assert told == [  # whoever had it before is not told again
        (given.pk, {second.pk}),
        (given.pk, {third.pk}),
        (given.pk, {learner.pk, second.pk}),
    ]


def test_archive_lets_a_running_try_be_handed_in_and_no_new_one_begin(cohort, teacher, quiz, learner):
    given = AssignmentFactory(cohort=cohort, quiz=quiz)
    running = AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    for _time in range(2):
        assigning.archive(assignment=given, by=teacher)
    assert attempts.submit(attempt=running).assignment_id == given.pk
    with pytest.raises(NotAssigned):
        AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    assert words() == ["Taken back."]


def test_release_tells_once_of_what_was_handed_in_and_graded(cohort, teacher, told, quiz, learner):
    given = AssignmentFactory(cohort=cohort, quiz=quiz, release="held")
    done = attempts.submit(attempt=AttemptFactory(learner=learner, quiz=quiz, cohort=cohort))
    AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    first = assigning.release(assignment=given, by=teacher).released_at
    assert first is not None
    assert assigning.release(assignment=given, by=teacher).released_at == first
    assert (told, words()) == ([[done]], ["Marks released."])


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ({"release": "held"}, {"release": "auto"}),
        ({"feedback": "after_close", "closes_at": NOON + 3650 * DAY}, {"feedback": "after_submit"}),
    ],
    ids=["held", "waiting for the closing"],
)
def test_terms_that_show_marks_tell_of_them_once(cohort, teacher, told, quiz, learner, held, shown):
    given = AssignmentFactory(cohort=cohort, quiz=quiz, **held)
    done = attempts.submit(attempt=AttemptFactory(learner=learner, quiz=quiz, cohort=cohort))
    for chosen in ({"attempts_allowed": 5}, shown, shown):
        assigning.change(assignment=given, by=teacher, **chosen)
    assert told == [[done]]


def test_release_of_what_is_not_held_tells_nobody(cohort, teacher, told):
    given = AssignmentFactory(cohort=cohort)
    assert assigning.release(assignment=given, by=teacher).released_at is None
    assert told == []


def test_start_keeps_to_the_dates(cohort, quiz, learner):
    given = AssignmentFactory(cohort=cohort, quiz=quiz, opens_at=timezone.now() + DAY)
    with pytest.raises(NotOpenYet):
        AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    Assignment.objects.filter(pk=given.pk).update(opens_at=None, closes_at=timezone.now() - DAY)
    with pytest.raises(AssignmentClosed):
        AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)


# More time ----------------------------------------------------------------------------------------


def test_more_time_moves_the_end_of_open_tries_and_is_noted(cohort, teacher, quiz, learner):
    AssignmentFactory(cohort=cohort, quiz=quiz, time_limit_s=600)
    running = AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    done = AttemptFactory(learner=CohortMemberFactory(cohort=cohort).user, quiz=quiz, cohort=cohort)
    attempts.submit(attempt=done)
    endless = AttemptFactory(learner=learner, cohort=cohort)
    given = deadlines.give_more_time(attempts=Attempt.objects.filter(cohort=cohort), seconds=600, by=teacher)
    for attempt in (running, done, endless):
        attempt.refresh_from_db()
    assert given == 1
    assert (running.extra_s, running.deadline_at) == (600, running.started_at + timedelta(seconds=1200))
    assert (done.extra_s, endless.extra_s, endless.deadline_at) == (0, 0, None)
    assert words() == ["Given 600 more seconds."]


def test_more_time_outlives_a_change_of_the_terms(cohort, teacher, quiz, learner):
    given = AssignmentFactory(cohort=cohort, quiz=quiz, time_limit_s=600)
    running = AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    deadlines.give_more_time(attempts=Attempt.objects.all(), seconds=60, by=teacher)
    assigning.change(assignment=given, by=teacher, time_limit_s=300)
    running.refresh_from_db()
    assert running.deadline_at == running.started_at + timedelta(seconds=360)


@pytest.mark.parametrize("seconds", [0, -1, 86_401])
def test_more_time_is_a_second_to_a_day(teacher, seconds):
    with pytest.raises(ValueError, match="cannot be given"):
        deadlines.give_more_time(attempts=Attempt.objects.all(), seconds=seconds, by=teacher)


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.once
def test_more_time_costs_the_same_for_one_and_for_many(
    cohort, teacher, quiz, size, django_assert_max_num_queries
):
    AssignmentFactory(cohort=cohort, quiz=quiz, time_limit_s=600)
    for _number in range(size):
        AttemptFactory(learner=CohortMemberFactory(cohort=cohort).user, quiz=quiz, cohort=cohort)
    with django_assert_max_num_queries(7):
        deadlines.give_more_time(attempts=Attempt.objects.all(), seconds=60, by=teacher)


def overdue(cohort, quiz, learner):
    AssignmentFactory(cohort=cohort, quiz=quiz, time_limit_s=600)
    attempt = AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    started = timezone.now() - timedelta(seconds=660)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=started, deadline_at=started + timedelta(seconds=600)
    )
    return Attempt.objects.get(pk=attempt.pk)


def test_a_try_that_was_given_time_meanwhile_is_not_handed_in_by_the_deadline(cohort, teacher, quiz, learner):
    """Who found it overdue hands it in under the lock, and looks again."""
    late = overdue(cohort, quiz, learner)
    deadlines.give_more_time(attempts=Attempt.objects.all(), seconds=600, by=teacher)
    assert attempts.submit(attempt=late, cause="deadline").is_open
    attempts.refuse_overdue(late)
    assert attempts.submit_overdue() == 0
    assert attempts.submit(attempt=late, cause="learner").submit_cause == "learner"


def test_a_try_that_nobody_gave_time_is_handed_in_by_the_deadline(cohort, quiz, learner):
    late = overdue(cohort, quiz, learner)
    with pytest.raises(AttemptOverdue):
        attempts.refuse_overdue(late)
    late.refresh_from_db()
    assert late.submit_cause == "deadline"


def test_whoever_may_not_try_again_is_not_offered_to(client, cohort, quiz, learner):
    given = AssignmentFactory(cohort=cohort, quiz=quiz, closes_at=timezone.now() + DAY)
    done = attempts.submit(attempt=AttemptFactory(learner=learner, quiz=quiz, cohort=cohort))
    client.force_login(learner)
    assert "Try again" in client.get(done.get_absolute_url()).content.decode()
    Assignment.objects.filter(pk=given.pk).update(closes_at=timezone.now() - DAY)
    assert "Try again" not in client.get(done.get_absolute_url()).content.decode()


def test_a_quiz_given_again_takes_over_what_was_done_of_it(cohort, teacher, quiz, learner):
    working, excused = (CohortMemberFactory(cohort=cohort).user for _who in range(2))
    before = assigning.assign(quiz=quiz, cohort=cohort, by=teacher, attempts_allowed=1)
    done = SubmittedAttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    running = AttemptFactory(learner=working, quiz=quiz, cohort=cohort)
    elsewhere = SubmittedAttemptFactory(quiz=quiz, cohort=CohortFactory())
    grades.enter(assignment=before, learner=excused, kind="excused", reason="Ill", by=teacher)
    assigning.archive(assignment=before, by=teacher)
    again = assigning.assign(quiz=quiz, cohort=cohort, by=teacher, attempts_allowed=1)
    again = Assignment.objects.select_related("cohort", "quiz__published").get(pk=again.pk)
    sheet = MarkSheet([again])
    for attempt in (done, running, elsewhere):
        attempt.refresh_from_db()
    assert (done.assignment, running.assignment, elsewhere.assignment) == (again, again, None)
    found = [sheet.mark(again, one.pk) for one in (learner, working, excused)]
    assert [(mark.state, mark.fraction) for mark in found] == [
        (State.GRADED, 1.0),
        (State.OPEN, None),
        (State.EXCUSED, None),
    ]


def test_what_is_given_again_to_some_takes_over_theirs_only(cohort, teacher, quiz, learner):
    other = CohortMemberFactory(cohort=cohort).user
    before = assigning.assign(quiz=quiz, cohort=cohort, by=teacher)
    mine, theirs = (
        SubmittedAttemptFactory(learner=one, quiz=quiz, cohort=cohort) for one in (learner, other)
    )
    for one in (learner, other):
        grades.enter(
            assignment=before, learner=one, kind="override", fraction=0.5, reason="Agreed", by=teacher
        )
    assigning.archive(assignment=before, by=teacher)
    again = assigning.assign(quiz=quiz, cohort=cohort, by=teacher, learners=[learner])
    assert list(again.attempts.all()) == [mine]
    assert list(again.grade_entries.values_list("learner", "fraction", "reason", "by")) == [
        (learner.pk, 0.5, "Agreed", teacher.pk)
    ]
    assigning.widen(assignment=again, learners=None)
    assert set(again.attempts.all()) == {mine, theirs}
    assert again.grade_entries.count() == 2


def test_a_word_that_was_taken_back_is_not_carried_over(cohort, teacher, quiz, learner):
    before = assigning.assign(quiz=quiz, cohort=cohort, by=teacher)
    for kind in ("excused", "none"):
        grades.enter(assignment=before, learner=learner, kind=kind, reason="So it is", by=teacher)
    assigning.archive(assignment=before, by=teacher)
    assert not assigning.assign(quiz=quiz, cohort=cohort, by=teacher).grade_entries.exists()


def test_a_try_in_one_class_uses_up_none_of_another(client, cohort, teacher, quiz, learner):
    other = CohortFactory()
    CohortMemberFactory(cohort=other, user=learner)
    here, there = (
        assigning.assign(quiz=quiz, cohort=one, by=teacher, attempts_allowed=1) for one in (cohort, other)
    )
    first = SubmittedAttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    client.force_login(learner)
    page = client.get(reverse("quizzes:quiz", kwargs={"uuid": quiz.uuid}))
    assert (page.status_code, page.context["may_start"]) == (200, True)
    client.post(reverse("quizzes:start", kwargs={"uuid": quiz.uuid}))
    second = Attempt.objects.open().get()
    assert (second.assignment, second.number) == (there, 2)
    attempts.submit(attempt=second)
    for one in (cohort, other):
        with pytest.raises(NoAttemptsLeft):
            attempts.start(learner=learner, quiz=quiz, cohort=one)
    assert (list(here.attempts.all()), list(there.attempts.all())) == ([first], [second])
