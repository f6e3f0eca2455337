"""Questions and quizzes as programs read them; what is right is shown by `KeySerializer` alone."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.bodies import Strict
from accounts.api.references import reference
from articles.api.shapes import IDENTITY, PUBLISHED, IdentitySerializer
from articles.models import Skill
from quizzes.api.shapes import TypedField
from quizzes.models import Question, QuestionKey, QuestionRevision, Quiz, QuizRevision, QuizSlot
from quizzes.publishing import fitting_feedback
from quizzes.types import registry

#: The rules of a quiz, which a program may change.
RULES = [
    "title",
    "instructions",
    "time_limit_s",
    "attempts_allowed",
    "feedback",
    "shuffle_items",
    "shuffle_options",
]
MOST_SECONDS = 24 * 60 * 60
MOST_ATTEMPTS = 1_000
HELP = {
    "type": "The type of the question, such as `mark_spans`; the shape of `prompt` follows from it.",
    "title": "A short title for lists; may be empty.",
    "difficulty": "From 1, easy, to 5; null where nobody has said.",
    "skills": "The codes of the skills that it gives evidence for.",
    "article": "The article that its passage is from; null where it has none.",
    "article_revision": "The number of that article's revision.",
    "start": "Where the passage begins in that revision, in code points; null where it has none.",
    "end": "Where the passage ends: the first code point after it.",
    "prompt": "What is asked, with its passage: all that a learner sees.",
}


class SkillCodesField(serializers.ListField):
    """The codes of a revision's skills, in their order; they were fetched beforehand."""

    def __init__(self, **kwargs: Any) -> None:
        child = serializers.CharField()
        super().__init__(child=child, read_only=True, help_text=HELP["skills"], **kwargs)

    def to_representation(self, value: Any) -> list[str]:
        skills: list[Skill] = sorted(value.skills.all(), key=lambda skill: (skill.position, skill.pk))
        return [skill.code for skill in skills]


def _asked(revision: str) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    """What is asked, and where its passage is from: read from the revision at a path ("" for the row itself)."""

    def told(name: str, path: str = "") -> dict[str, Any]:
        where = ".".join(filter(None, (revision, path or name)))
        return {
            "read_only": True,
            "help_text": HELP[name],
            **({} if where == name else {"source": where}),
        }

    whole = {"source": revision or "*"}
    return {
        "type": serializers.CharField(**told("type")),
        "title": serializers.CharField(**told("title")),
        "difficulty": serializers.IntegerField(**told("difficulty"), allow_null=True),
        "skills": SkillCodesField(**whole),
        "article": serializers.UUIDField(**told("article", "article_revision.article.uuid"), allow_null=True),
        "article_revision": serializers.IntegerField(
            **told("article_revision", "article_revision.number"), allow_null=True
        ),
        "start": serializers.IntegerField(**told("start"), allow_null=True),
        "end": serializers.IntegerField(**told("end"), allow_null=True),
        "prompt": TypedField(part="prompt", **told("prompt")),
    }


class QuestionSerializer(IdentitySerializer):
    """A question as it is published now. What is right takes the scope `keys:read`: see its `key`."""

    class Meta:
        model = Question
        fields = [*IDENTITY, *PUBLISHED]
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **_asked("published")}


class QuestionRevisionSerializer(serializers.ModelSerializer[QuestionRevision]):
    """A published revision of a question. It never changes: attempts refer to it."""

    question = reference()
    revision = serializers.IntegerField(
        source="number", read_only=True, help_text="The number of the revision: 1, 2, 3… for each question."
    )

    class Meta:
        model = QuestionRevision
        fields = ["question", "revision", "published_at", "created_at", "updated_at"]
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **_asked("")}


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A single choice",
            {
                "question": "3b1f7c1e-52b5-4a0e-8f5a-6b3a0b0d9c11",
                "revision": 2,
                "type": "single_choice",
                "key": registry.get("single_choice").example.key.model_dump(mode="json"),
            },
        )
    ]
)
class KeySerializer(serializers.ModelSerializer[QuestionKey]):
    """What is right in the published revision of a question, and why: rationales, foils and feedback too."""

    question = serializers.UUIDField(source="revision.question.uuid", read_only=True)
    revision = serializers.IntegerField(
        source="revision.number", read_only=True, help_text="Of which revision of the question it is."
    )
    type = serializers.CharField(source="revision.type", read_only=True, help_text=HELP["type"])
    key = TypedField(part="key", read_only=True, help_text="In the shape of the question's type.")

    class Meta:
        model = QuestionKey
        fields = ["question", "revision", "type", "key"]
        read_only_fields = fields


