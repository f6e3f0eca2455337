"""What is asked, what was answered, and how it was judged."""

from quizzes.models.attempt import Attempt, AttemptItem
from quizzes.models.evidence import Evidence, SkillResult
from quizzes.models.orphan import QuestionOrphan
from quizzes.models.question import Question, QuestionKey, QuestionRevision, QuestionSkill
from quizzes.models.quiz import Quiz, QuizRevision, QuizSlot
from quizzes.models.response import ItemResponse
from quizzes.models.score import ItemScore

__all__ = [
    "Attempt",
    "AttemptItem",
    "Evidence",
    "ItemResponse",
    "ItemScore",
    "Question",
    "QuestionKey",
    "QuestionOrphan",
    "QuestionRevision",
    "QuestionSkill",
    "Quiz",
    "QuizRevision",
    "QuizSlot",
    "SkillResult",
]
