"""First tries and attempts, counted skill by skill, so that they can be read out."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes import wording


@dataclass
class SkillCounts:
    """One skill's counts. Marked passages: `found` of `required`, `sound_marks` of `marks`.

    Sorted sentences: `placed_right` of `placed`. Other parts, such as rows and gaps: `parts_right` of
    `parts`. Whole questions: `whole_right` of `whole`; `waiting` ones are for a person to grade,
    `unscored` ones for nobody.
    """

    required: int = 0
    found: int = 0
    marks: int = 0
    sound_marks: int = 0
    passages: int = 0
    placed: int = 0
    placed_right: int = 0
    parts: int = 0
    parts_right: int = 0
    whole: int = 0
    whole_right: int = 0
    waiting: int = 0
    unscored: int = 0

    def add(self, other: "SkillCounts") -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def sentences(self) -> list[str]:
        """What was counted, a sentence for each way of asking that occurred."""
        said: list[str] = []
        if self.passages:
            said.append(wording.found_of(self.found, self.required, self.marks, self.sound_marks))
        if self.placed:
            said.append(wording.placed_of(self.placed_right, self.placed))
        if self.parts:
            said.append(wording.got_of(self.parts_right, self.parts))
        if self.whole:
            said.append(
                ngettext(
                    "You answered %(right)s of %(count)s question right.",
                    "You answered %(right)s of %(count)s questions right.",
                    self.whole,
                )
                % {"right": self.whole_right, "count": self.whole}
            )
        if self.waiting:
            said.append(
                ngettext(
                    "%(count)s answer waits for your teacher.",
                    "%(count)s answers wait for your teacher.",
                    self.waiting,
                )
                % {"count": self.waiting}
            )
        if self.unscored:
            said.append(
                ngettext(
                    "%(count)s text of yours was read: it has hints and no score.",
                    "%(count)s texts of yours were read: they have hints and no score.",
                    self.unscored,
                )
                % {"count": self.unscored}
            )
        return said

    @property
    def only_waits(self) -> bool:
        """Nothing was judged yet, so nothing can be said to be right."""
        unjudged = SkillCounts(waiting=self.waiting, unscored=self.unscored)
        return self == unjudged and self != SkillCounts()

    @property
    def sentence(self) -> str:
        return wording.joined(self.sentences) or _("Nothing counted yet.")

    @property
    def share(self) -> float:
        """What share of everything judged was right, 0 to 1: only to choose what to practise next."""
        right = self.found + self.placed_right + self.parts_right + self.whole_right
        right += self.marks - self.sound_marks
        total = self.required + self.placed + self.parts + self.whole + self.marks
        return right / total if total else 1.0


def total(counts: Iterable[SkillCounts]) -> SkillCounts:
    everything = SkillCounts()
    for one in counts:
        everything.add(one)
    return everything
