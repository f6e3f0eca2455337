"""Find the partner of each row among the same options; an option may serve several rows, or none."""

from quizzes.types.base import Option
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
    """The task, the rows, and the options, of which each row is given one."""

    targets_in = "options"
    options: Targets


EXAMPLE = Example(
    prompt=Prompt(
        task="What would check each claim? An option may be used more than once.",
        rows=(
            Option(ref="visits", text="The museum counted 4,100 visits in March."),
            Option(ref="vote", text="Two of the nine members voted against the loan."),
            Option(ref="finest", text="It is the finest museum on the coast."),
        ),
        options=(
            Option(ref="minutes", text="The minutes of the meeting"),
            Option(ref="tickets", text="The ticket office’s figures"),
            Option(ref="nothing", text="Nothing: it is a judgement"),
        ),
    ),
    key=Key(
        rows=(
            RowKey(ref="visits", accepted=("tickets",), rationale="Whoever sells tickets can count them."),
            RowKey(ref="vote", accepted=("minutes",), rationale="Minutes record who voted how."),
            RowKey(
                ref="finest",
                accepted=("nothing",),
                rationale="“Finest” is a matter of taste, whatever the figures say.",
            ),
        )
    ),
    right=Response(placed={"visits": "tickets", "vote": "minutes", "finest": "nothing"}),
    wrong=(
        Response(placed={"visits": "tickets", "vote": "tickets", "finest": "tickets"}),
        Response(placed={"vote": "minutes"}),
        Response(),
    ),
)

MATCH = register(
    QuestionType(
        slug="match",
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
