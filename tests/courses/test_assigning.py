from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import CohortMember
from accounts.signals import cohort_member_changed
from courses import assigning, enrolment, publishing
from courses.models import CohortCourseItem, Enrolment, Lesson
from courses.outline import outline
from quizzes import assigning as quiz_assigning
from quizzes import attempts, places
from quizzes.assigning import AssignmentRefused
from quizzes.models import Assignment, Quiz
from quizzes.signals import assignment_given
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationMemberFactory,
    StaffFactory,
    TeacherFactory,
)
from tests.factories.courses import (
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonRevisionFactory,
    ModuleFactory,
)
from tests.factories.quizzes import AssignmentFactory, QuizFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def quiz_step(quiz, key="quiz"):
    kind = "quiz" if quiz.mode == Quiz.Mode.GRADED else "practice"
    return {"key": key, "kind": kind, "title": "Quiz", "quiz": quiz}


class World:
    """A course of two modules, with two lessons each; each lesson asks a graded quiz and a practice."""

    def __init__(self):
        self.course = CourseFactory()
        self.lessons, self.quizzes = [], []
        for _module in range(2):
            module = ModuleFactory(course=self.course)
            for _lesson in range(2):
                quiz = QuizFactory()
                steps = [quiz_step(quiz), quiz_step(QuizFactory(mode="practice"), "practice")]
                self.lessons.append(LessonFactory(module=module, revision__steps=steps))
                self.quizzes.append(quiz)
        self.cohort = CohortFactory(organisation=self.course.organisation)
        self.teacher = TeacherFactory(cohort=self.cohort)
        self.learner, self.classmate = (CohortMemberFactory(cohort=self.cohort).user for _n in range(2))

    def give(self, **fields):
        return assigning.give(cohort=self.cohort, course=self.course, by=self.teacher, **fields)

    def numbers(self, rows, of):
        return sorted(of.index(row) for row in rows)

    def assigned_to(self, learner):
        given = Assignment.objects.given_to(learner).select_related("quiz")
        return self.numbers([one.quiz for one in given], self.quizzes)

    def met_by(self, learner):
        return self.numbers(Lesson.objects.visible_to(learner), self.lessons)


@pytest.fixture
def world():
    return World()


@pytest.mark.parametrize(
    ("part", "numbers"),
    [
        (lambda w: {}, [0, 1, 2, 3]),
        (lambda w: {"module": w.lessons[2].module}, [2, 3]),
        (lambda w: {"lesson": w.lessons[1]}, [1]),
    ],
    ids=["course", "module", "lesson"],
)
def test_what_is_given_is_met_assigned_and_shown_and_nothing_else(world, part, numbers):
    due = timezone.now() + DAY
    given = world.give(due_at=due, **part(world))
    assert world.met_by(world.learner) == world.assigned_to(world.learner) == numbers
    taken = enrolment.enrolment_of(world.learner, world.course)
    shown = [line.lesson for line in outline(world.course, taken).lessons]
    assert world.numbers(shown, world.lessons) == numbers
    assert {one.due_at for one in Assignment.objects.all()} == {due}
    assert CohortCourseItem.objects.filter(cohort_course=given).count() == len(numbers)
    for quiz in (world.quizzes[1], world.quizzes[0]):
        seen = quiz in Quiz.objects.visible_to(world.learner)
        assert seen is (world.quizzes.index(quiz) in numbers)
        assert places.place_of(world.learner, quiz).enrolled is seen


def test_several_givings_add_up(world):
    world.give(lesson=world.lessons[0])
    world.give(module=world.lessons[2].module)
    assert world.met_by(world.learner) == world.assigned_to(world.learner) == [0, 2, 3]
    assert Enrolment.objects.live().count() == 2


def test_what_is_given_to_some_is_for_nobody_else(world):
    world.give(lesson=world.lessons[0], learners=[world.learner])
    assert world.met_by(world.learner) == world.assigned_to(world.learner) == [0]
    assert world.met_by(world.classmate) == world.assigned_to(world.classmate) == []
    assert not Enrolment.objects.filter(learner=world.classmate).exists()
    world.give(lesson=world.lessons[0], learners=[world.classmate])
    assert world.met_by(world.learner) == world.assigned_to(world.learner) == []
    assert world.met_by(world.classmate) == world.assigned_to(world.classmate) == [0]
    assert list(Enrolment.objects.live().values_list("learner", flat=True)) == [world.classmate.pk]


def test_giving_to_nobody_or_before_it_opens_is_refused(world):
    now = timezone.now()
    for fields, field in (
        ({"learners": [TeacherFactory()]}, "learners"),
        ({"opens_at": now, "due_at": now - DAY}, "due_at"),
    ):
        with pytest.raises(AssignmentRefused) as refused:
            world.give(**fields)
        assert refused.value.field == field
    assert not Assignment.objects.exists()


