"""What a signed-in learner reads of their courses, lessons, work and skills, as JSON."""

from typing import Any

from rest_framework import serializers

from courses.models import Step
from courses.skills import STATES as SKILL_STATES
from quizzes.due import STATES as TASK_STATES
from quizzes.models import Quiz, QuizRevision
from quizzes.scores import ScoreState


def _choices(names: Any) -> list[tuple[str, str]]:
    return [(str(name), str(name)) for name in names]


class StepLineSerializer(serializers.Serializer[Any]):
    """A step of a lesson, and how far the learner is with it."""

    lesson = serializers.UUIDField(source="lesson.uuid")
    key = serializers.SlugField(help_text="Its name in the lesson; it stays when the lesson is edited.")
    kind = serializers.ChoiceField(choices=_choices(Step.Kind.values))
    title = serializers.CharField()
    minutes = serializers.IntegerField(help_text="What it takes, as its author says.")
    on_short_route = serializers.BooleanField(help_text="Part of the shorter way through the module.")
    quiz = serializers.UUIDField(
        allow_null=True, help_text="Of practice and quiz steps: start an attempt at it. Else null."
    )
    opened = serializers.BooleanField()
    done = serializers.BooleanField(help_text="A step that the class leaves out counts as done.")
    left_out = serializers.BooleanField(
        source="hidden", help_text="The class reads nothing of it: there is nothing to do."
    )


class LessonLineSerializer(serializers.Serializer[Any]):
    """A lesson in the outline of its course."""

    uuid = serializers.UUIDField(source="lesson.uuid")
    title = serializers.CharField()
    summary = serializers.CharField(help_text='What it is about, in a sentence; "" for none.')
    minutes = serializers.IntegerField(help_text="What it takes, as its author says.")
    number = serializers.IntegerField(help_text="Its place in the course, from 1.")
    steps_done = serializers.IntegerField()
    steps = StepLineSerializer(many=True)


class ModuleLineSerializer(serializers.Serializer[Any]):
    """A part of a course."""

    title = serializers.CharField()
    lessons = LessonLineSerializer(many=True)


class MyCourseSerializer(serializers.Serializer[Any]):
    """A course that somebody takes, or looks at for their work, and how far they are with it."""

    uuid = serializers.UUIDField(source="course.uuid")
    title = serializers.CharField(source="course.title")
    language = serializers.CharField(source="course.language", help_text="BCP 47.")
    enrolled = serializers.BooleanField(
        help_text="False for who looks at it for their work: nothing is kept of how far they are."
    )
    cohort = serializers.UUIDField(allow_null=True, help_text="The class that they take it in; null: alone.")
    steps_done = serializers.IntegerField()
    steps_total = serializers.IntegerField()
    next_step = StepLineSerializer(
        allow_null=True, help_text="The first step that is not done; null when all are."
    )


class MyOutlineSerializer(MyCourseSerializer):
    """A course with its outline: what the learner's classes were given of it and has opened."""

    modules = ModuleLineSerializer(many=True)


class MyLessonSerializer(LessonLineSerializer):
    """A lesson, step by step. Read a step at its own address."""

    course = serializers.UUIDField()
    lessons_total = serializers.IntegerField(help_text="How many lessons of the course they meet.")
    next_step = StepLineSerializer(
        allow_null=True, help_text="The first step that is not done; of a lesson that is, its first."
    )


class NoteSerializer(serializers.Serializer[Any]):
    """An annotation of the paragraph, for the learner to open after deciding for themselves."""

    number = serializers.IntegerField(help_text="From 1, through the whole text.")
    kind = serializers.CharField(
        help_text="`required`: to find. `acceptable`: readers differ. `foil`: fine as written."
    )
    label = serializers.CharField(help_text="The kind in words.")  # type: ignore[assignment]
    quote = serializers.CharField(help_text="The words that it is about.")
    rationale = serializers.CharField(help_text="Why.")
    instead = serializers.CharField(help_text='What sound reporting would say; "" for nothing.')
    minority = serializers.CharField(help_text='What some readers say; "" for nothing.')


class ParagraphSerializer(serializers.Serializer[Any]):
    """One line of the text with the notes that end in it."""

    is_headline = serializers.BooleanField()
    text = serializers.CharField()
    notes = NoteSerializer(many=True)


class ReadingSerializer(serializers.Serializer[Any]):
    """The text of a reading step."""

    title = serializers.CharField(source="revision.title")
    source = serializers.CharField(  # type: ignore[assignment]
        source="revision.source", help_text="Where it stood, as the reader is told."
    )
    content_note = serializers.CharField(
        source="revision.content_note", help_text='What a reader should know beforehand; "" for nothing.'
    )
    language = serializers.CharField(source="revision.language", help_text="BCP 47.")
    direction = serializers.CharField(source="revision.direction", help_text="`ltr` or `rtl`.")
    paragraphs = ParagraphSerializer(many=True)


