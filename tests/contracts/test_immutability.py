"""What is published never changes: one guard for every table that holds, or belongs to, a revision."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from articles.models import Annotation, AnnotationSet, ArticleRevision, Frozen, Orphan
from articles.models.revision import Guarded, Revision, RevisionPart
from articles.publishing import AlreadyPublished, Incomplete, copy_draft, discard
from courses.models import LessonRevision, Step
from quizzes.models import QuestionKey, QuestionRevision, QuestionSkill, QuizRevision, QuizSlot
from tests.factories.accounts import UserFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleFactory,
    ArticleRevisionFactory,
    OrphanFactory,
    SkillFactory,
)
from tests.factories.courses import LessonFactory, LessonRevisionFactory
from tests.factories.quizzes import QuestionFactory, QuestionRevisionFactory, QuizFactory, QuizRevisionFactory

pytestmark = pytest.mark.django_db

GUARDED = [model for model in apps.get_models() if issubclass(model, Guarded)]
REVISIONS = [model for model in GUARDED if issubclass(model, Revision)]
PARTS = [model for model in GUARDED if issubclass(model, RevisionPart)]


def publish(revision: Model) -> None:
    type(revision)._base_manager.filter(pk=revision.pk).update(published_at=timezone.now())
    revision.refresh_from_db()


def annotation(*, published: bool) -> Annotation:
    row = AnnotationFactory()
    if published:
        publish(row.set.revision)
    return row


def orphan(*, published: bool) -> Orphan:
    row = OrphanFactory()
    if published:
        publish(row.revision)
    return row


def part_of(revision: Any, name: str) -> Any:
    found = getattr(revision, name)
    return found.get() if hasattr(found, "get") else found


#: A row of each guarded table: published, or still a draft.
MAKE: dict[type[Model], Callable[..., Any]] = {
    ArticleRevision: lambda published: ArticleFactory().published if published else ArticleRevisionFactory(),
    AnnotationSet: lambda published: annotation(published=published).set,
    Annotation: lambda published: annotation(published=published),
    Orphan: lambda published: orphan(published=published),
    QuestionRevision: lambda published: (
        QuestionFactory().published if published else QuestionRevisionFactory()
    ),
    QuestionKey: lambda published: part_of(MAKE[QuestionRevision](published), "answer_key"),
    QuestionSkill: lambda published: part_of(MAKE[QuestionRevision](published), "question_skills"),
    QuizRevision: lambda published: QuizFactory().published if published else QuizRevisionFactory(),
    QuizSlot: lambda published: part_of(MAKE[QuizRevision](published), "slots"),
    LessonRevision: lambda published: LessonFactory().published if published else LessonRevisionFactory(),
    Step: lambda published: part_of(MAKE[LessonRevision](published), "steps"),
}
#: A column that may be changed while the row is a draft, and another value for it.
CHANGE: dict[type[Model], tuple[str, Any]] = {
    ArticleRevision: ("title", "Changed"),
    AnnotationSet: ("closed_at", timezone.now()),
    Annotation: ("rationale", "Changed"),
    Orphan: ("rationale", "Changed"),
    QuestionRevision: ("title", "Changed"),
    QuestionKey: ("key", {"changed": True}),
    QuestionSkill: ("skill", lambda: SkillFactory(slug="certainty")),
    QuizRevision: ("title", "Changed"),
    QuizSlot: ("points", 7),
    LessonRevision: ("title", "Changed"),
    Step: ("title", "Changed"),
}


def save(row: Any, column: str, value: Any) -> None:
    setattr(row, column, value)
    row.save()


def save_one_column(row: Any, column: str, value: Any) -> None:
    setattr(row, column, value)
    row.save(update_fields=[column])


def update(row: Any, column: str, value: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**{column: value})


def update_all(row: Any, column: str, value: Any) -> None:
    type(row)._default_manager.update(**{column: value})


def bulk_update(row: Any, column: str, value: Any) -> None:
    setattr(row, column, value)
    type(row)._default_manager.bulk_update([row], [column])


def save_over(row: Any, column: str, value: Any) -> None:
    """A new object under the key of the row."""
    columns = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields}
    type(row)(**{**columns, column: value}).save()


WAYS = [save, save_one_column, update, update_all, bulk_update, save_over]


def named(thing: Any) -> str:
    return thing.__name__


def change(row: Any, way: Callable[[Any, str, Any], None]) -> None:
    column, value = CHANGE[type(row)]
    with transaction.atomic():  # bulk_update leaves the transaction broken when it is refused
        way(row, column, value() if callable(value) else value)


def test_every_guarded_table_is_under_test():
    assert set(GUARDED) == set(MAKE) == set(CHANGE)
    assert set(REVISIONS) == {ArticleRevision, QuestionRevision, QuizRevision, LessonRevision}


def stored(row: Any) -> tuple:
    return type(row)._base_manager.filter(pk=row.pk).values_list().get()


@pytest.mark.parametrize("way", WAYS, ids=named)
@pytest.mark.parametrize("model", GUARDED, ids=named)
def test_published_row_cannot_be_changed(model, way):
    row = MAKE[model](published=True)
    before = stored(row)
    with pytest.raises(Frozen):
        change(row, way)
    assert stored(row) == before


@pytest.mark.parametrize("way", WAYS, ids=named)
@pytest.mark.parametrize("model", GUARDED, ids=named)
def test_draft_can_be_changed(model, way):
    row = MAKE[model](published=False)
    before = stored(row)
    change(row, way)
    assert stored(row) != before


@pytest.mark.parametrize("model", GUARDED, ids=named)
def test_published_row_cannot_be_deleted(model):
    row = MAKE[model](published=True)
    with pytest.raises(Frozen):
        row.delete()
    with pytest.raises(Frozen):
        model._default_manager.filter(pk=row.pk).delete()
    assert model._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", REVISIONS, ids=named)
def test_published_revision_cannot_become_a_draft_again(model):
    row = MAKE[model](published=True)
    with pytest.raises(Frozen):
        model.objects.filter(pk=row.pk).update(published_at=None)
    row.published_at = None
    with pytest.raises(Frozen):
        row.save()


@pytest.mark.parametrize("model", PARTS, ids=named)
def test_part_cannot_be_added_to_what_is_published(model):
    row = MAKE[model](published=True)
    count = model._base_manager.count()
    columns = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    parent = model.revision_path.partition("__")[0]
    twin = model(**{**columns, parent: getattr(row, parent)})
    with pytest.raises(Frozen):
        twin.save()
    with pytest.raises(Frozen):
        model._default_manager.bulk_create([twin])
    assert model._base_manager.count() == count


@pytest.mark.parametrize("model", [model for model in PARTS if model is not QuestionKey], ids=named)
def test_part_of_a_draft_cannot_move_into_what_is_published(model):
    published, draft = MAKE[model](published=True), MAKE[model](published=False)
    parent = model.revision_path.partition("__")[0]
    before = stored(draft)
    with pytest.raises(Frozen):
        model._default_manager.filter(pk=draft.pk).update(**{parent: getattr(published, parent)})
    with pytest.raises(Frozen):
        model._default_manager.filter(pk=draft.pk).update(
            **{f"{parent}_id": getattr(published, f"{parent}_id")}
        )
    setattr(draft, parent, getattr(published, parent))
    with pytest.raises(Frozen):
        draft.save()
    assert stored(draft) == before


@pytest.mark.parametrize("model", GUARDED, ids=named)
def test_upsert_is_refused(model):
    row = MAKE[model](published=True)
    with pytest.raises(NotImplementedError):
        model._default_manager.bulk_create(
            [row], update_conflicts=True, unique_fields=["pk"], update_fields=[CHANGE[model][0]]
        )


def test_blind_layer_may_be_added_to_a_published_article():
    revision = ArticleFactory().published
    layer = AnnotationSetFactory(revision=revision, purpose=AnnotationSet.Purpose.BLIND, keyer=UserFactory())
    AnnotationFactory(set=layer)
    AnnotationSet.objects.filter(pk=layer.pk).update(closed_at=timezone.now())
    assert revision.annotation_sets.get().annotations.count() == 1


def test_part_made_through_an_old_draft_in_memory_is_refused():
    draft = ArticleRevisionFactory()
    layer = AnnotationSetFactory(revision=draft)
    type(draft)._base_manager.filter(pk=draft.pk).update(published_at=timezone.now())
    assert draft.is_draft  # so this object says; the database knows better
    with pytest.raises(Frozen):
        AnnotationFactory(set=layer)
    with pytest.raises(Frozen):
        Annotation.objects.bulk_create([AnnotationFactory.build(set=layer, skill=SkillFactory())])


@pytest.mark.parametrize("model", REVISIONS, ids=lambda model: model.__name__)
def test_draft_is_discarded_with_its_parts_and_a_published_one_is_not(model):
    for part in PARTS:
        MAKE[part](False)
    published = MAKE[model](True)
    draft = copy_draft(of=published)
    first = MAKE[model](False)
    kept = {part: part._base_manager.filter(part.frozen_if()).count() for part in PARTS}
    with pytest.raises(AlreadyPublished):
        discard(revision=published)
    discard(revision=draft)
    assert not model._base_manager.filter(pk=draft.pk).exists()
    with pytest.raises(Incomplete, match="all there is of it"):
        discard(revision=first)
    assert {part: part._base_manager.filter(part.frozen_if()).count() for part in PARTS} == kept
