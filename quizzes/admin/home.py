"""What questions and quizzes add to the admin's first page."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import home
from accounts.models import User
from accounts.models.organisation import owned_by
from quizzes.models import Question, QuestionOrphan, QuestionRevision, Quiz, QuizRevision


def questions_that_wait(user: User) -> Iterator[home.Need]:
    """Questions that could not follow their article, and drafts that followed it to words that changed."""
    counted = Question.objects.filter(owned_by(user)).aggregate(
        left=Count("orphans", filter=Q(orphans__resolved_at=None), distinct=True),
        moved=Count(
            "revisions", filter=Q(revisions__published_at=None, revisions__to_confirm=True), distinct=True
        ),
    )
    left, moved = counted["left"], counted["moved"]
    if left:
        words = ngettext(
            "%(count)d question could not follow its article",
            "%(count)d questions could not follow their article",
            left,
        )
        yield home.Need(words % {"count": left}, home.admin_url(QuestionOrphan, "changelist"))
    if moved:
        words = ngettext(
            "%(count)d question followed its article to words that changed: read it again",
            "%(count)d questions followed their article to words that changed: read them again",
            moved,
        )
        url = f"{home.admin_url(QuestionRevision, 'changelist')}?to_confirm__exact=1&published_at__isempty=1"
        yield home.Need(words % {"count": moved}, url)


home.register_start(_("Write a question"), Question, order=2)
home.register_start(_("Build a quiz"), Quiz, order=3)
home.register_drafts(QuestionRevision, "question__organisation")
home.register_drafts(QuizRevision, "quiz__organisation")
home.register_need(home.drafts_for_reviewers(QuestionRevision, "question__organisation"))
home.register_need(home.drafts_for_reviewers(QuizRevision, "quiz__organisation"))
home.register_need(questions_that_wait)