class MyStepSerializer(StepLineSerializer):
    """A step with what there is to read in it."""

    body = serializers.CharField(help_text='The explanation, in Markdown; "" for none.')
    body_html = serializers.CharField(help_text="The same as HTML that is safe to put on a page.")
    article = ReadingSerializer(
        allow_null=True, help_text="Of a reading step; null also where the class does not read it."
    )
    next_step = StepLineSerializer(allow_null=True, help_text="What follows, in this lesson or the next.")


class DoneSerializer(serializers.Serializer[Any]):
    """A step that is done."""

    lesson = serializers.UUIDField()
    key = serializers.SlugField()
    done_at = serializers.DateTimeField(help_text="The first time stands.")
    next_step = StepLineSerializer(allow_null=True, help_text="What follows, in this lesson or the next.")


class MyAssignmentSerializer(serializers.Serializer[Any]):
    """A quiz that a class asks its learner to take, on the terms that hold for them, whatever was granted."""

    uuid = serializers.UUIDField(source="assignment.uuid")
    quiz = serializers.UUIDField(source="assignment.quiz.uuid")
    cohort = serializers.UUIDField(source="assignment.cohort.uuid")
    title = serializers.CharField()
    mode = serializers.ChoiceField(source="assignment.quiz.mode", choices=_choices(Quiz.Mode.values))
    state = serializers.ChoiceField(
        choices=_choices(TASK_STATES),
        help_text=(
            "`later`: not open yet. `new`: not begun. `open`: begun. `late`: due, and not handed in. `in`: "
            "handed in. `back`: marked. `closed`: not handed in, and too late. `excused`."
        ),
    )
    opens_at = serializers.DateTimeField(source="terms.opens_at", allow_null=True)
    due_at = serializers.DateTimeField(source="terms.due_at", allow_null=True)
    closes_at = serializers.DateTimeField(source="terms.closes_at", allow_null=True)
    attempts_allowed = serializers.IntegerField(
        source="terms.attempts_allowed", allow_null=True, help_text="Null: as many as they like."
    )
    time_limit_s = serializers.IntegerField(
        source="terms.time_limit_s", allow_null=True, help_text="For one attempt, in seconds; null: none."
    )
    feedback = serializers.ChoiceField(
        source="terms.feedback", choices=_choices(QuizRevision.Feedback.values)
    )
    attempt = serializers.UUIDField(
        source="attempt.uuid", allow_null=True, default=None, help_text="Their newest attempt; null for none."
    )


class SlotsSerializer(serializers.Serializer[Any]):
    """Six boxes under one label."""

    label = serializers.CharField()  # type: ignore[assignment]
    slots = serializers.ListField(
        child=serializers.BooleanField(allow_null=True),
        help_text="Right at the first try, or not; null is still empty.",
    )


class MySkillSerializer(serializers.Serializer[Any]):
    """What the learner can do so far in one skill, from first tries only. Nobody is compared with anybody."""

    skill = serializers.CharField(source="code", help_text="By its code.")
    title = serializers.CharField()
    state = serializers.ChoiceField(
        choices=_choices(SKILL_STATES), help_text="`new`: not met yet. `developing`. `secure`."
    )
    label = serializers.CharField(help_text="The state in words.")  # type: ignore[assignment]
    sentence = serializers.CharField(help_text='What was counted, in a sentence; "" for nothing yet.')
    rows = SlotsSerializer(many=True)


class MyMarkSerializer(serializers.Serializer[Any]):
    """The learner's mark for one assignment, and how it came to be."""

    assignment = serializers.UUIDField(source="column.assignment.uuid")
    quiz = serializers.UUIDField(source="column.assignment.quiz.uuid")
    cohort = serializers.UUIDField(source="column.assignment.cohort.uuid")
    title = serializers.CharField(source="column.title")
    state = serializers.ChoiceField(
        choices=_choices(ScoreState.values),
        help_text=(
            "The words of `/scores/`. Only `released` has a fraction. `not_due`: nothing is handed in yet. "
            "`in_progress`: begun. `missing`: due, and nothing was handed in. `waiting`: a person has to grade "
            "it. `held`: it is told later. `excused`: by a teacher. `not_counted`: it was due when they were not "
            "in the class, or every question was dropped. `not_given` does not occur here."
        ),
    )
    fraction = serializers.FloatField(
        allow_null=True, min_value=0, max_value=1, help_text="Null unless released."
    )
    points = serializers.FloatField(
        allow_null=True, min_value=0, help_text="The same share of `maximum`; null unless released."
    )
    maximum = serializers.FloatField(
        source="column.points", help_text="What all questions of the quiz weigh together."
    )
    days_late = serializers.IntegerField(source="mark.days_late")
    attempts = serializers.IntegerField(source="mark.tries", help_text="How many were handed in.")
    explained = serializers.ListField(
        child=serializers.CharField(), source="steps", help_text="How it came to be, sentence by sentence."
    )
