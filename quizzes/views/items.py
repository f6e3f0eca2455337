"""A class's questions: how each one worked, for whoever teaches the class. Keys are shown here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from accounts import teaching
from accounts.models import Cohort, User
from quizzes import analysis, item_pages, usage
from quizzes.models import Assignment, Attempt, Quiz, QuizAnalysis, QuizRevision
from quizzes.scoring.items import ENOUGH
from quizzes.views.doors import SignedInRequest, signed_in
from quizzes.word_pages import word_pages

TAB = "quizzes:class_items"


@dataclass(frozen=True)
class QuizLine:
    """A quiz of the class; `to_look_at` counts the questions that have a flag, as far as is known."""

    url: str
    title: str
    lesson: str
    finished: int
    to_look_at: int


@signed_in
@require_safe
def class_items(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The quizzes that the class has finished or was given."""
    cohort = teaching.taught_class(request.user, uuid)
    context = teaching.class_context(cohort, TAB, quizzes=_quizzes(cohort, request.user))
    return render(request, "quizzes/teach/items.html", context)


def of_class(cohort: Cohort) -> "QuerySet[Quiz]":
    """What the class was given, and what its learners have handed in."""
    given = Assignment.objects.live().filter(cohort=cohort).values("quiz")
    made = Attempt.objects.counting().submitted().filter(cohort=cohort).order_by().values("quiz")
    return Quiz.objects.filter(Q(pk__in=given) | Q(pk__in=made))


def _quizzes(cohort: Cohort, user: User) -> list[QuizLine]:
    """Four queries."""
    made = Attempt.objects.counting().submitted().filter(cohort=cohort).order_by().values("quiz")
    finished = dict(made.annotate(n=Count("learner", distinct=True)).values_list("quiz", "n"))
    stored = QuizAnalysis.objects.filter(cohort=cohort, learners__gte=ENOUGH)
    flagged = {
        quiz: sum(bool(item["flags"]) and item["n"] >= ENOUGH for item in figures.get("items", ()))
        for quiz, figures in stored.values_list("quiz", "figures")
    }
    quizzes = list(of_class(cohort).select_related("published"))
    lessons = _lessons(quizzes, user)
    found = [
        QuizLine(
            url=reverse("quizzes:quiz_items", kwargs={"uuid": cohort.uuid, "quiz": quiz.uuid}),
            title=quiz_title(quiz),
            lesson=lessons.get(quiz.pk, ""),
            finished=finished.get(quiz.pk, 0),
            to_look_at=flagged.get(quiz.pk, 0),
        )
        for quiz in quizzes
    ]
    return sorted(found, key=lambda one: (not one.finished, one.lesson, one.title))


def _lessons(quizzes: Sequence[Quiz], user: User) -> dict[int, str]:
    """In which lesson each quiz stands, as far as an upper room knows: titles of quizzes come again. One query."""
    uses = usage.uses_of_quizzes([quiz.pk for quiz in quizzes], user)
    return {pk: next((use.title for use in found if use.live), "") for pk, found in uses.items()}


def quiz_title(quiz: Quiz) -> str:
    published: QuizRevision | None = quiz.published
    return published.title if published else str(quiz)


@signed_in
@require_safe
def quiz_items(request: SignedInRequest, uuid: UUID, quiz: UUID) -> HttpResponse:
    """The questions of one quiz, with their figures, as computed last."""
    cohort = teaching.taught_class(request.user, uuid)
    found = _quiz(cohort, quiz)
    reading = analysis.read(quiz=found, cohort=cohort)
    context = teaching.class_context(
        cohort,
        TAB,
        quiz=found,
        title=quiz_title(found),
        lesson=_lessons([found], request.user).get(found.pk, ""),
        reading=reading,
        lines=item_pages.lines(reading.analysis) if reading.analysis else [],
        reliability=item_pages.reliability(reading.analysis) if reading.analysis else None,
        item_url=_item_url(cohort, found),
    )
    return render(request, "quizzes/teach/quiz_items.html", context)


def _quiz(cohort: Cohort, uuid: UUID) -> Quiz:
    return get_object_or_404(of_class(cohort).select_related("published"), uuid=uuid)


def _item_url(cohort: Cohort, quiz: Quiz) -> str:
    """The address of the quiz's page, under which its questions stand."""
    return reverse("quizzes:quiz_items", kwargs={"uuid": cohort.uuid, "quiz": quiz.uuid})


@signed_in
@require_safe
def question_items(request: SignedInRequest, uuid: UUID, quiz: UUID, question: UUID) -> HttpResponse:
    """One question: who chose what, all answers, and the words that were missed."""
    cohort = teaching.taught_class(request.user, uuid)
    found = _quiz(cohort, quiz)
    reading = analysis.read(quiz=found, cohort=cohort)
    if reading.analysis is None:
        return redirect(_item_url(cohort, found))
    context = teaching.class_context(
        cohort,
        TAB,
        quiz=found,
        title=quiz_title(found),
        reading=reading,
        quiz_url=_item_url(cohort, found),
        **question_context(request, reading.analysis, question),
    )
    context["regrade_url"] = _regrade_url(request.user, cohort, question)
    return render(request, "quizzes/teach/question_items.html", context)


def question_context(request: HttpRequest, stored: QuizAnalysis, question: UUID) -> dict[str, Any]:
    """What a page of one question shows; raises Http404 for one that nobody has answered. Two queries."""
    revisions = item_pages.revisions_of(stored)
    for number, item in enumerate(stored.figures["items"], start=1):
        revision = revisions[item["revision"]]
        if revision.question.uuid == question:
            return {
                "page": item_pages.item_page(item, revision, number),
                "passages": word_pages(item, revision),
                "revision": revision,
                "prompt": revision.asked,
                "edit_url": _edit_url(request, item["key"] or revision.pk),
            }
    raise Http404


def _edit_url(request: HttpRequest, revision: int) -> str:
    """Where whoever may write questions reads the key; "" for others."""
    if not (request.user.is_active and request.user.is_staff):
        return ""
    if not request.user.has_perm("quizzes.view_questionkey"):
        return ""
    return reverse("admin:quizzes_questionrevision_change", args=[revision])


def _regrade_url(user: User, cohort: Cohort, question: UUID) -> str:
    """Where a question is graded anew, for the teachers of the class; "" for others, and without such a page."""
    try:
        url = reverse("quizzes:regrade", kwargs={"uuid": question})
    except NoReverseMatch:
        return ""
    return url if Cohort.objects.led_by(user).filter(pk=cohort.pk).exists() else ""
