"""Courses, lessons and steps as programs read them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.bodies import Strict
from accounts.api.references import reference
from articles.api.shapes import SharedField
from courses.models import Course, Lesson, Module, Step


class CourseSerializer(Strict, serializers.ModelSerializer[Course]):
    """A course that is open to learners. Its modules, lessons and steps: see its `tree`."""

    shared = SharedField()
    opening = reference(
        allow_null=True, help_text="The quiz that the front page offers without an account; null for none."
    )

    class Meta:
        model = Course
        fields = [
            "uuid",
            "bundle",
            "shared",
            "title",
            "language",
            "licence",
            "opening",
            "published_at",
            "archived_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [name for name in fields if name not in {"title", "language"}]
        extra_kwargs = {
            "bundle": {"help_text": "Its name among bundles: an import of that bundle changes this course."},
            "language": {"help_text": "A language tag (BCP 47), such as `en`."},
            "published_at": {"help_text": "When it was opened to learners."},
            "archived_at": {"help_text": "Set when it is no longer in use; null while it is."},
        }


class TreeStepSerializer(serializers.ModelSerializer[Step]):
    """A step: something to read, to try or to be asked. `key` names it in all revisions of its lesson."""

    article = reference(allow_null=True, help_text="What is read; null in other kinds.")
    quiz = reference(allow_null=True, help_text="What is asked; null in other kinds.")

    class Meta:
        model = Step
        fields = ["key", "position", "kind", "title", "minutes", "on_short_route", "article", "quiz"]
        read_only_fields = fields
        extra_kwargs = {
            "minutes": {"help_text": "What it takes, as its author states it."},
            "on_short_route": {"help_text": "Part of the shorter way through the module."},
        }


class StepSerializer(TreeStepSerializer):
    """A step with what it says and shows."""

    article_revision = serializers.IntegerField(
        source="article_revision.number",
        read_only=True,
        allow_null=True,
        help_text="The revision of the article that is shown, and no other.",
    )
    skill = reference(by="code", allow_null=True, help_text="Whose annotations are shown on the text.")

    class Meta(TreeStepSerializer.Meta):
        fields = [
            *TreeStepSerializer.Meta.fields,
            "body",
            "article_revision",
            "first_line",
            "last_line",
            "skill",
        ]
        read_only_fields = fields
        extra_kwargs = {
            **TreeStepSerializer.Meta.extra_kwargs,
            "body": {"help_text": "Markdown. What is explained; beside a text or quiz, what to look for."},
            "first_line": {"help_text": "The first line of the text that is shown, from 1; null: all of it."},
            "last_line": {"help_text": "The last line that is shown; null: all of it."},
        }


class LessonSerializer(serializers.ModelSerializer[Lesson]):
    """A lesson as it is published now, with its steps."""

    course = reference()
    module = reference()
    shared = SharedField(source="course.organisation.slug")
    archived_at = serializers.SerializerMethodField(
        help_text="Set when it, its module or its course is no longer in use; null while it is."
    )
    updated_at = serializers.DateTimeField(
        source="changed_at", read_only=True, help_text="When it, its module or its course was changed last."
    )
    revision = serializers.IntegerField(
        source="published.number", read_only=True, help_text="The number of the published revision."
    )
    published_at = serializers.DateTimeField(source="published.published_at", read_only=True)
    title = serializers.CharField(source="published.title", read_only=True)
    summary = serializers.CharField(
        source="published.summary", read_only=True, help_text="In a sentence; may be empty."
    )
    minutes = serializers.IntegerField(
        source="published.minutes", read_only=True, help_text="What it takes, as its author states it."
    )
    steps = StepSerializer(source="published.steps", many=True, read_only=True)

    class Meta:
        model = Lesson
        fields = [
            "uuid",
            "course",
            "module",
            "ref",
            "position",
            "shared",
            "archived_at",
            "created_at",
            "updated_at",
            "revision",
            "published_at",
            "title",
            "summary",
            "minutes",
            "steps",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "ref": {"help_text": "Its name in the course's bundle."},
            "position": {"help_text": "Its place in its module; gaps and equals may occur."},
        }

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_archived_at(self, lesson: Lesson) -> Any:
        return lesson.archived_at or lesson.module.archived_at or lesson.course.archived_at


class TreeLessonSerializer(serializers.Serializer[Lesson]):
    """A lesson in a course's tree."""

    uuid = serializers.UUIDField()
    ref = serializers.CharField(help_text="Its name in the course's bundle.")
    title = serializers.CharField(source="published.title")
    summary = serializers.CharField(source="published.summary")
    minutes = serializers.IntegerField(source="published.minutes")
    revision = serializers.IntegerField(
        source="published.number", help_text="Of the lesson, as it is published."
    )
    steps = TreeStepSerializer(source="published.steps", many=True)


class TreeModuleSerializer(serializers.Serializer[Module]):
    """A module in a course's tree: those that have something to learn, in order."""

    uuid = serializers.UUIDField()
    ref = serializers.CharField(help_text="Its name in the course's bundle.")
    title = serializers.CharField()
    lessons = serializers.SerializerMethodField()

    @extend_schema_field(TreeLessonSerializer(many=True))
    def get_lessons(self, module: Module) -> Any:
        return TreeLessonSerializer(self.context["lessons"][module], many=True).data


class TreeSerializer(serializers.Serializer[Course]):
    """Modules, lessons and steps of a course as learners meet them now, each in order."""

    course = serializers.UUIDField(source="uuid")
    title = serializers.CharField()
    modules = serializers.SerializerMethodField()

    @extend_schema_field(TreeModuleSerializer(many=True))
    def get_modules(self, course: Course) -> Any:
        modules: Any = list(self.context["lessons"])
        return TreeModuleSerializer(modules, many=True, context=self.context).data
