"""Who sees questions, quizzes and attempts in the admin, and what the roles may do with them."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.admin import audit, scope, see_also
from accounts.models import Cohort, User
from articles.admin.base import show_revisions
from articles.models import Article, ArticleRevision
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

scope.register(Question, Question.objects.visible_to)
show_revisions(QuestionRevision, Question, "question__organisation")
scope.follow(QuestionKey, "revision", QuestionRevision)
scope.follow(QuestionSkill, "revision", QuestionRevision)
scope.follow(QuestionOrphan, "question", Question)
scope.register(Quiz, lambda user: Quiz.objects.filter(Quiz.objects.worked_with_by(user)))
show_revisions(QuizRevision, Quiz, "quiz__organisation")
scope.follow(QuizSlot, "quiz_revision", QuizRevision)
scope.show_classes_of(Attempt)
scope.follow(AttemptItem, "attempt", Attempt)
scope.follow(ItemResponse, "item", AttemptItem)
scope.follow(ItemScore, "item", AttemptItem)
scope.follow(SkillResult, "score", ItemScore)
scope.show_classes_of(Evidence)
scope.follow(Assignment, "cohort", Cohort)
scope.follow(AssignmentLearner, "assignment", Assignment)
scope.follow(Accommodation, "cohort", Cohort)
scope.follow(GradeEntry, "assignment", Assignment)
scope.follow(AssignmentScore, "assignment", Assignment)
scope.follow(GradingDraft, "item", AttemptItem)
scope.follow(QuizAnalysis, "cohort", Cohort)
scope.register(Regrade, lambda user: Regrade.objects.filter(cohorts__in=scope.cohorts(user)).distinct())
scope.register(SavedComment, SavedComment.objects.visible_to)

see_also.register(User, Attempt, "learner")
see_also.register(User, Evidence, "learner")
see_also.register(Cohort, Attempt, "cohort")
see_also.register(Cohort, Evidence, "cohort")
see_also.register(Article, Evidence, "article")
see_also.register(Question, AttemptItem, "question")
see_also.register(Question, Evidence, "question")
see_also.register(Question, QuizSlot, "question")
see_also.register(Quiz, Attempt, "quiz")


def _questions_from(request: HttpRequest, revision: ArticleRevision) -> list[see_also.Link]:
    """The page that offers questions from an article's annotations, for those who may write one."""
    if not request.user.has_perm("quizzes.add_questionrevision"):
        return []
    address = reverse("admin:quizzes_questionrevision_from_annotations", args=[revision.pk])
    return [see_also.Link(_("Questions from the annotations"), address)]


see_also.offer(ArticleRevision, _questions_from)

CONTENT = (Question, QuestionRevision, QuestionSkill, Quiz, QuizRevision, QuizSlot)
WORK = (
    *(Attempt, AttemptItem, ItemResponse, ItemScore, SkillResult, Evidence),
    *(
        Assignment,
        AssignmentLearner,
        AssignmentScore,
        Accommodation,
        GradeEntry,
        GradingDraft,
        QuizAnalysis,
        Regrade,
    ),
)
roles.grant(roles.TEACHER, "view", *CONTENT, *WORK)
# "delete" of a revision is discarding a draft.
roles.grant_writing(
    drafts=[Question, QuestionKey, QuestionOrphan, Quiz],
    parts=[QuestionRevision, QuestionSkill, QuizRevision, QuizSlot],
    publish=[QuestionRevision, QuizRevision],
)
roles.grant(roles.SITE_ADMIN, "view", *WORK)
roles.grant(roles.SITE_ADMIN, "change", Attempt)

audit.register("organisation", Question, Quiz)
audit.register("question__organisation", QuestionRevision, QuestionOrphan)
audit.register("quiz__organisation", QuizRevision)
audit.register("cohort__organisation", Attempt, Assignment, Accommodation, is_content=False)