def test_what_is_not_open_yet_is_not_met_but_its_quiz_is_announced(world):
    given = world.give(opens_at=timezone.now() + DAY)
    assert world.met_by(world.learner) == []
    assert world.assigned_to(world.learner) == [0, 1, 2, 3]
    assert outline(world.course, enrolment.enrolment_of(world.learner, world.course)).lessons == []
    world.give(opens_at=timezone.now() - DAY)
    given.refresh_from_db()
    assert world.met_by(world.learner) == [0, 1, 2, 3]
    assert {one.opens_at for one in Assignment.objects.all()} == {given.opens_at}


def test_a_quiz_that_the_class_has_already_keeps_its_terms(world):
    due = timezone.now() + DAY
    direct = quiz_assigning.assign(
        quiz=world.quizzes[0], cohort=world.cohort, by=world.teacher, learners=[world.learner], due_at=due
    )
    given = world.give(lesson=world.lessons[0], due_at=due + DAY)
    direct.refresh_from_db()
    assert (Assignment.objects.get(), direct.everyone, direct.due_at) == (direct, True, due)
    assigning.take_back(given=given, by=world.teacher)
    direct.refresh_from_db()
    assert direct.archived_at is None


def test_taking_back_leaves_what_something_else_holds(world):
    whole = world.give()
    lesson = world.give(lesson=world.lessons[0])
    for _time in range(2):
        assigning.take_back(given=whole, by=world.teacher)
    assert world.met_by(world.learner) == world.assigned_to(world.learner) == [0]
    assert CohortCourseItem.objects.filter(cohort_course=lesson).count() == 1
    assert Enrolment.objects.live().count() == 2
    assigning.take_back(given=lesson, by=world.teacher)
    assert world.met_by(world.learner) == world.assigned_to(world.learner) == []
    assert not Enrolment.objects.live().exists()


def test_a_lesson_that_is_published_later_is_assigned_to_the_classes_that_take_it(world):
    world.give(module=world.lessons[0].module)
    added, elsewhere = QuizFactory(), QuizFactory()
    for lesson, quiz in ((world.lessons[0], added), (world.lessons[2], elsewhere)):
        steps = [quiz_step(quiz)]
        publishing.publish_lesson(revision=LessonRevisionFactory(lesson=lesson, steps=steps))
    given = Assignment.objects.live().filter(cohort=world.cohort)
    assert set(given.values_list("quiz", flat=True)) == {world.quizzes[0].pk, world.quizzes[1].pk, added.pk}


def test_who_joins_later_gets_what_is_for_everyone(world):
    world.give(lesson=world.lessons[0])
    world.give(lesson=world.lessons[1], learners=[world.learner])
    member = CohortMemberFactory(cohort=world.cohort)
    cohort_member_changed.send(sender=CohortMember, member=member)
    assert world.met_by(member.user) == world.assigned_to(member.user) == [0]


def test_give_course_assigns_too_and_twice_is_once(world):
    first = enrolment.give_course(cohort=world.cohort, course=world.course)
    assert enrolment.give_course(cohort=world.cohort, course=world.course) == first
    assert world.assigned_to(world.learner) == [0, 1, 2, 3]
    enrolment.take_back_course(given=first)
    assert world.assigned_to(world.learner) == []


def test_who_takes_a_course_alone_or_works_with_it_meets_all_of_it(world):
    alone = EnrolmentFactory(course=world.course).learner
    worker = StaffFactory()
    OrganisationMemberFactory(organisation=world.course.organisation, user=worker)
    for user in (alone, worker, StaffFactory(is_superuser=True)):
        assert world.met_by(user) == [0, 1, 2, 3]


def test_an_attempt_counts_under_the_class_that_assigned_the_quiz(world):
    """The other class takes the course too, and the learner joined it later."""
    world.give(lesson=world.lessons[0])
    other = CohortMemberFactory(user=world.learner).cohort
    enrolment.give_course(cohort=other, course=world.course)
    Assignment.objects.filter(cohort=other).update(archived_at=timezone.now())
    place = places.place_of(world.learner, world.quizzes[0])
    assert place.cohort == world.cohort
    attempt = attempts.start(learner=world.learner, quiz=world.quizzes[0], cohort=place.cohort)
    assert attempt.assignment == Assignment.objects.get(cohort=world.cohort)


def test_a_quiz_by_itself_has_a_place_with_its_class(world):
    given = AssignmentFactory(cohort=world.cohort)
    place = places.place_of(world.learner, given.quiz)
    assert (place.cohort, place.enrolled, place.onward.url) == (world.cohort, True, "/lessons/")
    assert given.quiz in Quiz.objects.visible_to(world.learner)
    assert not places.place_of(CohortMemberFactory().user, given.quiz).enrolled


