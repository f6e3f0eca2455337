"""Making and revising quizzes: the verbs behind the pages on which authors build them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from articles.publishing import Incomplete, copy_draft
from articles.refs import free_ref
from quizzes.models import Question, QuestionRevision, Quiz, QuizRevision
from quizzes.publishing import draft_quiz, publish_quiz


def new_quiz(*, organisation: Organisation, mode: str, title: str, by: User | None = None) -> QuizRevision:
    """Make a quiz, and return its first draft, which asks nothing yet."""
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one ref at a time
        taken = set(Quiz.objects.filter(organisation=organisation, bundle="").values_list("ref", flat=True))
        quiz = Quiz.objects.create(organisation=organisation, mode=mode, ref=free_ref(title, taken, "quiz"))
        shuffle = mode == Quiz.Mode.GRADED
        return draft_quiz(quiz=quiz, slots=[], by=by, title=title, shuffle_options=shuffle)


def revise_quiz(*, quiz: Quiz, by: User | None = None) -> QuizRevision:
    """Return a new draft that holds what the published revision holds; raises DraftOpen and Incomplete."""
    if quiz.published is None:
        raise Incomplete(_("“%s” was never published. Go on with its draft.") % quiz)
    return copy_draft(of=quiz.published, by=by)


def republish_quiz(*, quiz: Quiz, by: User | None = None, **fields: Any) -> QuizRevision:
    """Publish a revision with other `fields` than the published one, and return it; that one, if none differs.

    Its slots stay. Raises DraftOpen and Incomplete.
    """
    with transaction.atomic():
        now = quiz.published
        if now is not None and all(getattr(now, name) == value for name, value in fields.items()):
            return now
        draft = revise_quiz(quiz=quiz, by=by)
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.save(update_fields=[*fields, "updated_at"])
        return publish_quiz(revision=draft, by=by)


def revise_question(*, question: Question, by: User | None = None) -> QuestionRevision:
    """Return a new draft that holds what the published revision holds; raises DraftOpen and Incomplete."""
    if question.published is None:
        raise Incomplete(_("“%s” was never published. Go on with its draft.") % question)
    return copy_draft(of=question.published, by=by)


def duplicate_question(
    *, question: Question, organisation: Organisation, by: User | None = None
) -> QuestionRevision:
    """Make another question of `organisation` like this one, as a draft; raises Incomplete.

    It holds what is published, else the draft.
    """
    with transaction.atomic():
        of = question.published or question.revisions.drafts().first()
        if of is None:
            raise Incomplete(_("There is nothing to copy yet."))
        return copy_draft(of=of, identity=Question.objects.create(organisation=organisation), by=by)
