"""Questions and quizzes for programs: what is published, with keys for those only who may read them."""

from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django_filters import CharFilter, ChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import Listed
from accounts.api.references import caller
from articles.api.shapes import ContentFilters, OwnChanged, published, without_text
from articles.api.views import READS
from quizzes import building
from quizzes.api.content_shapes import (
    KeySerializer,
    QuestionRevisionSerializer,
    QuestionSerializer,
    QuizSerializer,
)
from quizzes.api.references import SkillFilter
from quizzes.models import Question, QuestionKey, QuestionRevision, Quiz, QuizSlot


class QuestionFilters(ContentFilters):
    type = CharFilter("published__type", help_text="The type, such as `mark_spans`.")
    skill = SkillFilter(
        field_name="published__question_skills__skill", help_text="The code of a skill, such as `S2`."
    )
    difficulty = ChoiceFilter(
        "published__difficulty",
        choices=[(str(level), str(level)) for level in range(1, 6)],
        help_text="From 1, easy, to 5.",
    )
    quiz = UUIDFilter(
        method="of_quiz",
        help_text="What this quiz asks by name as it is published now; draws are not looked into.",
    )

    def of_quiz(self, rows: "QuerySet[Any]", name: str, quiz: UUID) -> "QuerySet[Any]":
        slots = QuizSlot.objects.filter(quiz_revision=F("quiz_revision__quiz__published"))
        return rows.filter(pk__in=slots.filter(quiz_revision__quiz__uuid=quiz).values("question"))


class QuestionViewSet(Listed):
    """The bank: questions of the client's organisation and of the site, as they are published now, without keys."""

    queryset = Question.objects.none()
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilters
    scopes = {**READS, "key": "keys:read"}

    def rows(self) -> "QuerySet[Any]":
        rows = published(Question.objects.visible_to(self.request.user))
        whole = rows.select_related("published__article_revision__article")
        return without_text(whole.prefetch_related("published__skills"), "published__article_revision")

    @extend_schema(responses=KeySerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def key(self, request: Request, uuid: UUID) -> Response:
        """What is right in a question as it is published now, with reasons and feedback."""
        rows = QuestionKey.objects.select_related("revision__question")
        found = get_object_or_404(rows, revision=self.get_object().published_id)
        return self.tagged(request, KeySerializer(found).data)


class QuestionRevisionViewSet(Listed):
    """The published revisions of a question, by number, without keys."""

    queryset = QuestionRevision.objects.none()
    serializer_class = QuestionRevisionSerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    scopes = READS

    def rows(self) -> "QuerySet[Any]":
        questions = Question.objects.visible_to(self.request.user)
        question = get_object_or_404(questions, uuid=self.kwargs["question"], published__isnull=False)
        rows = QuestionRevision.objects.published().filter(question=question)
        whole = rows.select_related("question", "article_revision__article").prefetch_related("skills")
        return without_text(whole, "article_revision")


class QuizFilters(ContentFilters):
    mode = ChoiceFilter(choices=Quiz.Mode.choices, help_text="What it is for.")
    question = UUIDFilter(
        method="asking", help_text="What asks this question by name as it is published now."
    )

    def asking(self, rows: "QuerySet[Any]", name: str, question: UUID) -> "QuerySet[Any]":
        return rows.filter(published__slots__question__uuid=question)


class QuizViewSet(OwnChanged):
    """Quizzes of the client's organisation and of the site, each as it is published now; drafts are not told."""

    queryset = Quiz.objects.none()
    serializer_class = QuizSerializer
    filterset_class = QuizFilters
    scopes = {**READS, "partial_update": "content:write"}

    def rows(self) -> "QuerySet[Any]":
        slots = QuizSlot.objects.select_related("question", "pinned", "draw_skill").order_by("position")
        rows = published(Quiz.objects.visible_to(self.request.user))
        whole = rows.select_related("published__pinned_article__article")
        whole = whole.prefetch_related(Prefetch("published__slots", slots))
        return without_text(whole, "published__pinned_article")

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Publish another revision with what is sent; what is not sent stays, and so do the questions.

        `If-Match` is required. Attempts that have begun keep the rules that they began with.
        """
        return super().partial_update(request, *args, **kwargs)

    def change(self, request: Request, row: Quiz, given: dict[str, Any]) -> Any:
        building.republish_quiz(quiz=row, by=caller(request), **given.get("published", {}))
        return self.again(row)
