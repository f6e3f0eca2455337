"""Copies of quizzes and questions, for an organisation that wants to make them its own."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from articles.copying import new_identity
from articles.publishing import Incomplete, copy_draft
from quizzes.models import Question, QuestionRevision, Quiz, QuizRevision


def copy_question(
    *, question: Question, organisation: Organisation, by: User | None = None
) -> QuestionRevision:
    """Return a draft of a new question of `organisation` that holds what is published, its key too.

    Its passage stays that of the article that it was taken from. Raises Incomplete.
    """
    if question.published is None:
        raise Incomplete(_("“%s” is not published, so there is nothing to copy yet.") % question)
    with transaction.atomic():
        title = question.published.title
        made = new_identity(like=question, organisation=organisation, title=title, noun="question")
        return copy_draft(of=question.published, identity=made, by=by)


def copy_quiz(*, quiz: Quiz, organisation: Organisation, by: User | None = None) -> QuizRevision:
    """Return a draft of a new quiz of `organisation`; what it asks by name is copied too.

    Raises Incomplete.
    """
    if quiz.published is None:
        raise Incomplete(_("“%s” is not published, so there is nothing to copy yet.") % quiz)
    with transaction.atomic():
        title = quiz.published.title
        made = new_identity(like=quiz, organisation=organisation, title=title, noun="quiz", mode=quiz.mode)
        draft = copy_draft(of=quiz.published, identity=made, by=by)
        asked: Any = draft.slots.exclude(question=None).select_related("question__published", "pinned")
        for slot in asked:
            # Where a slot held a question to one of its states, the copy begins with that state.
            question: Question = slot.question
            if slot.pinned is not None:
                question.published = slot.pinned
            slot.question = copy_question(question=question, organisation=organisation, by=by).question
            slot.pinned = None
            slot.save()
    return draft
