"""Fields and conversions that the forms of several types share."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.admin.errors import Errors
from quizzes.admin.fields import Choice, Field, Pick, Rows, Several, Text, Values, Words

TASK = Text(
    name="task",
    label=gettext_lazy("Task"),
    lines=2,
    required=gettext_lazy("Write what the learner is to do."),
)
SPECIMEN = Text(
    name="specimen",
    label=gettext_lazy("Text quoted above the answers"),
    help=gettext_lazy("A sentence or two that the question is about."),
    lines=3,
    more=True,
)
RATIONALE = Text(
    name="rationale",
    label=gettext_lazy("Why"),
    lines=2,
    required=gettext_lazy("Say why, in a sentence or two."),
)
MINORITY = Text(
    name="minority",
    label=gettext_lazy("Some readers say"),
    help=gettext_lazy("What a reasonable reader may object."),
    lines=2,
    more=True,
)
FEEDBACK = Text(
    name="feedback",
    label=gettext_lazy("Why it is right or wrong"),
    lines=2,
    required=gettext_lazy("Say why this is right or wrong."),
)


def wording(label: Any, missing: Any) -> Text:
    """The words of a row."""
    return Text(name="text", label=label, required=missing)


def among(rows: str, empty: str = "") -> "Callable[[Values], list[Choice]]":
    """The rows of that name as choices; those that are still empty, by their number."""

    def choices(values: Values) -> list[Choice]:
        named = [
            (row["ref"], row["text"].strip() or _("No. %(number)d, still empty") % {"number": number})
            for number, row in enumerate(values.get(rows, ()), start=1)
        ]
        return [("", empty or _("Choose…")), *named]

    return choices


def of_rows(rows: str) -> "Callable[[Values], list[Choice]]":
    """As `among`, without the choice of nothing."""
    return lambda values: among(rows)(values)[1:]


def options(rows: Sequence[Values]) -> list[dict[str, str]]:
    """Rows as the options of a prompt."""
    return [{"ref": row["ref"], "text": row["text"]} for row in rows]


def problem(rows: str, label: Any) -> Pick:
    """Which of the rows means a problem, so that finding one can be told from leaving sound text alone."""
    return Pick(
        name="problem",
        label=label,
        choices=lambda values: among(rows, _("None of them"))(values),
        help=gettext_lazy("Answers then tell problems found from sound text left alone."),
        more=True,
    )


def judged_rows(name: str, targets: str, words: "dict[str, Any]", *extra: Field) -> Rows:
    """Rows that are each given one of the targets: sentences, claims, the left side of pairs."""
    return Rows(
        name=name,
        label=words["label"],
        noun=words["noun"],
        add=words["add"],
        fields=(
            Text(name="text", label=words["noun"], lines=2, required=words["missing"]),
            Pick(name="accepted", label=words["accepted"], choices=among(targets)),
            RATIONALE,
            Several(name="also", label=gettext_lazy("Accepted too"), choices=of_rows(targets), more=True),
            *extra,
            MINORITY,
        ),
        least=3,
        most=words.get("most", 40),
    )


def accepted(row: Values) -> list[str]:
    """The targets that a row accepts, the first one first."""
    first = [row["accepted"]] if row["accepted"] else []
    return [*first, *(ref for ref in row["also"] if ref not in first)]


def refuse_gone(rows: Sequence[Values], targets: Sequence[Values], name: str, errors: Errors) -> None:
    """Say beside each row that accepts a target which was taken out meanwhile."""
    known = {target["ref"] for target in targets}
    for index, row in enumerate(rows):
        if set(accepted(row)) - known:
            errors.add(f"{name}-{index}-accepted", _("What was chosen here is gone. Choose again."))


def judged_values(rows: Iterable[Any], keys: Iterable[Any]) -> list[Values]:
    """Rows of a prompt with what the key says about each."""
    by_ref = {key.ref: key for key in keys}
    found = []
    for row in rows:
        key = by_ref.get(row.ref)
        taken = list(key.accepted or ()) if key else []
        found.append(
            {
                "ref": row.ref,
                "text": row.text,
                "accepted": taken[0] if taken else "",
                "also": taken[1:],
                "rationale": key.rationale if key else "",
                "minority": key.minority if key else "",
                "contested": "on" if key and key.accepted is None else "",
            }
        )
    return found


def answers_to_rows(keys: Sequence[Any], targets: Sequence[Any]) -> list[tuple[Words, Values]]:
    """Rows given what they accept; and all of them the same, each target in turn."""
    right = {key.ref: key.accepted[0] for key in keys if key.accepted}
    same = [
        (_("All: %s") % target.text, {"placed": {key.ref: target.ref for key in keys}}) for target in targets
    ]
    return [(_("What is right"), {"placed": right}), *same]


def whole(text: str) -> Any:
    """A whole number; what is none stays a text, which the schema refuses beside its field."""
    stripped = text.strip()
    return (
        int(stripped)
        if stripped.removeprefix("-").isascii()
        and stripped.removeprefix("-").isdigit()
        and len(stripped) <= 12
        else stripped
    )


def decimal(text: str) -> Any:
    """A number; as `whole`."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return text


def plain(number: float) -> str:
    """A number as it is typed: 1, 0.5."""
    return str(int(number)) if number == int(number) else str(number)


def lines_of(text: str) -> list[str]:
    """The lines that are not blank."""
    return [line.strip() for line in text.split("\n") if line.strip()]
