"""The learner's line through their courses over the API: the same rows, verbs and refusals as on the pages.

For signed-in people; programs read courses and marks at addresses of their own.
"""

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import Door
from accounts.api.references import caller
from accounts.models import User
from articles.models import Skill
from courses import progress
from courses.api import learning_shapes as shapes
from courses.enrolment import enrolment_of, enrolments_of
from courses.mark_pages import Line, own_lines
from courses.markdown import to_html
from courses.models import Course, Enrolment, Lesson, Step
from courses.outline import LessonLine, Outline, outline, outlines
from courses.reading import paragraphs, shown_to
from courses.skills import STATES, skill_lines
from quizzes.due import tasks_of
from quizzes.models import Assignment
from quizzes.scores import STATES as STATES_OF_SCORES
from quizzes.scores import ScoreState


class StepIsAQuiz(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "step_is_a_quiz"
    default_detail = _("This step is done when its quiz is handed in: start an attempt at it.")


class NotEnrolled(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "not_enrolled"
    default_detail = _("You look at this course and do not take it: nothing is kept of how far you are.")


class Learning(Door):
    """What is only for signed-in people: whole lists, because nobody has many courses or much work."""

    for_people = True
    pagination_class = None

    @property
    def person(self) -> User:
        return caller(self.request)


class MyCourses(Learning):
    """The courses that the learner takes; to who works for a school, also those that they look at."""

    queryset = Course.objects.none()
    serializer_class = shapes.MyOutlineSerializer

    def rows(self) -> "QuerySet[Any]":
        return Course.objects.live().visible_to(self.person).order_by("title", "pk")

    @extend_schema(responses=shapes.MyCourseSerializer(many=True))
    def list(self, request: Request) -> Response:
        """My courses, by title, with how far I am."""
        found = list(self.get_queryset())
        mine = enrolments_of(self.person, found)
        wholes = outlines([(one, mine.get(one.pk)) for one in found])
        shown = [_course(whole, mine.get(whole.course.pk)) for whole in wholes]
        return self.tagged(request, shapes.MyCourseSerializer(shown, many=True).data)

    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """A course of mine with its outline, what is done, and what comes next."""
        found = self.get_object()
        enrolment = enrolment_of(self.person, found)
        whole = outline(found, enrolment)
        shown = {**_course(whole, enrolment), "modules": whole.modules}
        return self.tagged(request, shapes.MyOutlineSerializer(shown).data)


class MyLessons(Learning):
    """The lessons that the learner meets, and their steps."""

    queryset = Lesson.objects.none()
    serializer_class = shapes.MyLessonSerializer

    def rows(self) -> "QuerySet[Any]":
        return Lesson.objects.visible_to(self.person).select_related("course", "published")

    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """A lesson, step by step, with what is done."""
        found: Lesson = self.get_object()
        whole = outline(found.course, enrolment_of(self.person, found.course))
        line = whole.line_of(found)
        if line is None:
            raise Http404
        more = {"course": found.course.uuid, "lessons_total": len(whole.lessons), "next_step": line.next_step}
        return self.tagged(request, shapes.MyLessonSerializer(_as_dict(line) | more).data)

    @extend_schema(responses=shapes.MyStepSerializer)
    @action(detail=True, url_path="steps/<slug:key>")
    def step(self, request: Request, uuid: UUID, key: str) -> Response:
        """A step with what there is to read: the explanation, or the text with its annotations.

        It is noted as opened. Of a practice or quiz step there is nothing to read here: start an attempt.
        """
        found: Lesson = self.get_object()
        shown = _step(found, key)
        enrolment = enrolment_of(self.person, found.course)
        if request.method == "GET" and enrolment is not None and shown.quiz is None:
            progress.note_opened(enrolment=enrolment, lesson=found, step_key=key)
        whole = outline(found.course, enrolment)
        line = whole.line_of(found)
        here = next((one for one in line.steps if one.key == key), None) if line else None
        if here is None:
            raise Http404
        more = {
            "body": shown.body,
            "body_html": to_html(shown.body) if shown.body else "",
            "article": _reading(enrolment, shown),
            "next_step": whole.after(found, key),
        }
        return self.tagged(request, shapes.MyStepSerializer(_as_dict(here) | more).data)

    @extend_schema(request=None, responses=shapes.DoneSerializer)
    @action(detail=True, methods=["post"], url_path="steps/<slug:key>/done")
    def done(self, request: Request, uuid: UUID, key: str) -> Response:
        """Say that an explanation or a reading is done. Twice is once.

        Refused (409) with `step-is-a-quiz`, which is done when its quiz is handed in, and with `not-enrolled`
        for who only looks at the course.
        """
        found: Lesson = self.get_object()
        if _step(found, key).quiz is not None:
            raise StepIsAQuiz
        enrolment = enrolment_of(self.person, found.course)
        if enrolment is None:
            raise NotEnrolled
        row = progress.complete(enrolment=enrolment, lesson=found, step_key=key)
        after = outline(found.course, enrolment).after(found, key)
        told = {"lesson": found.uuid, "key": key, "done_at": row.done_at, "next_step": after}
        return Response(shapes.DoneSerializer(told).data)


class MyAssignments(Learning):
    """What the learner is asked to do: what is wanted first comes first, what has no date last."""

    queryset = Assignment.objects.none()
    serializer_class = shapes.MyAssignmentSerializer

    def list(self, request: Request) -> Response:
        """What my classes ask me to take, on the terms that hold for me."""
        return self.tagged(request, self.get_serializer(tasks_of(self.person), many=True).data)


class MyProgress(Learning):
    """What the learner can do so far, skill by skill."""

    queryset = Skill.objects.none()
    serializer_class = shapes.MySkillSerializer

    def list(self, request: Request) -> Response:
        """My skills: those that I met, and those that are still to come."""
        met, later = skill_lines(self.person)
        shown = [_as_dict(line) for line in met]
        new = {"state": "new", "label": STATES["new"], "sentence": "", "rows": []}
        shown += [{"code": skill.code, "title": skill.title, **new} for skill in later]
        return self.tagged(request, self.get_serializer(shown, many=True).data)


class MyMarks(Learning):
    """The learner's own marks, and how each came to be; of one that is held, only that it is."""

    queryset = Assignment.objects.none()
    serializer_class = shapes.MyMarkSerializer

    def list(self, request: Request) -> Response:
        """My marks, in all my classes."""
        shown = [_mark(line) for line in own_lines(self.person)]
        return self.tagged(request, self.get_serializer(shown, many=True).data)


def _mark(line: Line) -> dict[str, Any]:
    """A mark in the words of scores."""
    state = STATES_OF_SCORES[line.mark.state]
    fraction = line.mark.fraction if state is ScoreState.RELEASED else None
    points = None if fraction is None else round(fraction * line.column.points, 6)
    return _as_dict(line) | {"state": state, "fraction": fraction, "points": points}


def _course(whole: Outline, enrolment: Enrolment | None) -> dict[str, Any]:
    return {
        "course": whole.course,
        "enrolled": enrolment is not None,
        "cohort": enrolment.cohort.uuid if enrolment and enrolment.cohort else None,
        "steps_done": whole.steps_done,
        "steps_total": len(whole.steps),
        "next_step": whole.next_step,
    }


def _step(lesson: Lesson, key: str) -> Step:
    steps = Step.objects.select_related("article", "article_revision", "skill", "quiz")
    found: Step = get_object_or_404(steps, lesson_revision=lesson.published_id, key=key)
    return found


def _reading(enrolment: Enrolment | None, step: Step) -> dict[str, Any] | None:
    """The text of a reading step, paragraph by paragraph with its notes."""
    text = shown_to(enrolment, step)
    if text.revision is None:
        return None
    lines = paragraphs(text.revision, skill=step.skill, first=text.first, last=text.last)
    told = [
        {
            "is_headline": line.kind == "h2",
            "text": "".join(piece.text for piece in line.pieces),
            "notes": line.notes,
        }
        for line in lines
    ]
    return {"revision": text.revision, "paragraphs": told}


def _as_dict(line: Any) -> dict[str, Any]:
    """What stands in a line of the outline; its objects stay as they are."""
    named = {field.name: getattr(line, field.name) for field in fields(line)}
    return named | ({"steps_done": line.steps_done} if isinstance(line, LessonLine) else {})
