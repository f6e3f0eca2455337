"""What questions and quizzes add to the admin's first page."""

from django.utils.translation import gettext_lazy as _

from accounts.admin import home
from quizzes.models import Question, QuestionRevision, Quiz, QuizRevision

home.register_start(_("Write a question"), Question, order=2)
home.register_start(_("Build a quiz"), Quiz, order=3)
home.register_drafts(QuestionRevision, "question__organisation")
home.register_drafts(QuizRevision, "quiz__organisation")
home.register_need(home.drafts_for_reviewers(QuestionRevision, "question__organisation"))
home.register_need(home.drafts_for_reviewers(QuizRevision, "quiz__organisation"))
