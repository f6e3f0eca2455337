"""Judging again what was judged: who would get what by a mended key. Writes nothing.

`quizzes.regrading` shows it beforehand, and then does it, by the same functions.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Cohort
from quizzes import wording
from quizzes.models import (
    Attempt,
    AttemptItem,
    ItemResponse,
    ItemScore,
    Question,
    QuestionKey,
    QuestionRevision,
    Quiz,
    Regrade,
)
from quizzes.models.attempt import AttemptQuerySet
from quizzes.recording import Judged, Try
from quizzes.types import registry
from quizzes.types.base import Finding

BY_HAND = {ItemScore.Source.MANUAL, ItemScore.Source.OVERRIDE}
#: What an earlier regrade or person said of a score, and a new regrade says anew.
SAID = {wording.GRANTED, wording.LEFT_OUT}


class RegradeRefused(Exception):
    """A regrade that cannot be done, in a sentence for whoever asked."""


@dataclass(frozen=True)
class Plan:
    """Which answers are to be judged anew, and how. `to_revision` only where it is by a key."""

    question: Question
    kind: str
    cohorts: Sequence[Cohort]
    quiz: Quiz | None = None
    replace_manual: bool = False
    to_revision: QuestionRevision | None = None

    @classmethod
    def of(cls, regrade: Regrade) -> "Plan":
        return cls(
            question=regrade.question,
            kind=regrade.kind,
            cohorts=list(regrade.cohorts.all()),
            quiz=regrade.quiz,
            replace_manual=regrade.replace_manual,
            to_revision=regrade.to_revision,
        )

    @property
    def by_key(self) -> bool:
        return self.kind == Regrade.Kind.KEY

    def attempts(self) -> "AttemptQuerySet":
        """Every attempt of these classes that has the question, open ones too; previews never."""
        asked = AttemptItem.objects.filter(attempt=OuterRef("pk"), question=self.question)
        found = Attempt.objects.counting().filter(Exists(asked), cohort__in=[one.pk for one in self.cohorts])
        return found.filter(quiz=self.quiz) if self.quiz else found

    @cached_property
    def judge(self) -> registry.Judge:
        """Judges responses by the key that is in force now; remembers what it made of an answer."""
        revision = self.revision
        key = QuestionKey.objects.get(revision=revision)
        answer = registry.load(revision.type, "key", key.key, revision.schema_version)
        return registry.get(revision.type).grader(revision.asked, answer)

    def read(self, item: AttemptItem, response: ItemResponse | None) -> Any:
        """The response as the mended question's own; None where it was given to something else."""
        revision = self.revision
        kind = registry.get(revision.type)
        if item.revision.type != revision.type or not self._same_text(item.revision):
            return None
        if response is None:
            return kind.Response()
        try:
            read = registry.load(kind.slug, "response", response.data, response.schema_version)
            kind.check_response(revision.asked, read)
        except ValueError:  # also pydantic's, and ResponseRefused
            return None
        return read

    @property
    def revision(self) -> QuestionRevision:
        """The revision whose key judges; raises RegradeRefused where there is none."""
        if self.to_revision is None:
            raise RegradeRefused(_("This question is not published, so there is no key to judge by."))
        return self.to_revision

    def _same_text(self, revision: QuestionRevision) -> bool:
        """Marks are places in a text: in another text they would mean something else."""
        old, new = (getattr(one.asked, "passage", None) for one in (revision, self.revision))
        return (old and old.text) == (new and new.text)


@dataclass(frozen=True)
class Weighed:
    """One item, and what a regrade makes of it: a judgement, or why its score stays (`kept`).

    Neither, where it was judged by that key already.
    """

    item: AttemptItem
    old: ItemScore
    judged: Judged | None = None
    kept: str = ""


@dataclass
class Firsts:
    """The first score that each learner ever had on the question, by the item that it is of."""

    by_item: dict[int, ItemScore] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Sequence[AttemptItem]) -> "Firsts":
        """One query, whatever the number of items."""
        rows = (
            ItemScore.objects.filter(
                item__question__in={item.question_id for item in items},
                item__attempt__learner__in={item.attempt.learner_id for item in items},
                item__attempt__is_preview=False,
                number=1,
            )
            .select_related("response", "item__attempt")
            .only("item__question", "item__attempt__learner", "response__data", "response__schema_version")
            .order_by("pk")
        )
        first: dict[tuple[int, int], ItemScore] = {}
        for row in rows:
            first.setdefault((row.item.attempt.learner_id, row.item.question_id), row)
        return cls({row.item_id: row for row in first.values()})

    def __contains__(self, item: AttemptItem) -> bool:
        return item.pk in self.by_item

    def response(self, item: AttemptItem) -> ItemResponse | None:
        return self.by_item[item.pk].response


