"""One row of each table that the admin shows, made as the site makes it."""

from collections.abc import Callable
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import (
    Cohort,
    CohortMember,
    Consent,
    ExternalIdentity,
    JoinCode,
    Notice,
    Organisation,
    OrganisationMember,
    User,
)
from articles.models import (
    Annotation,
    AnnotationSet,
    Article,
    ArticleRevision,
    ArticleSwap,
    HiddenArticle,
    Orphan,
    Skill,
)
from courses import progress
from courses.models import (
    CohortCourse,
    CohortCourseItem,
    CohortCourseLearner,
    Course,
    Enrolment,
    ExitTicket,
    Lesson,
    LessonRevision,
    Module,
    Presentation,
    Step,
    StepProgress,
)
from integrations import clients
from integrations.models import ApiClient, ApiEntry, Delivery, OutboxEvent, StoredReply, WebhookEndpoint
from quizzes.models import (
    Accommodation,
    Assignment,
    AssignmentLearner,
    AssignmentScore,
    Attempt,
    AttemptItem,
    Evidence,
    GradeEntry,
    GradingDraft,
    ItemResponse,
    ItemScore,
    Question,
    QuestionKey,
    QuestionOrphan,
    QuestionRevision,
    QuestionSkill,
    Quiz,
    QuizAnalysis,
    QuizRevision,
    QuizSlot,
    Regrade,
    SavedComment,
    SkillResult,
)
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    JoinCodeFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    UserFactory,
)
from tests.factories.articles import (
    AnnotationFactory,
    ArticleFactory,
    ArticleRevisionFactory,
    OrphanFactory,
    SkillFactory,
)
from tests.factories.courses import (
    CohortCourseFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonRevisionFactory,
    ModuleFactory,
)
from tests.factories.quizzes import (
    AccommodationFactory,
    AssignmentFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
    QuizRevisionFactory,
    SubmittedAttemptFactory,
)

_numbers = count(1)


def attempt(cohort: Cohort | None = None) -> Attempt:
    """Handed in and scored, under a class."""
    return SubmittedAttemptFactory(cohort=cohort or CohortFactory())


def item(**made: Any) -> AttemptItem:
    return attempt(**made).items.get()


def skill_result(**made: Any) -> SkillResult:
    """No example tallies its findings, so that its result is written as marking words does."""
    return SkillResult.objects.create(
        score=item(**made).current_score, skill=SkillFactory(), fraction=1, required=1, found=1, marks=1
    )


def question_orphan(**question: Any) -> QuestionOrphan:
    return QuestionOrphan.objects.create(
        question=QuestionFactory(**question), article_revision=ArticleFactory().published, reason="passage"
    )


def grade_entry(cohort: Cohort) -> GradeEntry:
    made: GradeEntry = GradeEntry.objects.create(
        assignment=AssignmentFactory(cohort=cohort),
        learner=CohortMemberFactory(cohort=cohort).user,
        kind=GradeEntry.Kind.EXCUSED,
        reason="Ill.",
        by=UserFactory(),
    )
    return made


def regrade(cohort: Cohort) -> Regrade:
    made: Regrade = Regrade.objects.create(
        question=QuestionFactory(), kind=Regrade.Kind.DROP, reason="Unclear.", by=UserFactory()
    )
    made.cohorts.add(cohort)
    return made


def course_item(cohort: Cohort) -> CohortCourseItem:
    lesson = LessonFactory()
    return CohortCourseItem.objects.create(
        cohort_course=CohortCourseFactory(cohort=cohort, course=lesson.course),
        lesson=lesson,
        step_key="quiz",
        assignment=AssignmentFactory(cohort=cohort),
    )


def article_swap(cohort: Cohort) -> ArticleSwap:
    return ArticleSwap.objects.create(
        learner=CohortMemberFactory(cohort=cohort).user,
        article=ArticleFactory(),
        parallel=ArticleFactory(),
        by=UserFactory(),
    )


def api_client() -> ApiClient:
    name = f"client {next(_numbers)}"
    return clients.make_client(
        organisation=OrganisationFactory(), name=name, scopes=["launch"], by=UserFactory()
    )[0]


def webhook() -> WebhookEndpoint:
    made: WebhookEndpoint = WebhookEndpoint.objects.create(
        client=api_client(), url=f"https://lms.example/{next(_numbers)}", secret="whsec_"
    )
    return made


def outbox_event() -> OutboxEvent:
    made: OutboxEvent = OutboxEvent.objects.create(
        organisation=OrganisationFactory(), kind="course.published", data={}
    )
    return made


def step_progress(cohort: Cohort | None = None) -> StepProgress:
    lesson = LessonFactory()
    taken = EnrolmentFactory(course=lesson.course, cohort=cohort or CohortFactory())
    return progress.complete(enrolment=taken, lesson=lesson, step_key="explain")


def identity() -> ExternalIdentity:
    return ExternalIdentity.objects.create(
        user=UserFactory(), organisation=OrganisationFactory(), issuer="lms", subject=str(next(_numbers))
    )


def authenticator() -> Authenticator:
    return Authenticator.objects.create(user=UserFactory(), type="totp", data={"secret": "never shown"})


