"""Writing questions: a new one, and the open draft of one anew.

With `quizzes.publishing`, which makes and publishes revisions, the only writer of these rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel

from accounts.models import Organisation, User
from articles.models import AnnotationSet, ArticleRevision, Frozen, Skill
from articles.publishing import Incomplete, PublishingError
from articles.refs import free_ref
from quizzes.models import Question, QuestionKey, QuestionRevision, QuestionSkill
from quizzes.publishing import From, draft_question
from quizzes.types import registry


class ChangedMeanwhile(PublishingError):
    """The draft was saved by somebody else since it was read; `at` is when."""

    def __init__(self, at: datetime) -> None:
        super().__init__(_("The draft was saved elsewhere meanwhile."))
        self.at = at


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that an author writes of a question. `difficulty` is 1 (easy) to 5, or None for unknown."""

    prompt: BaseModel
    key: BaseModel
    skills: Iterable[Skill]
    title: str = ""
    difficulty: int | None = None
    passage: From | None = None
    origin: AnnotationSet | None = field(default=None)


def add_question(
    *, organisation: Organisation, type: str, content: Content, by: User | None = None
) -> QuestionRevision:
    """Make a question and its first draft in one go, and return the draft.

    Raises UnknownType, and Incomplete if the draft that the passage is from has other words there by now.
    """
    with transaction.atomic():
        _hold(content.passage)
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one ref at a time
        taken = set(
            Question.objects.filter(organisation=organisation, bundle="").values_list("ref", flat=True)
        )
        ref = free_ref(content.title, taken, "question")
        question = Question.objects.create(organisation=organisation, ref=ref)
        return draft_question(
            question=question,
            type=type,
            prompt=content.prompt,
            key=content.key,
            skills=content.skills,
            title=content.title,
            difficulty=content.difficulty,
            passage=content.passage,
            origin=content.origin,
            by=by,
        )


def rewrite_draft(
    *, revision: QuestionRevision, content: Content, seen: datetime | None = None
) -> QuestionRevision:
    """Write a draft anew: prompt, key, skills and the rest; return it as it is now.

    `seen` is the `updated_at` that the author began from (None: overwrite whatever is there). Raises
    ChangedMeanwhile if it is another by now, Frozen for what is published, and Incomplete as `add_question`.
    """
    with transaction.atomic():
        _hold(content.passage)
        draft: QuestionRevision = QuestionRevision.objects.select_for_update().get(pk=revision.pk)
        if not draft.is_draft:
            raise Frozen(QuestionRevision)
        if seen is not None and draft.updated_at != seen:
            raise ChangedMeanwhile(draft.updated_at)
        passage = content.passage
        draft.title = content.title
        draft.difficulty = content.difficulty
        draft.schema_version = registry.get(draft.type).schema_version
        draft.prompt = content.prompt.model_dump(mode="json")
        draft.article_revision = passage.revision if passage else None
        draft.start, draft.end = (passage.start, passage.end) if passage else (None, None)
        draft.updated_at = timezone.now()
        draft.save()
        _write_key(draft, content)
        _write_skills(draft, content.skills)
    return draft


def _hold(passage: From | None) -> None:
    """Lock the article's draft that a passage is from: edited from now on, it takes the question along."""
    if passage is None or not passage.revision.is_draft:
        return
    now = ArticleRevision.objects.select_for_update(no_key=True).get(pk=passage.revision.pk)
    if now.text[passage.start : passage.end] != passage.revision.text[passage.start : passage.end]:
        raise Incomplete(_("The article was edited just now. Look at the passage again, and save once more."))


def _write_key(draft: QuestionRevision, content: Content) -> None:
    """The key anew. Where it was copied from stays on record while the passage is of that article."""
    key = QuestionKey.objects.filter(revision=draft).first() or QuestionKey(revision=draft)
    key.key = content.key.model_dump(mode="json")
    if content.origin is not None:
        key.origin_set = content.origin
    elif key.origin_set and not _is_of(key.origin_set, draft.article_revision):
        key.origin_set = None
    key.save()


def _is_of(layer: AnnotationSet, revision: ArticleRevision | None) -> bool:
    return revision is not None and layer.revision.article_id == revision.article_id


def _write_skills(draft: QuestionRevision, skills: Iterable[Skill]) -> None:
    wanted = {skill.pk: skill for skill in skills}
    held = {row.skill_id: row for row in QuestionSkill.objects.filter(revision=draft)}
    for pk, row in held.items():
        if pk not in wanted:
            row.delete()
    QuestionSkill.objects.bulk_create(
        QuestionSkill(revision=draft, skill=skill) for pk, skill in wanted.items() if pk not in held
    )
