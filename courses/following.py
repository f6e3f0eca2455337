"""Reading steps follow their article: the paragraphs that a lesson shows are looked for in the article's new text.

A published lesson goes on showing the text that it was published with. Its draft moves: when a new revision of
the article is published, when the text of a draft is edited, and when the lesson is revised or published.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from articles.models import ArticleRevision
from articles.publishing import copy_draft
from courses.models import Lesson, LessonRevision, Step
from quizzes.moving import Pair, Text


class Followed(NamedTuple):
    """The drafts of lessons that show the new text, and those with a step that could not be moved."""

    drafts: tuple[LessonRevision, ...]
    stay: tuple[LessonRevision, ...]


def on_article_published(*, revision: ArticleRevision, by: User | None = None, **_signal: Any) -> None:
    """The receiver of `article_published`."""
    follow_article(revision=revision, by=by)


def on_article_edited(*, revision: ArticleRevision, before: Text, **_signal: Any) -> None:
    """The receiver of `article_edited`: steps that show this very draft move; what has no place is to be chosen."""
    pair = Pair(before, revision)
    rows = Step.objects.filter(article_revision=revision, first_line__isnull=False)
    touched = set()
    for step in rows.select_related("lesson_revision"):
        lines = moved_lines(pair, step.first_line or 1, step.last_line or 1)
        if lines == (step.first_line, step.last_line):
            continue
        if lines is None:
            step.article_revision = None
        else:
            step.first_line, step.last_line = lines
        step.save()
        touched.add(step.lesson_revision_id)
    _touch(touched)


def follow_article(*, revision: ArticleRevision, by: User | None = None) -> Followed:
    """Give each lesson that shows an earlier text of this article a draft that shows this one.

    An open draft is moved where it is. What has no place in the new text stays on the earlier one, and the draft
    is not published until somebody has chosen its paragraphs again.
    """
    earlier = Step.objects.filter(
        lesson_revision__lesson=OuterRef("pk"), article_revision__article=revision.article_id
    ).exclude(article_revision=revision)
    shown = Q(lesson_revision__lesson__published=OuterRef("published")) & Q(
        lesson_revision=OuterRef("published")
    )
    lessons = Lesson.objects.filter(
        Exists(earlier.filter(shown | Q(lesson_revision__published_at=None))), archived_at=None
    )
    drafts: list[LessonRevision] = []
    stay: list[LessonRevision] = []
    with transaction.atomic():
        for lesson in lessons.select_for_update(no_key=True, of=("self",)).order_by("pk"):
            draft: Any = LessonRevision.objects.drafts().filter(lesson=lesson).first()
            if draft is None and lesson.published is not None:
                draft = copy_draft(of=lesson.published, by=by)
            if draft is not None:
                (drafts if catch_up(draft) else stay).append(draft)
    return Followed(tuple(drafts), tuple(stay))


def catch_up(draft: LessonRevision) -> bool:
    """Move the steps of a lesson's draft to the texts in force; False if one of them has no place there."""
    pairs: dict[tuple[int, int], Pair] = {}
    whole, changed = True, False
    rows = draft.steps.filter(article__published__isnull=False)
    for step in rows.select_related("article__published", "article_revision"):
        old, new = step.article_revision, step.article and step.article.published
        if new is None or old == new:
            continue
        if step.first_line is not None:
            key = (old.pk, new.pk) if old else None
            if old is not None and key not in pairs:
                pairs[old.pk, new.pk] = Pair(old, new)
            lines = (
                moved_lines(pairs[key], step.first_line, step.last_line or step.first_line) if key else None
            )
            if lines is None:
                whole = False
                continue
            step.first_line, step.last_line = lines
        step.article_revision = new
        step.save()
        changed = True
    if changed:
        _touch([draft.pk])
        draft.refresh_from_db(fields=["updated_at"])
    return whole


def pin(steps: Iterable[Step]) -> None:
    """Say of steps, not stored yet, which text they show: what is in force, else the article's draft."""
    rows = [step for step in steps if step.article is not None and step.article_revision_id is None]
    waiting = [step.article_id for step in rows if step.article and step.article.published_id is None]
    drafts = {
        draft.article_id: draft
        for draft in (ArticleRevision.objects.drafts().filter(article__in=waiting) if waiting else ())
    }
    for step in rows:
        step.article_revision = (step.article and step.article.published) or drafts.get(step.article_id or 0)


def moved_lines(pair: Pair, first: int, last: int) -> tuple[int, int] | None:
    """Where lines `first` to `last` of the older text, from 1, are in the newer one; None if they have no place.

    The first and the last must be found, and all that are found between them, in order.
    """
    found = [
        lines
        for number in range(first, last + 1)
        if (lines := _of_line(pair, number)) or number in {first, last}
    ]
    known = [lines for lines in found if lines]
    if not found or len(known) != len(found):
        return None
    if any(one[1] > other[0] for one, other in pairwise(known)):
        return None
    return known[0][0], known[-1][1]


def _of_line(pair: Pair, number: int) -> tuple[int, int] | None:
    """The lines that a line of the older text is now: found whole, else by its sentences."""
    lines = pair.older.text.split("\n")
    if number > len(lines):
        return None
    start = sum(len(line) + 1 for line in lines[: number - 1])
    inside = [
        span for span in pair.old_words if start <= span[0] and span[1] <= start + len(lines[number - 1])
    ]
    if not inside:
        return None
    stretches = [(inside[0][0], inside[-1][1])]
    places = [place for stretch in stretches if (place := pair.place(stretch))]
    if not places:
        for first, last in pair.old_sentences:
            held = [span for span in inside if first <= span[0] and span[1] <= last]
            if held and (place := pair.place((held[0][0], held[-1][1]))):
                places.append(place)
    numbers = [pair.newer.text.count("\n", 0, place.start) + 1 for place in places]
    return (min(numbers), max(numbers)) if numbers else None


def _touch(revisions: Iterable[int]) -> None:
    """Whoever has one of these drafts open is told that it changed."""
    LessonRevision.objects.filter(pk__in=revisions).update(updated_at=timezone.now())
