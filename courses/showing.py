"""What a presented lesson has to show: the class's marks on its texts, finding by finding, and who is how far."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Cohort, CohortMember, JoinCode
from articles import choosing as articles
from courses import talking
from courses.models import ExitTicket, Lesson, Presentation, Step, StepProgress
from quizzes import dealing
from quizzes.class_marks import ClassMarks, Finding, class_marks, findings, marking_questions
from quizzes.models import Attempt, QuestionRevision, Quiz, QuizSlot


@dataclass(frozen=True)
class Material:
    """The steps of a lesson, and the quiz that is its exit ticket: none, where a choice of two is asked.

    `hidden`: the articles (primary keys) that the class does not read; the steps are those that are left.
    """

    lesson: Lesson
    steps: Sequence[Step]
    ticket: Quiz | None
    hidden: frozenset[int] = frozenset()

    @property
    def work(self) -> list[str]:
        """The keys of the steps that are the class's own work: the questions, else all there is to read."""
        own = [step for step in self.steps if step.quiz is None or step.quiz != self.ticket]
        return [step.key for step in own if step.quiz is not None] or [step.key for step in own]


@dataclass(frozen=True)
class Screen:
    """One thing on the projector: the class's marks on a text, and the finding that is looked at, if any.

    `number` counts the findings of the text from 1, and `of` is how many there are.
    """

    marks: ClassMarks
    finding: Finding | None = None
    number: int = 0
    of: int = 0
    talk: str = ""

    @property
    def marked(self) -> int | None:
        """How many marked the finding; None where there is none, or too few answered."""
        return self.marks.marked(self.finding) if self.finding else None


@dataclass(frozen=True)
class Turnout:
    """How many have joined, begun, finished the work, and handed in the exit ticket; who left is not counted.

    `before` of those who have finished had done so before the lesson was presented.
    """

    joined: int
    begun: int
    finished: int
    tickets: int
    before: int = 0

    @property
    def working(self) -> int:
        return max(0, self.begun - self.finished)

    @property
    def not_begun(self) -> int:
        return max(0, self.joined - self.begun)


def material(lesson: Lesson, cohort: int) -> Material:
    """What `lesson`, which is published, is made of for a class. Two queries, three where texts are hidden."""
    hidden = articles.hidden_from(cohort)
    steps = list(
        Step.objects.filter(lesson_revision=lesson.published_id)
        .exclude(quiz__archived_at__isnull=False)
        .exclude(quiz__isnull=False, quiz__published=None)
        .exclude(article__isnull=False, article__in=hidden)
        .select_related("quiz")
        .order_by("position", "pk")
    )
    if hidden:
        emptied = dealing.emptied({step.quiz_id for step in steps if step.quiz_id}, hidden)
        steps = [step for step in steps if step.quiz_id not in emptied]
    quizzes = [step.quiz for step in steps if step.quiz is not None]
    graded = [quiz for quiz in quizzes if quiz.mode == Quiz.Mode.GRADED]
    # A quiz that is all the work there is cannot be the ticket too.
    ticket = graded[-1] if graded and len(graded) < len(quizzes) else None
    return Material(lesson, steps, ticket, hidden)


def questions(found: Material) -> list[QuestionRevision]:
    """What the class marks in a text, in order; never what the exit ticket asks. One query."""
    places = {step.quiz.published_id: at for at, step in enumerate(found.steps) if step.quiz}
    if found.ticket is not None:
        places.pop(found.ticket.published_id, None)
    slots = QuizSlot.objects.filter(quiz_revision__in=places, question__isnull=False).select_related(
        "question__published__article_revision", "pinned__article_revision"
    )
    in_order = sorted(slots, key=lambda slot: (places[slot.quiz_revision_id], slot.position))
    asked = [slot.pinned or (slot.question.published if slot.question else None) for slot in in_order]
    shown = [one for one in asked if one is not None and not _is_about(one, found.hidden)]
    return marking_questions(list(dict.fromkeys(shown)))


def _is_about(revision: QuestionRevision, articles: frozenset[int]) -> bool:
    text = revision.article_revision
    return text is not None and text.article_id in articles


def screens(cohort: Cohort, found: Material) -> list[Screen]:
    """Each text with the class's marks, then its findings one by one. Reads keys; three queries."""
    asked = questions(found)
    told = findings(asked)
    shown: list[Screen] = []
    for marks in class_marks(cohort=cohort, revisions=asked):
        places = told[marks.revision.pk]
        shown.append(Screen(marks, of=len(places)))
        for number, place in enumerate(places, start=1):
            shown.append(Screen(marks, place, number, len(places), talking.question(place.skill, number - 1)))
    return shown


def turnout(presentation: Presentation, found: Material) -> Turnout:
    """How far the class is. Three queries."""
    cohort = presentation.cohort_id
    keys = found.work
    learners = _learners(cohort)
    in_work = Q(step_key__in=keys, done_at__isnull=False)
    done = list(
        StepProgress.objects.filter(
            enrolment__cohort=cohort,
            enrolment__ended_at=None,
            enrolment__learner__in=learners.values("user"),
            lesson=found.lesson,
        )
        .order_by()
        .values("enrolment__learner")
        .annotate(
            done=Count("pk", filter=in_work),
            before=Count("pk", filter=in_work & Q(done_at__lt=presentation.created_at)),
        )
        .values_list("done", "before")
    )
    return Turnout(
        joined=learners.count(),
        begun=len(done),
        finished=sum(count == len(keys) for count, _before in done),
        tickets=_tickets(presentation, found.ticket),
        before=sum(before == len(keys) for _count, before in done),
    )


def _learners(cohort: int) -> "QuerySet[CohortMember]":
    return CohortMember.objects.learning().filter(cohort=cohort)


def _tickets(presentation: Presentation, quiz: Quiz | None) -> int:
    learners = _learners(presentation.cohort_id).values("user")
    if quiz is None:
        return ExitTicket.objects.filter(presentation=presentation, learner__in=learners).count()
    handed_in = (
        Attempt.objects.submitted()
        .counting()
        .filter(quiz=quiz, cohort=presentation.cohort_id, learner__in=learners)
    )
    return handed_in.order_by().values("learner").distinct().count()


def answers(presentation: Presentation) -> dict[str, int]:
    """How often each answer was given on the ticket of two. One query."""
    given = ExitTicket.objects.filter(presentation=presentation).order_by().values("answer")
    return dict(given.annotate(count=Count("pk")).values_list("answer", "count"))


def code_of(cohort: Cohort) -> str:
    """The newest code that lets somebody in now, "" if there is none."""
    open_now = JoinCode.objects.live().filter(Q(max_uses=None) | Q(uses__lt=F("max_uses")), cohort=cohort)
    found = open_now.values_list("code", flat=True).first()
    return found or ""