class DrawSerializer(serializers.Serializer[QuizSlot]):
    """Questions that each attempt draws anew from the bank."""

    skill = serializers.CharField(
        source="draw_skill.code", help_text="The code of the skill that they are for."
    )
    count = serializers.IntegerField(source="draw_count", help_text="How many are drawn.")
    difficulty = serializers.IntegerField(
        source="draw_difficulty", allow_null=True, help_text="From 1 to 5; null: any."
    )


class SlotSerializer(serializers.ModelSerializer[QuizSlot]):
    """A place in a quiz: a question, or a draw of several."""

    points = serializers.FloatField(help_text="What each question here weighs, in any unit above 0.")
    question = reference(allow_null=True, help_text="Null where questions are drawn.")
    question_revision = serializers.IntegerField(
        source="pinned.number",
        read_only=True,
        allow_null=True,
        help_text="Held to this revision; null: the one that is published when an attempt begins.",
    )
    draw = serializers.SerializerMethodField(help_text="Null where a question is named.")

    class Meta:
        model = QuizSlot
        fields = ["position", "points", "question", "question_revision", "draw"]
        read_only_fields = fields

    @extend_schema_field(DrawSerializer(allow_null=True))
    def get_draw(self, slot: QuizSlot) -> Any:
        return DrawSerializer(slot).data if slot.draw_skill_id else None


class QuizSerializer(Strict, IdentitySerializer):
    """A quiz as it is published now. A change publishes another revision; attempts that are open keep theirs."""

    mode = serializers.ChoiceField(
        Quiz.Mode.choices, read_only=True, help_text="What it is for; never changes."
    )
    title = serializers.CharField(source="published.title", max_length=200)
    instructions = serializers.CharField(
        source="published.instructions",
        allow_blank=True,
        max_length=20_000,
        help_text="Shown before the quiz begins; plain text, may be empty.",
    )
    time_limit_s = serializers.IntegerField(
        source="published.time_limit_s",
        allow_null=True,
        min_value=1,
        max_value=MOST_SECONDS,
        help_text="In seconds; null: no limit. An assignment may have its own.",
    )
    attempts_allowed = serializers.IntegerField(
        source="published.attempts_allowed",
        allow_null=True,
        min_value=1,
        max_value=MOST_ATTEMPTS,
        help_text="Null: as many as they like. An assignment may have its own.",
    )
    feedback = serializers.ChoiceField(
        QuizRevision.Feedback.choices,
        source="published.feedback",
        help_text="When learners are told what was right. `at_once` in practice, and only there.",
    )
    shuffle_items = serializers.BooleanField(
        source="published.shuffle_items", help_text="Each attempt asks the questions in an order of its own."
    )
    shuffle_options = serializers.BooleanField(
        source="published.shuffle_options", help_text="Options stand in an order of each attempt's own."
    )
    article = serializers.UUIDField(
        source="published.pinned_article.article.uuid",
        read_only=True,
        allow_null=True,
        help_text="The article that is read beside the questions; null for none.",
    )
    article_revision = serializers.IntegerField(
        source="published.pinned_article.number",
        read_only=True,
        allow_null=True,
        help_text="The number of that article's revision.",
    )
    slots = SlotSerializer(source="published.slots", many=True, read_only=True)

    class Meta:
        model = Quiz
        fields = [*IDENTITY, "mode", *PUBLISHED, *RULES, "article", "article_revision", "slots"]
        read_only_fields = IDENTITY

    def validate_feedback(self, feedback: str) -> str:
        quiz: Quiz | None = self.instance
        if quiz is not None and (feedback == "at_once") != (fitting_feedback(quiz) == "at_once"):
            raise serializers.ValidationError(_("Practice gives feedback at once, and nothing else does."))
        return feedback
