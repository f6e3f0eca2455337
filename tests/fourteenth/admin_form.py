"""The form that a question of the fourteenth type is written with."""

from typing import Any

from quizzes.admin.fields import Pick, Rows, Text, Values
from quizzes.admin.forms import Errors, QuestionForm


class PickWordForm(QuestionForm):
    type = "pick_word"
    label = "Pick a word"
    about = "The learner picks the one word that a task asks for."
    sample = "Which word judges?"
    fields = (
        Text(name="task", label="Task", required="Write the task."),
        Rows(
            name="words",
            label="Words",
            noun="Word",
            add="Add a word",
            fields=(Text(name="text", label="Word", required="Write the word."),),
        ),
        Pick(
            name="right",
            label="The right one",
            choices=lambda values: [(row["text"], row["text"]) for row in values["words"]],
        ),
        Text(name="rationale", label="Why", required="Say why."),
    )

    def initial(self, prompt: Any, key: Any) -> Values:
        words = [{"text": word} for word in prompt.words]
        return {"task": prompt.task, "words": words, "right": key.right, "rationale": key.rationale}

    def write(self, values: Values, skills: Any, errors: Errors) -> tuple[Values, Values]:
        words = [row["text"] for row in values["words"]]
        prompt = {"task": values["task"], "words": words}
        return prompt, {"right": values["right"], "rationale": values["rationale"]}

    def answers(self, prompt: Any, key: Any) -> list[tuple[Any, Values]]:
        return [(key.right, {"word": key.right})]
