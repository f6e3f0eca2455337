"""The list of an attempt's questions, as pages show it beside or below an item."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, JSONField, OuterRef, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext as _

from quizzes import feedback, wording
from quizzes.models import Attempt, AttemptItem, ItemResponse
from quizzes.types import registry


@dataclass(frozen=True)
class Entry:
    """One question: `state` is '' (open), 'unclear' (to be typed again), 'saved' or 'checked'.

    `verdict` only once feedback is due.
    """

    position: int
    title: str
    url: str
    state: str
    verdict: str = ""
    label: str = ""
    current: bool = False

    @property
    def answered(self) -> bool:
        return self.state not in {"", "unclear"}


def entries(attempt: Attempt, *, current: int = 0, judged: bool = False) -> list[Entry]:
    """The questions of `attempt` in order, in one query; with verdicts where `judged`."""
    newest = ItemResponse.objects.filter(item=OuterRef("pk")).order_by("-sequence")
    # A prompt may hold a whole article: it is read only where its type has something to tell by it.
    telling = [kind.slug for kind in registry.all_types() if kind.tells]
    rows = (
        attempt.items.select_related("revision", "current_score")
        .defer("revision__prompt")
        .annotate(
            given=Subquery(newest.values("data")[:1]),
            version=Subquery(newest.values("schema_version")[:1]),
            asked=Case(
                When(revision__type__in=telling, then=F("revision__prompt")), output_field=JSONField()
            ),
        )
        .order_by("position")
    )
    return [_entry(attempt, row, current, judged) for row in rows]


def _entry(attempt: Attempt, row: AttemptItem, current: int, judged: bool) -> Entry:
    score = row.current_score
    verdict, label = ("", "")
    if judged and score is not None:
        verdict, label = wording.verdict(score.judged, practice=feedback.is_practice(attempt))
    return Entry(
        position=row.position,
        title=row.revision.title or _("Question %(number)s") % {"number": row.position},
        url=reverse("quizzes:item", kwargs={"uuid": attempt.uuid, "position": row.position}),
        state="checked" if score is not None else _state(row),
        verdict=verdict,
        label=label,
        current=row.position == current,
    )


def _state(row: AttemptItem) -> str:
    """Whether the newest response says anything: a form that is passed over is saved as it stands, empty."""
    given, version, asked = row.given, row.version, row.asked  # type: ignore[attr-defined]
    kind = registry.get(row.revision.type)
    if given is None:
        return ""
    response = registry.load(kind.slug, "response", given, version)
    if response == kind.Response():
        return ""
    if asked is not None:
        prompt = registry.load(kind.slug, "prompt", asked, row.revision.schema_version)
        if kind.notice(prompt, response):
            return "unclear"
    return "saved"


def first_open(found: Sequence[Entry]) -> Entry | None:
    """Where to go on: the first question without an answer, else the last one."""
    return next((entry for entry in found if not entry.answered), found[-1] if found else None)
