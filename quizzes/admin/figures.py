"""Item statistics for authors: over all classes, counts only. No names, and no answer that few gave."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from accounts.admin import see_also
from accounts.admin.base import CaveatAdmin, staff
from accounts.models.organisation import owned_by
from quizzes import analysis, item_pages, usage
from quizzes.admin.keys import may_see_keys
from quizzes.models import Question, Quiz
from quizzes.views.items import question_context, quiz_title

#: Of the quizzes that ask a question, so many are linked to.
MOST_LINKS = 5


class Figured(CaveatAdmin):
    """Adds the pages of a quiz's figures to the pages of quizzes."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/figures/", view(self.figures_view), name="quizzes_quiz_figures"),
            path(
                "<path:object_id>/figures/<uuid:question>/",
                view(self.question_figures_view),
                name="quizzes_quiz_question_figures",
            ),
            *super().get_urls(),
        ]

    def figures_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All questions of the quiz."""
        quiz = _own_quiz(request, object_id)
        reading = analysis.read(quiz=quiz)
        context = {
            "quiz": quiz,
            "title": quiz_title(quiz),
            "reading": reading,
            "lines": item_pages.lines(reading.analysis) if reading.analysis else [],
            "reliability": item_pages.reliability(reading.analysis) if reading.analysis else None,
            "item_url": reverse("admin:quizzes_quiz_figures", args=[quiz.pk]),
            "back_url": reverse("admin:quizzes_quiz_change", args=[quiz.pk]),
        }
        return render(request, "quizzes/admin/quiz_figures.html", context)

    def question_figures_view(self, request: HttpRequest, object_id: str, question: UUID) -> HttpResponse:
        """One question of the quiz."""
        quiz = _own_quiz(request, object_id)
        quiz_url = reverse("admin:quizzes_quiz_figures", args=[quiz.pk])
        reading = analysis.read(quiz=quiz)
        if reading.analysis is None:
            return HttpResponseRedirect(quiz_url)
        context = {
            "title": quiz_title(quiz),
            "reading": reading,
            "quiz_url": quiz_url,
            **question_context(request, reading.analysis, question),
        }
        return render(request, "quizzes/admin/question_figures.html", context)


def _own_quiz(request: HttpRequest, object_id: str) -> Quiz:
    """A quiz of an organisation that they work for; raises PermissionDenied and Http404."""
    if not may_see_keys(request):
        raise PermissionDenied
    user, pk = staff(request), unquote(object_id)
    rows = Quiz.objects.all() if user.is_superuser else Quiz.objects.filter(owned_by(user))
    known = pk.isascii() and pk.isdigit() and len(pk) < 19
    quiz: Quiz | None = rows.select_related("published").filter(pk=pk).first() if known else None
    if quiz is None:
        raise Http404
    return quiz


def _of_quiz(request: HttpRequest, quiz: Quiz) -> Iterable[see_also.Link]:
    if may_see_keys(request):
        yield see_also.Link(_("Figures"), reverse("admin:quizzes_quiz_figures", args=[quiz.pk]))


def _of_question(request: HttpRequest, question: Question) -> Iterable[see_also.Link]:
    """Its figures in each quiz that asks it, which the pages of figures will say more of."""
    if not may_see_keys(request):
        return
    slots = usage.current_slots().filter(question=question, quiz_revision__published_at__isnull=False)
    titles = slots.order_by("quiz_revision__quiz").values_list("quiz_revision__quiz", "quiz_revision__title")
    for pk, title in titles[:MOST_LINKS]:
        address = reverse("admin:quizzes_quiz_question_figures", args=[pk, question.uuid])
        yield see_also.Link(_("Figures in “%(quiz)s”") % {"quiz": title}, address)


see_also.offer(Quiz, _of_quiz)
see_also.offer(Question, _of_question)
