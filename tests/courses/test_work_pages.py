"""The pages on which a teacher gives work to a class, and the learner's list of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Cohort
from articles.models import ArticleSwap, HiddenArticle
from courses import assigning, enrolment, overview, progress
from courses.models import CohortCourse, Lesson
from quizzes import assigning as quiz_assigning
from quizzes import attempts, grades
from quizzes.due import STATES, tasks_of
from quizzes.models import Accommodation, Assignment, Attempt
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationMemberFactory,
    TeacherFactory,
    UserFactory,
)
from tests.factories.articles import ArticleFactory
from tests.factories.courses import EXPLAIN, LessonFactory, ModuleFactory
from tests.factories.quizzes import AccommodationFactory, AssignmentFactory, AttemptFactory, QuizFactory
from tests.statements import Statements, asked_by

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FORM = {"whom": "everyone", "late_policy": "accept", "attempt_rule": "best", "release": "auto"}


class World:
    """A class of `size` learners that takes `size` lessons, with a graded quiz and a text each."""

    def __init__(self, size=1):
        self.cohort = CohortFactory(timezone="Europe/London")
        self.teacher = TeacherFactory(cohort=self.cohort)
        self.lessons = []
        module = ModuleFactory(course__organisation=self.cohort.organisation)
        for number in range(size):
            steps = [
                {**EXPLAIN, "key": f"explain-{number}"},
                {"key": "read", "kind": "read", "title": "Read", "article": ArticleFactory()},
                {"key": "quiz", "kind": "quiz", "title": "Quiz", "quiz": QuizFactory()},
            ]
            self.lessons.append(LessonFactory(module=module, revision__steps=steps))
        self.course = module.course
        self.learners = [
            CohortMemberFactory(cohort=self.cohort, real_name=f"Pupil {number}").user
            for number in range(size)
        ]
        enrolment.give_course(cohort=self.cohort, course=self.course)
        self.assignments = list(Assignment.objects.filter(cohort=self.cohort).order_by("pk"))
        for learner in self.learners:
            for assignment in self.assignments:
                attempt = AttemptFactory(learner=learner, quiz=assignment.quiz, cohort=self.cohort)
            Attempt.objects.filter(pk=attempt.pk).update(started_at=timezone.now() - 3 * DAY)
            AccommodationFactory(learner=learner, cohort=self.cohort, extra_percent=25)

    def url(self, name, query="", **kwargs):
        return reverse(f"courses:{name}", kwargs={"uuid": self.cohort.uuid, **kwargs}) + query


@pytest.fixture
def world():
    return World()


@pytest.fixture
def page(client, world):
    client.force_login(world.teacher)
    return client


PAGES = {
    "classes": lambda w: reverse("courses:classes"),
    "class": lambda w: w.url("class"),
    "work": lambda w: w.url("work"),
    "choose": lambda w: w.url("work_choose", "?q=says"),
    "a lesson": lambda w: w.url("work_assign", f"?lesson={w.lessons[0].uuid}"),
    "edit": lambda w: w.url("work_edit", assignment=w.assignments[0].uuid),
    "texts": lambda w: w.url("texts"),
    "copy": lambda w: w.url("class_copy"),
    "accommodations": lambda w: w.url("accommodations", person=w.learners[0].uuid),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_for_one_and_for_many(client, name):
    counts = []
    for size in (1, 3):
        world = World(size)
        client.force_login(world.teacher)
        client.get(reverse("courses:progress"))
        with Statements() as statements:
            assert client.get(PAGES[name](world)).status_code == 200
        counts.append(len(statements.asked))
    assert counts[0] == counts[1] <= 24


def test_starting_a_class_is_offered_to_those_who_may(client):
    """A site admin who works for no school would only meet a page that is not there."""
    admin = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(admin)
    offered = []
    for _before_and_after in range(2):
        offered.append(
            reverse("accounts:start-class") in client.get(reverse("courses:classes")).content.decode()
        )
        OrganisationMemberFactory(user=admin)
    assert offered == [False, True]


def test_a_quiz_is_assigned_on_the_clock_of_the_class(page, world):
    quiz = QuizFactory(organisation=world.cohort.organisation)
    address = world.url("work_assign", f"?quiz={quiz.uuid}")
    sent = {
        **FORM,
        "whom": "some",
        "learners": [str(world.learners[0].uuid)],
        "opens_at": "2030-07-01T09:00",
        "due_at": "2030-07-10T12:00",
        "late_policy": "percent",
        "late_percent": "10",
        "minutes": "45",
        "attempts_allowed": "2",
    }
    assert page.post(address, sent)["Location"] == world.url("work")
    made = Assignment.objects.get(quiz=quiz)
    assert (made.opens_at, made.due_at) == (
        datetime(2030, 7, 1, 8, tzinfo=UTC),
        datetime(2030, 7, 10, 11, tzinfo=UTC),
    )
    assert (made.time_limit_s, made.attempts_allowed, made.late_percent, made.everyone) == (
        2700,
        2,
        10,
        False,
    )
    assert [row.learner for row in made.named.all()] == world.learners
    shown = page.get(world.url("work_edit", assignment=made.uuid)).content.decode()
    assert 'value="2030-07-10T12:00"' in shown
    assert page.get(address)["Location"] == world.url("work_edit", assignment=made.uuid)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"due_at": "2030-03-31T01:30"}, "there is no 01:30 on that day"),
        ({"opens_at": "2030-05-01T10:00", "due_at": "2030-04-01T10:00"}, "It is due before it opens."),
        ({"whom": "some"}, "Choose somebody of this class"),
        ({"late_policy": "percent"}, "Say how many per cent"),
        ({"feedback": "after_close"}, "say when it closes"),
        ({"minutes": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(page, world, typed, words):
    quiz = QuizFactory(organisation=world.cohort.organisation)
    sent = {**FORM, "attempts_allowed": "7", **typed}
    response = page.post(world.url("work_assign", f"?quiz={quiz.uuid}"), sent)
    shown = response.content.decode()
    assert words in shown
    assert 'value="7"' in shown
    assert not Assignment.objects.filter(quiz=quiz).exists()


def test_a_time_that_the_clock_shows_twice_is_settled_with_words(page, world):
    address = world.url("work_edit", assignment=world.assignments[0].uuid)
    shown = page.post(address, {**FORM, "due_at": "2030-10-27T01:30"}, follow=True).content.decode()
    assert "show this time twice. The second is meant." in shown
    assert Assignment.objects.get(pk=world.assignments[0].pk).due_at == datetime(
        2030, 10, 27, 1, 30, tzinfo=UTC
    )


def test_a_lesson_is_given_and_then_the_class_is_shown(page, world):
    for given in CohortCourse.objects.all():
        assigning.take_back(given=given, by=world.teacher)
    address = world.url("work_assign", f"?lesson={world.lessons[0].uuid}")
    sent = {"whom": "everyone", "due_at": "2030-01-10T12:00"}
    assert page.post(address, sent)["Location"] == world.url("class")
    given = CohortCourse.objects.filter(archived_at=None)
    assert given.get().lesson == world.lessons[0]
    assert page.post(address, {**sent, "due_at": ""})["Location"] == world.url("work")
    assert given.get().due_at is None


@pytest.mark.parametrize(
    "query", ["", "?lesson=x", "?quiz=00000000-0000-0000-0000-000000000000", "?course=1&module=x"]
)
def test_what_there_is_not_cannot_be_given(page, world, query):
    assert page.get(world.url("work_assign", query)).status_code == 404


def test_what_another_school_owns_cannot_be_given(page, world):
    other = LessonFactory(module=ModuleFactory(course__organisation=CohortFactory().organisation))
    assert page.get(world.url("work_assign", f"?lesson={other.uuid}")).status_code == 404


def test_held_marks_are_released_and_an_assignment_is_taken_back(page, world):
    [one] = world.assignments
    Assignment.objects.update(release="held")
    assert "Release" in page.get(world.url("work")).content.decode()
    page.post(world.url("work_release", assignment=one.uuid))
    page.post(world.url("work_take_back", assignment=one.uuid))
    one.refresh_from_db()
    assert (one.released_at is None, one.archived_at is None) == (False, False)
    assert "1 taken back" in page.get(world.url("work")).content.decode()


@pytest.mark.parametrize("over", ["assignment", "class"])
def test_marks_that_are_held_are_released_after_all_is_over(page, world, over):
    [one], [learner] = world.assignments, world.learners
    attempts.submit(attempt=learner.attempts.get())
    Assignment.objects.update(release="held")
    (Assignment if over == "assignment" else Cohort).objects.update(archived_at=timezone.now())
    address = world.url("work_release", assignment=one.uuid)
    assert address in page.get(world.url("work")).content.decode()
    page.post(address)
    one.refresh_from_db()
    assert one.released_at is not None
    assert address not in page.get(world.url("work")).content.decode()


def test_who_did_what_is_for_others_now_is_counted_beside_them(page, world):
    [one], [learner] = world.assignments, world.learners
    attempts.submit(attempt=learner.attempts.get())
    other = CohortMemberFactory(cohort=world.cohort).user
    quiz_assigning.address(assignment=one, by=world.teacher, learners=[other])
    shown = " ".join(page.get(world.url("work")).content.decode().split())
    assert "0 of 1 <small>and 1 for whom it is not any more</small>" in shown


def test_an_accommodation_is_granted_for_the_class_and_for_one_assignment(page, world):
    [learner], [one] = world.learners, world.assignments
    address = world.url("accommodations", person=learner.uuid)
    page.post(address, {"extra_percent": "50", "extra_minutes": "5"})
    page.post(f"{address}?assignment={one.uuid}", {"due_at": "2030-07-10T12:00"})
    rows = Accommodation.objects.order_by("pk").values_list(
        "assignment", "extra_percent", "extra_s", "due_at"
    )
    assert list(rows) == [
        (None, 50, 300, None),
        (one.pk, None, None, datetime(2030, 7, 10, 11, tzinfo=UTC)),
    ]
    shown = page.get(address).content.decode()
    assert "Pupil 0 (" in shown
    assert "50 per cent more time." in shown
    assert page.post(address, {"extra_percent": "999"}).status_code == 200
    page.post(address, {})
    assert Accommodation.objects.get().assignment == one


def test_a_text_is_hidden_and_swapped(page, world):
    [learner] = world.learners
    article = world.lessons[0].published.steps.get(key="read").article
    page.post(world.url("texts"), {"article": str(article.uuid), "do": "hide"})
    assert HiddenArticle.objects.get().article == article
    page.post(world.url("texts"), {"article": str(article.uuid), "do": "show"})
    assert not HiddenArticle.objects.exists()
    other = ArticleFactory()
    address = world.url("accommodations", person=learner.uuid)
    sent = {"article": str(article.uuid), "parallel": str(other.uuid)}
    page.post(address, {**sent, "do": "swap"})
    assert ArticleSwap.objects.get().parallel == other
    page.post(address, {**sent, "do": "swap back"})
    assert not ArticleSwap.objects.exists()
    assert page.post(world.url("texts"), {"article": "x"}).status_code == 404


def test_a_class_is_copied_after_its_dates_were_shown(page, world):
    Assignment.objects.update(due_at=datetime(2030, 3, 29, 12, tzinfo=UTC))
    address = world.url("class_copy")
    shown = page.post(address, {"name": "Next", "shift_days": "7", "do": "look"}).content.decode()
    assert "Fri 5 Apr 2030, 12:00" in shown
    assert Cohort.objects.count() == 1
    made = page.post(address, {"name": "Next", "shift_days": "7", "do": "copy"})["Location"]
    copy = Cohort.objects.get(name="Next")
    assert made == reverse("courses:class", kwargs={"uuid": copy.uuid})
    assert (
        "no_such" not in page.post(address, {"name": "", "shift_days": "many", "do": "copy"}).content.decode()
    )
    assert Cohort.objects.count() == 2


def test_a_class_at_a_glance_counts_who_has_finished_and_names_who_may_need_somebody():
    world = World(3)
    lesson = world.lessons[0]
    for number, learner in enumerate(world.learners[:2]):
        taken = enrolment.enrolment_of(learner, world.course)
        for key in ("explain-0", "read", "quiz")[: 3 if number == 0 else 1]:
            progress.complete(enrolment=taken, lesson=lesson, step_key=key)
    lines = overview.lesson_lines(world.cohort)
    assert [(line.total, line.finished, line.middle, line.untouched) for line in lines] == [
        (3, 1, 1, 1),
        (3, 0, 0, 3),
        (3, 0, 0, 3),
    ]
    stuck = overview.stuck_in(Cohort.objects.filter(pk=world.cohort.pk))[world.cohort.pk]
    assert (stuck.begun, stuck.away) == ({learner.pk for learner in world.learners}, frozenset())
    world.cohort.members.update(joined_at=timezone.now() - 30 * DAY)
    Attempt.objects.update(started_at=timezone.now() - 9 * DAY)
    stuck = overview.stuck_in(Cohort.objects.all())[world.cohort.pk]
    assert stuck.away == {world.learners[2].pk}  # the others did a step today


# The learner's list -------------------------------------------------------------------------------


def states(learner):
    return [(task.assignment.pk, task.state) for task in tasks_of(learner)]


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ({}, "new"),
        ({"opens_at": DAY}, "later"),
        ({"due_at": -DAY}, "late"),
        ({"closes_at": -DAY}, "closed"),
        ({"due_at": -DAY, "late_policy": "none"}, "closed"),
    ],
)
def test_a_task_is_in_the_state_that_its_dates_say(dates, state):
    member = CohortMemberFactory()
    now = timezone.now()
    fields = {name: now + value if isinstance(value, timedelta) else value for name, value in dates.items()}
    one = AssignmentFactory(cohort=member.cohort, **fields)
    assert states(member.user) == [(one.pk, state)]
    assert state in STATES


def test_a_task_is_begun_handed_in_and_marked():
    member = CohortMemberFactory()
    one = AssignmentFactory(cohort=member.cohort, release="held")
    attempt = AttemptFactory(learner=member.user, quiz=one.quiz, cohort=member.cohort)
    assert states(member.user) == [(one.pk, "open")]
    attempts.submit(attempt=attempt)
    assert states(member.user) == [(one.pk, "in")]
    Assignment.objects.update(released_at=timezone.now())
    assert states(member.user) == [(one.pk, "back")]


def test_tasks_come_as_they_are_due_for_this_learner_and_cost_the_same():
    member = CohortMemberFactory()
    now = timezone.now()
    none, late, soon = (
        AssignmentFactory(cohort=member.cohort, due_at=due) for due in (None, now + 3 * DAY, now + DAY)
    )
    AssignmentFactory(cohort=member.cohort, archived_at=now)
    assert [pk for pk, _state in states(member.user)] == [soon.pk, late.pk, none.pk]
    AccommodationFactory(learner=member.user, cohort=member.cohort, assignment=soon, due_at=now + 9 * DAY)
    assert [pk for pk, _state in states(member.user)] == [late.pk, soon.pk, none.pk]
    assert len(asked_by(tasks_of, learner=member.user)) == 5


def test_who_is_excused_has_nothing_to_do():
    member = CohortMemberFactory()
    teacher = TeacherFactory(cohort=member.cohort)
    one = AssignmentFactory(cohort=member.cohort, due_at=timezone.now() - DAY)
    grades.enter(assignment=one, learner=member.user, kind="excused", reason="Ill.", by=teacher)
    [task] = tasks_of(member.user)
    assert (task.label, task.is_to_do) == ("Excused", False)
    grades.enter(assignment=one, learner=member.user, kind="none", reason="Well again.", by=teacher)
    assert states(member.user) == [(one.pk, "late")]


def test_the_first_page_lists_what_is_to_do_with_the_learners_own_dates(client):
    world = World()
    [learner] = world.learners
    Assignment.objects.update(due_at=datetime(2030, 7, 10, 11, tzinfo=UTC))
    client.force_login(learner)
    shown = client.get(reverse("courses:home")).content.decode()
    assert "Hand it in by Wednesday 10 July, 12:00" in shown
    assert "Begun" in shown


def test_the_page_of_a_quiz_says_its_dates_and_limits_for_this_learner(client):
    member = CohortMemberFactory(cohort__timezone="Europe/London")
    one = AssignmentFactory(
        cohort=member.cohort,
        due_at=datetime(2030, 7, 10, 11, tzinfo=UTC),
        closes_at=datetime(2030, 7, 12, 11, tzinfo=UTC),
        late_policy="percent",
        late_percent=10,
        time_limit_s=600,
        attempts_allowed=1,
    )
    AccommodationFactory(
        learner=member.user, cohort=member.cohort, extra_percent=50, extra_attempts=1, extra_days=1
    )
    client.force_login(member.user)
    shown = " ".join(client.get(one.quiz.get_absolute_url()).content.decode().split())
    for words in (
        "Hand it in by Thursday 11 July, 12:00.",
        "For each day that it is late, 10 per cent of the mark is taken off.",
        "It closes on Saturday 13 July, 12:00.",
        "You have 15 minutes from the start.",
        "2 tries",
        "the best try counts",
    ):
        assert words in shown
    Assignment.objects.update(opens_at=datetime(2030, 7, 1, 11, tzinfo=UTC))
    shown = client.get(one.quiz.get_absolute_url()).content.decode()
    assert "This opens on Monday 1 July, 12:00." in shown
    assert ">Start<" not in shown


def test_giving_again_keeps_one_row(world):
    for _time in range(2):
        assigning.give(cohort=world.cohort, course=world.course, by=world.teacher)
    assert CohortCourse.objects.count() == 1


@pytest.mark.parametrize(
    ("finished", "next_is"),
    [([0, 0], 0), ([3, 0], 0), ([6, 2], 1), ([6, 6], 0), ([10, 6], 1), ([10, 10], None), ([], None)],
)
def test_the_next_lesson_is_the_first_that_most_have_not_finished(finished, next_is):
    lines = [overview.LessonLine(Lesson(), None, 10, count, 0) for count in finished]
    assert overview.next_of(lines) is (None if next_is is None else lines[next_is])


def test_what_is_left_in_a_class_is_said_before_it_is_archived(page, world, client):
    assignment, learner = world.assignments[0], world.learners[0]
    attempts.submit(attempt=Attempt.objects.get(quiz=assignment.quiz, learner=learner))
    Assignment.objects.filter(pk=assignment.pk).update(release="held", released_at=None)
    where = reverse("accounts:archive", kwargs={"uuid": world.cohort.uuid})
    asked = page.post(where)
    assert asked.status_code == 409
    assert "The marks of 1 quiz are not released." in asked.content.decode()
    world.cohort.refresh_from_db()
    assert world.cohort.archived_at is None
    assert page.post(where, {"sure": "1"}).url == reverse("accounts:archived")
    world.cohort.refresh_from_db()
    assert world.cohort.archived_at is not None


def test_marks_held_in_an_archived_class_can_still_be_released(page, world):
    assignment = world.assignments[0]
    Assignment.objects.filter(pk=assignment.pk).update(release="held", released_at=None)
    world.cohort.archived_at = timezone.now()
    world.cohort.save()
    assert page.post(world.url("work_release", assignment=assignment.uuid)).status_code == 302
    assignment.refresh_from_db()
    assert assignment.is_released


def test_a_search_may_hold_anything(page, world):
    assert page.get(world.url("work_choose", "?q=%00says")).status_code == 200
