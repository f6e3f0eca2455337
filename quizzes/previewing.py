"""A quiz's questions as a learner would meet them, for its author: nothing of it is stored.

Attempt and items are made in memory, and the learner's own templates show them.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quizzes import drawing, wording
from quizzes.entries import Entry
from quizzes.feedback import Feedback
from quizzes.models import Attempt, AttemptItem, QuestionKey, QuestionRevision, QuizRevision, QuizSlot
from quizzes.places import Place
from quizzes.types import registry, responses
from quizzes.types.registry import Form


@dataclass(frozen=True)
class Surroundings:
    """Where the preview of a quiz stands: `url_of` a question (by position), and what comes before and after."""

    url_of: Callable[[int], str]
    before_url: str
    after_url: str
    title: str


def asked_by(revision: QuizRevision) -> list[QuestionRevision]:
    """The questions as one attempt could ask them; drafts stand for what was never published. Four queries."""
    slots = list(
        QuizSlot.objects.filter(quiz_revision=revision)
        .select_related("question__published__article_revision", "pinned__article_revision")
        .order_by("position")
    )
    bank = drawing.bank(slots, revision.quiz.organisation)
    chosen = drawing.drawn(slots, drawing.pools(slots, bank), random.Random(revision.pk))  # noqa: S311
    drawn = [pk for pks in chosen.values() for pk in pks]
    open_only = [slot.question_id for slot in slots if slot.question and slot.question.published is None]
    rows = QuestionRevision.objects.filter(question__in=open_only, published_at=None)
    rows |= QuestionRevision.objects.filter(question__in=drawn, published_at__isnull=False)
    found: dict[int, QuestionRevision] = {}
    for row in rows.select_related("article_revision").order_by("number"):
        found[row.question_id] = row
    asked: list[QuestionRevision | None] = []
    for slot in slots:
        if slot.question is None:
            asked += [found.get(pk) for pk in chosen[slot.position]]
        else:
            asked.append(slot.pinned or slot.question.published or found.get(slot.question.pk))
    return [question for question in asked if question is not None]


def page(
    *,
    quiz: QuizRevision,
    asked: Sequence[QuestionRevision],
    position: int,
    learner: User,
    around: Surroundings,
    form: Form | None = None,
) -> dict[str, Any]:
    """What the template of a question's type needs; `form`: what was answered, which is judged at once.

    Raises ResponseRefused for what makes no response, and LookupError where there is no such question.
    """
    if not 1 <= position <= len(asked):
        raise LookupError(position)
    revision = asked[position - 1]
    kind = registry.get(revision.type)
    attempt = Attempt(learner=learner, quiz=quiz.quiz, quiz_revision=quiz, started_at=timezone.now())
    order = [option.ref for option in getattr(revision.asked, "options", ())]
    item = AttemptItem(
        attempt=attempt, position=position, question=revision.question, revision=revision, option_order=order
    )
    practice = quiz.feedback == QuizRevision.Feedback.AT_ONCE
    judged = None
    response = kind.Response()
    if form is not None:
        response = responses.read_response(kind, revision.asked, kind.from_form(revision.asked, form))
        judged = _judge(revision, response, practice=practice)
        attempt.submitted_at = attempt.started_at  # so that the page leads on, and hands nothing in
    listed = [
        Entry(
            position=place,
            title=one.title or _("Question %(number)s") % {"number": place},
            url=around.url_of(place),
            state="",
            current=place == position,
        )
        for place, one in enumerate(asked, start=1)
    ]
    return {
        "attempt": attempt,
        "quiz": quiz.quiz,
        "practice": practice and judged is None,
        "item": item,
        "revision": revision,
        "prompt": revision.asked,
        "response": response,
        "given": None,
        "refused": None,
        "notice": "",
        "order": order,
        "sequence": 1,
        "judged": judged,
        "entries": listed,
        "total": len(listed),
        "previous_url": around.url_of(position - 1) if position > 1 else around.before_url,
        "next_url": around.url_of(position + 1) if position < len(asked) else around.after_url,
        "is_last": position == len(asked),
        "place": Place(title=around.title),
        "item_url": around.url_of(position),
        "again_url": around.url_of(position),
        "review_url": "",
        "submit_url": "",
        "pinned": quiz.pinned_article,
        "nav": "lessons",
    }


def _judge(revision: QuestionRevision, response: Any, *, practice: bool) -> Feedback | None:
    stored = QuestionKey.objects.filter(revision=revision).first()
    if stored is None:
        return None
    kind = registry.get(revision.type)
    key = registry.load(kind.slug, "key", stored.key, revision.schema_version)
    outcome = kind.grade(revision.asked, key, response)
    headline = wording.headline(outcome, sorts_sentences=kind.sorts_sentences, practice=practice)
    return Feedback(outcome=outcome, key=key, response=response, headline=headline)
