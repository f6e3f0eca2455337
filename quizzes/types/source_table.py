"""Say of each claim who makes it. That nobody is named is one of the speakers, which the author writes."""

from quizzes.types.base import Option, Passage
from quizzes.types.registry import Example, QuestionType, register
from quizzes.types.rows import (
    Key,
    Response,
    RowKey,
    RowsPrompt,
    Targets,
    check,
    check_response,
    from_form,
    grader,
)


class Prompt(RowsPrompt):
    """The task, the claims (rows), the speakers (columns), and the text that the claims stand in, if any."""

    targets_in = "speakers"
    speakers: Targets
    passage: Passage | None = None


EXAMPLE = Example(
    prompt=Prompt(
        task="Who makes each claim? Go by what the text says.",
        specimen=(
            "The lift has been out of order for a week. A spare part is on its way, the caretaker said. "
            "According to a note at the door it comes on Thursday."
        ),
        rows=(
            Option(ref="part", text="A spare part is on its way."),
            Option(ref="thursday", text="The part comes on Thursday."),
            Option(ref="week", text="The lift has been out of order for a week."),
        ),
        speakers=(
            Option(ref="caretaker", text="The caretaker"),
            Option(ref="note", text="A note at the door"),
            Option(ref="nobody", text="Nobody is named"),
        ),
        problem="nobody",
    ),
    key=Key(
        rows=(
            RowKey(ref="part", accepted=("caretaker",), rationale="“The caretaker said” follows the comma."),
            RowKey(ref="thursday", accepted=("note",), rationale="“According to” names the note."),
            RowKey(
                ref="week",
                accepted=("nobody",),
                rationale="The text names nobody. Whoever lives there could see it.",
            ),
        )
    ),
    right=Response(placed={"part": "caretaker", "thursday": "note", "week": "nobody"}),
    wrong=(
        Response(placed={"part": "caretaker", "thursday": "caretaker", "week": "caretaker"}),
        Response(placed={"week": "nobody"}),
        Response(),
    ),
)

SOURCE_TABLE = register(
    QuestionType(
        slug="source_table",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        check_response=check_response,
        grader=grader,
        from_form=from_form,
    )
)
