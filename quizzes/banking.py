"""What is done to many questions of the bank at once: each verb takes one, in its own transaction."""

from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.models.organisation import SHARED
from articles.models import Skill
from articles.publishing import Incomplete, copy_draft
from quizzes.models import Question, QuestionRevision, QuestionSkill, QuizSlot

Tagged = Literal["same", "draft", "revision"]


def tag(*, question: Question, skill: Skill, wanted: bool, by: User | None = None) -> Tagged:
    """Let a question give evidence for a skill, or no longer; what is published stays as it is.

    Returns what it took: nothing, a change of the open draft, or a new draft. Raises Incomplete where
    it would leave no skill, or where the question's task itself says which skills are marked.
    """
    with transaction.atomic():
        locked = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
        draft = locked.revisions.drafts().first()
        shown: QuestionRevision | None = draft or locked.published
        if shown is None:
            raise Incomplete(_("There is nothing to change yet."))
        _refuse_fixed(shown)
        skills = {tie.skill_id for tie in shown.question_skills.all()}
        if (skill.pk in skills) == wanted:
            return "same"
        if skills == {skill.pk}:
            raise Incomplete(_("It would be left without a skill. Add another one first."))
        changed = draft or copy_draft(of=shown, by=by)
        if wanted:
            QuestionSkill.objects.create(revision=changed, skill=skill)
        else:
            QuestionSkill.objects.filter(revision=changed, skill=skill).delete()
        changed.save(update_fields=["updated_at"])
        return "draft" if draft else "revision"


def _refuse_fixed(revision: QuestionRevision) -> None:
    if isinstance(revision.prompt, dict) and "skills" in revision.prompt:
        raise Incomplete(_("What is marked in it are its skills. Change them in the question itself."))


def move(*, question: Question, organisation: Organisation) -> None:
    """Give a question to the bank of another organisation.

    Raises Incomplete for one that a quiz uses, that came with a bundle, or whose article would stay behind.
    """
    with transaction.atomic():
        locked = Question.objects.select_for_update().get(pk=question.pk)
        if locked.bundle:
            raise Incomplete(
                _("It belongs to the bundle “%s”. Duplicate it, and move the copy.") % locked.bundle
            )
        if QuizSlot.objects.filter(question=locked).exists():
            raise Incomplete(_("A quiz uses it. Duplicate it, and move the copy."))
        behind = locked.revisions.exclude(article_revision=None).exclude(
            article_revision__article__organisation__in=[
                organisation.pk,
                *Organisation.objects.filter(slug=SHARED).values_list("pk", flat=True),
            ]
        )
        if behind.exists():
            raise Incomplete(_("Its article belongs to the organisation that it would leave."))
        if Question.objects.filter(organisation=organisation, bundle="", ref=locked.ref).exists():
            raise Incomplete(_("There is a question with the ref “%s” there already.") % locked.ref)
        locked.organisation = organisation
        locked.save(update_fields=["organisation", "updated_at"])
