"""The form that a draft of the fourteenth type is written with: two fields in place of JSON."""

from typing import Any

from django import forms

from quizzes.admin.forms import QuestionRevisionForm


class PickWordForm(QuestionRevisionForm):
    task = forms.CharField()
    words = forms.CharField(help_text="With blanks between them.")

    class Meta:
        exclude = ["prompt"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].initial = self.instance.prompt["task"]
        self.fields["words"].initial = " ".join(self.instance.prompt["words"])

    def clean(self) -> Any:
        cleaned = super().clean()
        if not self.errors:
            self.instance.prompt = {"task": cleaned["task"], "words": cleaned["words"].split()}
        return cleaned
