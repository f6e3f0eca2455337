"""Which questions a new attempt asks, and in which order."""

import random
from collections.abc import Collection, Iterable

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from articles import choosing
from quizzes import drawing
from quizzes.errors import QuizUnavailable
from quizzes.models import Attempt, AttemptItem, QuestionRevision, Quiz, QuizRevision, QuizSlot


def items_of(attempt: Attempt) -> Iterable[AttemptItem]:
    """The questions as a new attempt shows them; draws, order and options' order come from its seed.

    Without what asks about a text that its class does not read, or that was swapped for the learner.
    Raises QuizUnavailable where nothing is left to ask.
    """
    revision = attempt.quiz_revision
    chance = random.Random(attempt.seed)  # noqa: S311 - to be repeated, not to be secret
    left_out = choosing.left_out(cohort=attempt.cohort_id, learner=attempt.learner_id)
    places = _places(attempt.quiz, revision, chance, left_out)
    if left_out and places:
        about = _about(left_out, [asked for _slot, asked in places])
        places = [(slot, asked) for slot, asked in places if asked.pk not in about]
        if not places:
            raise QuizUnavailable(_("Your class does not read the text that this quiz asks about."))
    if not places:
        raise QuizUnavailable(_("This quiz has no questions now. Ask your teacher whether it has moved."))
    if revision.shuffle_items:
        chance.shuffle(places)
    for position, (slot, asked) in enumerate(places, start=1):
        order = [option.ref for option in getattr(asked.asked, "options", ())]
        if revision.shuffle_options:
            chance.shuffle(order)
        yield AttemptItem(
            attempt=attempt,
            position=position,
            slot=slot,
            question_id=asked.question_id,
            revision=asked,
            option_order=order,
            points=slot.points,
        )


def _places(
    quiz: Quiz, revision: QuizRevision, chance: random.Random, left_out: Collection[int]
) -> list[tuple[QuizSlot, QuestionRevision]]:
    """Each slot with the question revision that it asks, in order; a draw stands there once a question.

    Draws take nothing about the articles that are left out: as many questions as there are others.
    """
    slots = list(
        QuizSlot.objects.filter(quiz_revision=revision)
        .select_related("question__published", "pinned")
        .order_by("position")
    )
    pools = drawing.pools(slots, drawing.bank(slots, quiz.organisation, left_out))
    chosen = drawing.drawn(slots, pools, chance)
    wanted = {pk for pks in chosen.values() for pk in pks}
    live = QuestionRevision.objects.filter(question__published=F("pk"), question__in=wanted) if wanted else ()
    by_question = {found.question_id: found for found in live}
    places: list[tuple[QuizSlot, QuestionRevision]] = []
    for slot in slots:
        if slot.question is None:
            drawn = chosen[slot.position]
            places += [(slot, by_question[pk]) for pk in drawn if pk in by_question]
            continue
        asked = slot.pinned or slot.question.published
        if asked is None:
            raise QuizUnavailable(
                _("Question %(number)s of this quiz is not published.") % {"number": slot.position}
            )
        places.append((slot, asked))
    return places


def _about(articles: Collection[int], asked: Iterable[QuestionRevision]) -> set[int]:
    """Which of the questions ask about one of the articles."""
    found = QuestionRevision.objects.filter(
        pk__in=[one.pk for one in asked], article_revision__article__in=articles
    )
    return set(found.values_list("pk", flat=True))


def emptied(quizzes: Collection[int], left_out: Collection[int]) -> set[int]:
    """Which quizzes (primary keys) ask about nothing but the articles that are left out. One query."""
    slots = QuizSlot.objects.filter(quiz_revision__quiz__in=quizzes).filter(
        quiz_revision=F("quiz_revision__quiz__published")
    )
    asked = slots.annotate(
        article=Coalesce(
            "pinned__article_revision__article", "question__published__article_revision__article"
        )
    )
    kept: dict[int, bool] = {}
    for quiz, article in asked.values_list("quiz_revision__quiz", "article"):
        kept[quiz] = kept.get(quiz, False) or article not in left_out
    return {quiz for quiz, asks in kept.items() if not asks}
