"""Who sees questions, quizzes and attempts in the admin, and what the roles may do with them."""

from django.db.models import QuerySet

from accounts import roles
from accounts.admin import scope, see_also
from accounts.models import Cohort, User
from articles.admin.base import show_revisions
from articles.models import Article
from quizzes.models import (
    Attempt,
    AttemptItem,
    Evidence,
    ItemResponse,
    ItemScore,
    Question,
    QuestionKey,
    QuestionOrphan,
    QuestionRevision,
    QuestionSkill,
    Quiz,
    QuizRevision,
    QuizSlot,
    SkillResult,
)


def _attempts(user: User) -> "QuerySet[Attempt]":
    """What they may see anyway, and all that was made under the classes that they look after."""
    return Attempt.objects.visible_to(user) | Attempt.objects.filter(
        cohort__in=scope.cohorts(user).order_by()
    )


def _evidence(user: User) -> "QuerySet[Evidence]":
    """As `_attempts`."""
    return Evidence.objects.visible_to(user) | Evidence.objects.filter(
        cohort__in=scope.cohorts(user).order_by()
    )


scope.register(Question, Question.objects.visible_to)
show_revisions(QuestionRevision, Question, "question__organisation")
scope.follow(QuestionKey, "revision", QuestionRevision)
scope.follow(QuestionSkill, "revision", QuestionRevision)
scope.follow(QuestionOrphan, "question", Question)
scope.register(Quiz, Quiz.objects.visible_to)
show_revisions(QuizRevision, Quiz, "quiz__organisation")
scope.follow(QuizSlot, "quiz_revision", QuizRevision)
scope.register(Attempt, _attempts)
scope.follow(AttemptItem, "attempt", Attempt)
scope.follow(ItemResponse, "item", AttemptItem)
scope.follow(ItemScore, "item", AttemptItem)
scope.follow(SkillResult, "score", ItemScore)
scope.register(Evidence, _evidence)

see_also.register(User, Attempt, "learner")
see_also.register(User, Evidence, "learner")
see_also.register(Cohort, Attempt, "cohort")
see_also.register(Cohort, Evidence, "cohort")
see_also.register(Article, Evidence, "article")
see_also.register(Question, AttemptItem, "question")
see_also.register(Question, Evidence, "question")
see_also.register(Question, QuizSlot, "question")
see_also.register(Quiz, Attempt, "quiz")

CONTENT = (Question, QuestionRevision, QuestionSkill, Quiz, QuizRevision, QuizSlot)
WORK = (Attempt, AttemptItem, ItemResponse, ItemScore, SkillResult, Evidence)
roles.grant(roles.TEACHER, "view", *CONTENT, *WORK)
for _role in (roles.AUTHOR, roles.REVIEWER):
    roles.grant(_role, "view", *CONTENT, QuestionKey, QuestionOrphan)
    roles.grant(_role, "change", QuestionOrphan)
roles.grant(roles.SITE_ADMIN, "view", *CONTENT, *WORK, QuestionKey, QuestionOrphan)
roles.grant(roles.SITE_ADMIN, "change", QuestionOrphan)
roles.grant(roles.SITE_ADMIN, "change", *CONTENT, QuestionKey, Attempt)
roles.grant(roles.SITE_ADMIN, "add", QuizSlot, QuestionSkill)
roles.grant(roles.SITE_ADMIN, "delete", QuizSlot, QuestionSkill)