def note() -> LogEntry:
    article = ArticleFactory()
    kind = ContentType.objects.get_for_model(Article)
    made: LogEntry = LogEntry.objects.create(
        user=UserFactory(), content_type=kind, object_id=article.pk, object_repr="x", action_flag=CHANGE
    )
    return made


#: Tables of people and of work: each maker takes the class that the row is under.
UNDER_A_CLASS: dict[type[Model], Callable[..., Any]] = {
    Cohort: lambda cohort: cohort,
    CohortMember: CohortMemberFactory,
    JoinCode: JoinCodeFactory,
    User: lambda cohort: CohortMemberFactory(cohort=cohort).user,
    CohortCourse: CohortCourseFactory,
    Enrolment: EnrolmentFactory,
    StepProgress: step_progress,
    Attempt: attempt,
    AttemptItem: item,
    ItemResponse: lambda cohort: item(cohort=cohort).responses.get(),
    ItemScore: lambda cohort: item(cohort=cohort).current_score,
    SkillResult: skill_result,
    Evidence: lambda cohort: item(cohort=cohort).current_score.evidence.get(),
    Assignment: AssignmentFactory,
    AssignmentLearner: lambda cohort: AssignmentLearner.objects.create(
        assignment=AssignmentFactory(cohort=cohort), learner=UserFactory()
    ),
    Accommodation: AccommodationFactory,
    AssignmentScore: lambda cohort: AssignmentScore.objects.create(
        assignment=AssignmentFactory(cohort=cohort), learner=UserFactory()
    ),
    GradeEntry: grade_entry,
    GradingDraft: lambda cohort: GradingDraft.objects.create(item=item(cohort=cohort)),
    Regrade: regrade,
    QuizAnalysis: lambda cohort: QuizAnalysis.objects.create(quiz=QuizFactory(), cohort=cohort),
    CohortCourseItem: course_item,
    CohortCourseLearner: lambda cohort: CohortCourseLearner.objects.create(
        cohort_course=CohortCourseFactory(cohort=cohort), learner=UserFactory()
    ),
    Presentation: lambda cohort: Presentation.objects.create(
        cohort=cohort, lesson=LessonFactory(), by=UserFactory()
    ),
    ExitTicket: lambda cohort: ExitTicket.objects.create(
        presentation=Presentation.objects.create(cohort=cohort, lesson=LessonFactory(), by=UserFactory()),
        learner=UserFactory(),
        answer="alone",
    ),
    HiddenArticle: lambda cohort: HiddenArticle.objects.create(
        cohort=cohort, article=ArticleFactory(), by=UserFactory()
    ),
    ArticleSwap: article_swap,
}
MAKERS: dict[type[Model], Callable[[], Any]] = {
    **{model: lambda make=make: make(cohort=CohortFactory()) for model, make in UNDER_A_CLASS.items()},
    Organisation: OrganisationFactory,
    OrganisationMember: OrganisationMemberFactory,
    ExternalIdentity: identity,
    Authenticator: authenticator,
    LogEntry: note,
    DBTaskResult: lambda: DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x",
        backend_name="default",
        run_after=timezone.now(),
    ),
    Consent: lambda: Consent.objects.create(
        user=(user := UserFactory()), kind="joining", given=True, wording="x", by=user
    ),
    Notice: lambda: Notice.objects.create(user=UserFactory(), kind="assigned", key="assigned:1"),
    ApiClient: api_client,
    ApiEntry: lambda: ApiEntry.objects.create(client=api_client(), request_id="1", method="POST", path="/"),
    WebhookEndpoint: webhook,
    OutboxEvent: outbox_event,
    Delivery: lambda: Delivery.objects.create(endpoint=webhook(), event=outbox_event()),
    StoredReply: lambda: StoredReply.objects.create(user=UserFactory(), key="k", fingerprint="f"),
    SavedComment: lambda: SavedComment.objects.create(owner=UserFactory(), text=f"Good {next(_numbers)}."),
    Group: lambda: Group.objects.create(name=f"group {next(_numbers)}"),
    Skill: lambda: SkillFactory(slug=f"skill-{next(_numbers)}"),
    Article: ArticleFactory,
    ArticleRevision: ArticleRevisionFactory,
    AnnotationSet: lambda: AnnotationFactory().set,
    Annotation: AnnotationFactory,
    Orphan: OrphanFactory,
    Question: QuestionFactory,
    QuestionRevision: QuestionRevisionFactory,
    QuestionKey: lambda: QuestionKey.objects.get(revision=QuestionRevisionFactory()),
    QuestionOrphan: question_orphan,
    QuestionSkill: lambda: QuestionRevisionFactory().question_skills.get(),
    Quiz: QuizFactory,
    QuizRevision: QuizRevisionFactory,
    QuizSlot: lambda: QuizRevisionFactory().slots.get(),
    Course: CourseFactory,
    Module: ModuleFactory,
    Lesson: LessonFactory,
    LessonRevision: LessonRevisionFactory,
    Step: lambda: LessonRevisionFactory().steps.get(),
}
