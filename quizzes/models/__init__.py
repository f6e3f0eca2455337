"""What is asked, what was answered, and how it was judged."""

from quizzes.models.analysis import QuizAnalysis
from quizzes.models.assignment import Accommodation, Assignment, AssignmentLearner, GradeEntry
from quizzes.models.assignment_score import AssignmentScore
from quizzes.models.attempt import Attempt, AttemptItem
from quizzes.models.evidence import Evidence, SkillResult
from quizzes.models.marking import GradingDraft, Regrade, SavedComment
from quizzes.models.orphan import QuestionOrphan
from quizzes.models.question import Question, QuestionKey, QuestionRevision, QuestionSkill
from quizzes.models.quiz import Quiz, QuizRevision, QuizSlot
from quizzes.models.response import ItemResponse
from quizzes.models.score import ItemScore

__all__ = [
    "Accommodation",
    "Assignment",
    "AssignmentLearner",
    "AssignmentScore",
    "Attempt",
    "AttemptItem",
    "Evidence",
    "GradeEntry",
    "GradingDraft",
    "ItemResponse",
    "ItemScore",
    "Question",
    "QuestionKey",
    "QuestionOrphan",
    "QuestionRevision",
    "QuestionSkill",
    "Quiz",
    "QuizAnalysis",
    "QuizRevision",
    "QuizSlot",
    "Regrade",
    "SavedComment",
    "SkillResult",
]
