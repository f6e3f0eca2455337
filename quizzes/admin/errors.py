"""What is wrong with a form of a question, by field."""

from dataclasses import dataclass, field

from quizzes.admin.fields import Words


@dataclass
class Errors:
    """What is wrong, by the name of the field that it is about, in words."""

    by_name: dict[str, list[Words]] = field(default_factory=dict)

    def add(self, name: str, message: Words) -> None:
        said = self.by_name.setdefault(name, [])
        if message not in said:
            said.append(message)

    def __bool__(self) -> bool:
        return bool(self.by_name)