@pytest.mark.once
def test_the_outline_costs_the_same_however_much_is_given(world):
    counts = []
    for part in ({"lesson": world.lessons[0]}, {"module": world.lessons[2].module}, {}):
        world.give(**part)
        taken = enrolment.enrolment_of(world.learner, world.course)
        counts.append(len(asked_by(outline, course=world.course, enrolment=taken)))
    assert counts == [4, 4, 4]


# What a teacher has decided for one quiz stays so --------------------------------------------------


def decided(world):
    """Two quizzes with dates of their own, the first for one learner only, the third taken back."""
    now = timezone.now()
    found = [Assignment.objects.get(quiz=quiz) for quiz in world.quizzes]
    for days, one in enumerate(found[:2], start=1):
        quiz_assigning.change(assignment=one, by=world.teacher, due_at=now + days * DAY)
    quiz_assigning.address(assignment=found[0], by=world.teacher, learners=[world.learner])
    quiz_assigning.archive(assignment=found[2], by=world.teacher)
    return found


def standing():
    fields = ("quiz", "opens_at", "due_at", "everyone", "archived_at")
    return list(Assignment.objects.order_by("pk").values_list(*fields))


@pytest.fixture
def told():
    heard = []

    def given(assignment, learners, **_kwargs):
        heard.append((assignment.quiz, set(learners)))

    assignment_given.connect(given)
    yield heard
    assignment_given.disconnect(given)


@pytest.mark.parametrize("due_in", [None, DAY])
def test_giving_again_with_nothing_changed_changes_nothing(world, told, due_in):
    due = due_in and timezone.now() + due_in
    world.give(due_at=due)
    decided(world)
    before = standing()
    told.clear()
    world.give(due_at=due and due.replace(second=0, microsecond=0))
    assert (standing(), told) == (before, [])


def test_publishing_again_undoes_nothing_that_a_teacher_decided(world, told):
    world.give(due_at=timezone.now() + DAY)
    decided(world)
    before = standing()
    told.clear()
    for lesson, quiz in zip(world.lessons, world.quizzes, strict=True):
        publishing.publish_lesson(revision=LessonRevisionFactory(lesson=lesson, steps=[quiz_step(quiz)]))
    assert (standing(), told) == (before, [])


def test_giving_something_else_undoes_nothing_either(world):
    world.give()
    decided(world)
    before = standing()
    world.give(lesson=world.lessons[0])
    world.give(lesson=world.lessons[3], learners=[world.learner])
    assert standing() == before


def test_what_is_changed_in_the_giving_is_followed_by_what_had_followed_so_far(world):
    world.give()
    own, *_rest = decided(world)
    due = timezone.now() + 9 * DAY
    world.give(due_at=due, learners=[world.classmate])
    last = Assignment.objects.get(quiz=world.quizzes[3])
    assert (last.due_at, world.assigned_to(world.classmate)) == (due, [1, 3])
    own.refresh_from_db()
    assert (own.due_at < due, world.assigned_to(world.learner)) == (True, [0])
    world.give(due_at=due)
    assert (world.assigned_to(world.classmate), world.assigned_to(world.learner)) == ([1, 3], [0, 1, 3])


def test_a_refusal_names_the_quiz_whose_dates_do_not_fit(world):
    world.give()
    quiz_assigning.change(
        assignment=Assignment.objects.get(quiz=world.quizzes[0]),
        by=world.teacher,
        closes_at=timezone.now() + DAY,
    )
    with pytest.raises(AssignmentRefused, match=r"^Who says so\?: It closes before"):
        world.give(due_at=timezone.now() + 9 * DAY)


def test_what_several_givings_hold_is_for_all_of_theirs(world):
    world.give(learners=[world.learner])
    world.give(lesson=world.lessons[0], learners=[world.classmate])
    assert (world.assigned_to(world.learner), world.assigned_to(world.classmate)) == ([0, 1, 2, 3], [0])
    added = QuizFactory()
    revision = LessonRevisionFactory(
        lesson=world.lessons[0], steps=[quiz_step(world.quizzes[0]), quiz_step(added, "more")]
    )
    publishing.publish_lesson(revision=revision)
    assert Assignment.objects.get(quiz=added).named.count() == 2


def test_what_was_taken_back_alone_stays_so_when_another_giving_inherits_it(world):
    whole = world.give()
    world.give(lesson=world.lessons[2])
    decided(world)
    assigning.take_back(given=whole, by=world.teacher)
    steps = [quiz_step(world.quizzes[2])]
    publishing.publish_lesson(revision=LessonRevisionFactory(lesson=world.lessons[2], steps=steps))
    assert world.assigned_to(world.learner) == []
