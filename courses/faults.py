"""What is wrong with something that learners meet, and the refusal that tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model

from articles.publishing import Incomplete


@dataclass(frozen=True)
class Fault:
    """Something that a learner must not meet: what is wrong, and the row on whose page it is mended.

    `draft` is what would mend it by being published, if that is all that is missing.
    """

    message: str
    row: Model
    draft: Model | None = None


class Faulty(Incomplete):
    """Something that learners will meet is wrong; `faults` has it one by one."""

    code = "faulty"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults
