"""The first minute, without an account: two passages, judged and answered, and nothing stored."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from courses.models import Course
from quizzes import wording
from quizzes.feedback import Feedback
from quizzes.models import QuestionKey, QuestionRevision, QuizSlot
from quizzes.overlay import Segment, segment_lines
from quizzes.types import registry, responses
from quizzes.types.mark_spans import Prompt


@dataclass(frozen=True)
class Tried:
    """One passage of the opening, with the feedback on what was tapped, if anything was.

    `chosen` is the number of the sentence, from 1; 0 for "nothing wrong here". `prefix` keeps the
    anchors of two passages on one page apart.
    """

    prompt: Prompt
    prefix: str
    chosen: int | None = None
    judged: Feedback | None = None

    @property
    def lines(self) -> list[list[Segment]]:
        passage = self.prompt.passage
        return segment_lines(passage.text, passage.sentences, passage.sentences)

    @property
    def headline(self) -> str:
        """What happened, in the words of the first minute."""
        if self.judged is None:
            return ""
        nothing_wrong = not any(span.kind == "required" for span in self.judged.key.spans)
        if self.judged.outcome.fraction == 1:
            return _("Right: nothing is wrong here.") if nothing_wrong else _("You found it.")
        if nothing_wrong:
            return _("It sounds bad, and it is fine as written.")
        return _("Not that one: that is fine as written.") if self.chosen else _("There was one. Here it is.")


def opening_questions() -> list[QuestionRevision]:
    """What the opening quiz of the first course that has one asks here, two questions at the most.

    The first asks to mark a sentence; the second, best of one sentence, only whether something is wrong.
    """
    course = Course.objects.live().exclude(opening=None).select_related("opening").order_by("pk").first()
    if course is None or course.opening is None:
        return []
    slots = QuizSlot.objects.filter(
        quiz_revision=course.opening.published_id, question__published__type="mark_spans"
    ).select_related("question__published__article_revision")
    found = (slot.question.published for slot in slots.order_by("position") if slot.question)
    asked = (revision for revision in found if revision and revision.asked.granularity == "sentences")
    return list(islice(asked, 2))


def try_passage(revision: QuestionRevision, given: str | None, prefix: str) -> Tried:
    """What a tap on a sentence gives: `given` is its number from 1, "0" for nothing wrong here."""
    prompt = revision.asked
    sentences = prompt.passage.sentences
    if given is None or given not in map(str, range(len(sentences) + 1)):
        return Tried(prompt, prefix)
    number = int(given)
    data: dict[str, Any] = {"nothing_to_mark": True}
    if number:
        start, end = sentences[number - 1]
        data = {"marks": [{"skill": prompt.skills[0], "start": start, "end": end}]}
    return Tried(prompt, prefix, number, _judge(revision, prompt, data))


def _judge(revision: QuestionRevision, prompt: Prompt, data: dict[str, Any]) -> Feedback:
    kind = registry.get(revision.type)
    response = responses.read_response(kind, prompt, data)
    stored = QuestionKey.objects.get(revision=revision)
    key = registry.load(kind.slug, "key", stored.key, revision.schema_version)
    outcome = kind.grade(prompt, key, response)
    return Feedback(outcome=outcome, key=key, response=response, headline=wording.headline(outcome))
