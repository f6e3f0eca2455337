"""What is wrong with a bundle: gathered from every file, then shown together."""

from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""The way to a value inside a file: `("questions", 3, "key")`."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file, the line (from 1; 0 for the file as a whole), the field ("" for none), and
    a message that says what is wrong and how to mend it."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.field, self.message) if part)


@dataclass
class Faults:
    """The faults found so far.

    Without `strict`, what the house asks of its authors and no learner stumbles over is no fault.
    """

    found: list[Fault] = field(default_factory=list)
    strict: bool = True

    def add(self, file: str, message: str, *, line: int = 0, field: str = "") -> None:
        self.found.append(Fault(file, line, field, message))


class BundleRefused(Exception):
    """The bundle has faults, and nothing of it was loaded."""

    def __init__(self, faults: Faults) -> None:
        self.faults = sorted(set(faults.found))
        number = len(self.faults)
        closing = f"({number} fault{'' if number == 1 else 's'}; nothing was loaded.)"
        super().__init__("\n".join([*map(str, self.faults), closing]))


def dotted(path: Path) -> str:
    """The path as it is shown: `questions[3].key.spans[0].quote`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")