def weigh(plan: Plan, attempts: Sequence[Attempt], *, regrade: Regrade | None = None) -> list[Weighed]:
    """What becomes of each item of `attempts`, without those that `regrade` has judged already.

    Three queries at most, and the key's once a plan.
    """
    items = _items(plan, attempts, regrade)
    firsts = Firsts.of(items) if items else Firsts()
    return [_weigh(plan, item, firsts) for item in items]


def _items(plan: Plan, attempts: Sequence[Attempt], regrade: Regrade | None) -> list[AttemptItem]:
    by_pk = {attempt.pk: attempt for attempt in attempts}
    rows = AttemptItem.objects.filter(
        question=plan.question, attempt__in=by_pk, current_score__isnull=False
    ).select_related("current_score__response")
    if regrade is not None:
        rows = rows.exclude(Exists(ItemScore.objects.filter(item=OuterRef("pk"), regrade=regrade)))
    found = list(rows.order_by("attempt_id"))
    # A prompt may hold a whole article: each revision is read once, not once an attempt.
    revisions = QuestionRevision.objects.select_related("article_revision").in_bulk(
        {item.revision_id for item in found}
    )
    for item in found:
        item.attempt = by_pk[item.attempt_id]
        item.revision = revisions[item.revision_id]
    return found


def _weigh(plan: Plan, item: AttemptItem, firsts: Firsts) -> Weighed:
    old = cast(ItemScore, item.current_score)
    if old.source in BY_HAND and not plan.replace_manual:
        return Weighed(item, old, kept=_("graded by hand"))
    if plan.by_key:
        return _by_key(plan, item, old, firsts)
    granted = plan.kind == Regrade.Kind.EVERYONE
    outcome = old.judged.model_copy(
        update={
            "units": (),
            "findings": (
                *_without(old.judged.findings, SAID),
                Finding(code=wording.GRANTED if granted else wording.LEFT_OUT),
            ),
            **({"fraction": 1.0, "answered": True} if granted else {}),
        }
    )
    # Neither says anything about a skill: what the answer told is voided, and nothing comes in its place.
    judged = Judged(item, old.response, outcome, first=False, key=old.key_revision_id, answered=old.answered)
    return Weighed(item, old, judged)


def _by_key(plan: Plan, item: AttemptItem, old: ItemScore, firsts: Firsts) -> Weighed:
    if _is_judged_so(plan, old):
        return Weighed(item, old)
    read = plan.read(item, old.response)
    if read is None:
        return Weighed(item, old, kept=_("answered what the question does not ask any more"))
    first, tried = item in firsts, None
    if first and (earlier := firsts.response(item)) != old.response:
        again = plan.read(item, earlier)
        first = again is not None
        tried = Try(earlier, plan.judge(again)) if first else None
    judged = Judged(item, old.response, plan.judge(read), first=first, tried=tried, key=plan.revision.pk)
    return Weighed(item, old, judged)


def _is_judged_so(plan: Plan, old: ItemScore) -> bool:
    """Whether the score is by that very key already, as where the attempt began after it was mended."""
    if old.key_revision_id != plan.revision.pk or old.source in BY_HAND:
        return False
    return not any(finding["code"] in SAID for finding in old.outcome.get("findings", ()))


def _without(findings: Iterable[Finding], codes: set[str]) -> list[Finding]:
    return [finding for finding in findings if finding.code not in codes]


def fractions(attempts: Sequence[Attempt]) -> dict[int, list[tuple[int, float, float | None, bool]]]:
    """Of each attempt's items: primary key, points, fraction, dropped. One query."""
    found: dict[int, list[tuple[int, float, float | None, bool]]] = defaultdict(list)
    rows = AttemptItem.objects.filter(attempt__in=attempts, current_score__isnull=False).order_by()
    for attempt, item, points, fraction, dropped in rows.values_list(
        "attempt", "pk", "points", "current_score__fraction", "current_score__dropped"
    ):
        found[attempt].append((item, float(points), fraction, dropped))
    return found
