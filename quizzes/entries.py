"""The list of an attempt's questions, as pages show it beside or below an item."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.models import Attempt, AttemptItem, ItemResponse


@dataclass(frozen=True)
class Entry:
    """One question: `state` is '' (open), 'saved' or 'checked'; `verdict` only once feedback is due."""

    position: int
    title: str
    url: str
    state: str
    verdict: str = ""
    label: str = ""
    current: bool = False

    @property
    def answered(self) -> bool:
        return self.state != ""


def entries(attempt: Attempt, *, current: int = 0, judged: bool = False) -> list[Entry]:
    """The questions of `attempt` in order, in one query; with verdicts where `judged`."""
    rows = (
        attempt.items.select_related("revision", "current_score")
        .defer("revision__prompt")
        .annotate(has_response=Exists(ItemResponse.objects.filter(item=OuterRef("pk"))))
        .order_by("position")
    )
    return [_entry(attempt, row, current, judged) for row in rows]


def _entry(attempt: Attempt, row: AttemptItem, current: int, judged: bool) -> Entry:
    score = row.current_score
    state = "checked" if score is not None else "saved" if row.has_response else ""  # type: ignore[attr-defined]
    verdict, label = ("", "")
    if judged and score is not None:
        verdict, label = wording.verdict(score.fraction, answered=score.answered)
    return Entry(
        position=row.position,
        title=row.revision.title or _("Question %(number)s") % {"number": row.position},
        url=reverse("quizzes:item", kwargs={"uuid": attempt.uuid, "position": row.position}),
        state=state,
        verdict=verdict,
        label=str(label),
        current=row.position == current,
    )


def first_open(found: Sequence[Entry]) -> Entry | None:
    """Where to go on: the first question without an answer, else the last one."""
    return next((entry for entry in found if not entry.answered), found[-1] if found else None)
