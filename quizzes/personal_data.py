"""What this room keeps of people, and what becomes of it when somebody is erased.

Scores and evidence stay: the class's means and each question's statistics rest on them. What was typed
freely goes, unless it earned the whole point by rule: then it says what the key says.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, FloatField, Q, When

from accounts import personal_data
from accounts.models import User
from accounts.personal_data import Export, Table, blank, delete, excuse, keep
from quizzes import analysis, score_rows, telling
from quizzes.grades import State
from quizzes.marksheet import MarkSheet
from quizzes.models import (
    Accommodation,
    Assignment,
    AssignmentLearner,
    AssignmentScore,
    Attempt,
    AttemptItem,
    Evidence,
    GradeEntry,
    GradingDraft,
    ItemResponse,
    ItemScore,
    Question,
    QuestionKey,
    QuestionOrphan,
    QuestionRevision,
    QuestionSkill,
    Quiz,
    QuizAnalysis,
    QuizRevision,
    QuizSlot,
    Regrade,
    SavedComment,
    SkillResult,
)
from quizzes.types import all_types

#: Stands where a reason must not be empty.
ERASED = "erased"
_STATISTICS = "figures of the class and of the question"
_AUTHORS = "content belongs to the school; its author has no name any more"


def register() -> None:
    """Called once the apps are ready."""
    _register_work()
    _register_teaching()
    for model in (QuestionRevision, QuizRevision):
        personal_data.register(model, "", by=["created_by", "published_by"], erase=keep(_AUTHORS))
    personal_data.register(QuestionOrphan, "", by=["resolved_by"], erase=keep(_AUTHORS))
    personal_data.register(Regrade, "", by=["by"], erase=keep("a decision about a question"))
    for content in (Question, QuestionKey, QuestionSkill, Quiz, QuizSlot):
        excuse(content, "content")
    excuse(Regrade.cohorts.through, "classes, not people")
    excuse(Assignment, "a class's; for whom, AssignmentLearner says")


def _register_work() -> None:
    personal_data.register(Attempt, "learner", export=_attempts, erase=keep(_STATISTICS))
    personal_data.register(AttemptItem, "attempt__learner", erase=keep(_STATISTICS))
    personal_data.register(
        ItemResponse,
        "item__attempt__learner",
        fields=["item__attempt__uuid", "item__position", "data", "confidence", "saved_at"],
        erase=_forget_typed,
    )
    told = ["item__attempt__uuid", "item__position", "fraction", "source", "reason", "at"]
    personal_data.register(
        ItemScore,
        "item__attempt__learner",
        by=["by"],
        export=_told(ItemScore, "item__attempt__", told),
        erase=_forget_reasons,
    )
    personal_data.register(
        SkillResult,
        "score__item__attempt__learner",
        export=_told(
            SkillResult,
            "score__item__attempt__",
            ["score__item__attempt__uuid", "score__item__position", "skill__slug", "fraction"],
        ),
        erase=keep(_STATISTICS),
    )
    personal_data.register(
        Evidence,
        "learner",
        export=_told(
            Evidence, "score__item__attempt__", ["skill__slug", "kind", "correct", "confidence", "at"]
        ),
        erase=keep(_STATISTICS),
    )
    personal_data.register(QuizAnalysis, "quiz__attempts__learner", erase=_forget_figures)


def _register_teaching() -> None:
    personal_data.register(
        AssignmentLearner, "learner", fields=["assignment__uuid"], erase=keep("for how many it was")
    )
    personal_data.register(
        AssignmentScore,
        "learner",
        fields=["assignment__uuid", "updated_at"],
        erase=keep("that a mark changed, without the mark"),
    )
    personal_data.register(
        Accommodation,
        "learner",
        by=["by"],
        fields=["cohort__name", "extra_percent", "extra_s", "extra_attempts", "extra_days", "due_at"],
        erase=keep("whether work was late, and so its mark, depends on it; it is nobody's by then"),
    )
    personal_data.register(GradeEntry, "learner", by=["by"], export=_entries, erase=_forget_words)
    personal_data.register(
        GradingDraft, "item__attempt__learner", by=["by", "holder"], erase=blank(comment="")
    )
    personal_data.register(SavedComment, "owner", fields=["text"], erase=delete)


def _is_told(person: User, prefix: str = "") -> Q:
    """Attempts whose scores the learner has been told, or may look up: what `telling` says. Five queries at most."""
    feedback = f"{prefix}assignment__feedback"
    as_the_quiz_says = Q(**{f"{prefix}assignment": None}) | Q(
        **{f"{feedback}__in": ["", QuizRevision.Feedback.AT_ONCE]}
    )
    at_once = Q(**{f"{prefix}quiz_revision__feedback": QuizRevision.Feedback.AT_ONCE}) & as_the_quiz_says
    handed_in = Q(**{f"{prefix}submitted_at__isnull": False})
    return (at_once | handed_in) & ~Q(**{f"{prefix}pk__in": telling.withheld(person)})


def _told(model: Any, prefix: str, fields: list[str]) -> Export:
    """Rows that hang on a score, once the score is told."""
    learner = f"{prefix}learner"

    def export(person: User) -> Iterator[dict[str, Any]]:
        rows = model.objects.filter(_is_told(person, prefix), **{learner: person}).order_by("pk")
        yield from rows.values(*fields).iterator(chunk_size=1000)

    return export


def _attempts(person: User) -> Iterator[dict[str, Any]]:
    mark = Case(When(_is_told(person), then=F("fraction")), default=None, output_field=FloatField())
    rows = Attempt.objects.filter(learner=person).order_by("pk").annotate(mark=mark)
    fields = ["uuid", "quiz_revision__title", "number", "started_at", "submitted_at", "is_preview", "mark"]
    yield from rows.values(*fields).iterator(chunk_size=1000)


def _entries(person: User) -> Iterator[dict[str, Any]]:
    """What teachers said of marks that the learner may know."""
    rows: Any = GradeEntry.objects.filter(learner=person).order_by("pk")
    rows = rows.exclude(assignment__in=_held_marks(person))
    yield from rows.values("assignment__uuid", "kind", "fraction", "reason", "at").iterator(chunk_size=1000)


def _held_marks(person: User) -> set[int]:
    """The assignments, by primary key, of whose mark the learner may know only that it is held."""
    of = Assignment.objects.filter(grade_entries__learner=person).distinct()
    assignments = list(of.select_related("cohort", "quiz__published").order_by())
    sheet = MarkSheet(assignments, learner=person)
    held = {one.pk for one in assignments if not one.is_released}
    for one in assignments:
        mark = sheet.mark(one, person.pk)
        if mark is not None and mark.state is State.HELD:
            held.add(one.pk)
    waiting = Attempt.objects.filter(pk__in=telling.withheld(person), assignment__isnull=False)
    return held | set(waiting.values_list("assignment", flat=True))


def typed_fields() -> dict[str, list[str]]:
    """Of each question type the fields of a response into which a learner types what they like."""
    found = {
        kind.slug: [name for name, field in kind.Response.model_fields.items() if field.annotation is str]
        for kind in all_types()
    }
    return {slug: names for slug, names in found.items() if names}


def _forget_typed(table: Table, person: User) -> None:
    """Empty what was typed freely, and what judging quoted or pointed at in it."""
    typed = typed_fields()
    earned = ItemScore.objects.filter(
        item__attempt__learner=person, source=ItemScore.Source.AUTO, fraction=1, response__isnull=False
    )
    responses = table.of(person).filter(item__revision__type__in=typed)
    emptied = []
    for response in responses.exclude(pk__in=earned.order_by().values("response")).select_related(
        "item__revision"
    ):
        for name in typed[response.item.revision.type]:
            if response.data.get(name):
                response.data[name] = ""
        emptied.append(response)
    ItemResponse.objects.bulk_update(emptied, ["data"], batch_size=500)
    scores = list(ItemScore.objects.filter(response__in=[one.pk for one in emptied]))
    for score in scores:
        score.outcome = {**score.outcome, "findings": []}
    ItemScore.objects.bulk_update(scores, ["outcome"], batch_size=500)


def _forget_figures(table: Table, person: User) -> None:
    """They quote what was typed; without it they are computed anew."""
    analysis.forget(learner=person)


def _forget_reasons(table: Table, person: User) -> None:
    """A comment on somebody's work says something of them."""
    table.of(person).exclude(reason="").update(reason=ERASED)


def _forget_words(table: Table, person: User) -> None:
    """What teachers said of their marks. The marks are touched: programs keep copies, and look for what changed."""
    entries = GradeEntry.objects.filter(learner=person)
    places = list(entries.order_by().values_list("assignment", "learner").distinct())
    blank(reason=ERASED)(table, person)
    score_rows.touch(places)
