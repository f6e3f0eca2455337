"""The pages on which a teacher has a question judged anew, and sees how far that is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import Cohort
from accounts.naming import names_in
from quizzes import regrading
from quizzes.models import Attempt, Question, Quiz, Regrade
from quizzes.regrading import Change, Kept, Preview
from quizzes.rejudging import Plan, RegradeRefused
from quizzes.types import registry
from quizzes.views.doors import SignedInRequest, signed_in, wants_json


@dataclass(frozen=True)
class Choice:
    """What can be chosen for a question: the classes of the teacher that met it, and the quizzes it stood in."""

    question: Question
    cohorts: list[Cohort]
    quizzes: list[Quiz]


@dataclass(frozen=True)
class Chosen:
    """What a form or an address says. A name that is not there counts as not chosen."""

    kind: str
    cohorts: list[Cohort]
    quiz: Quiz | None
    replace_manual: bool
    reason: str = ""

    @classmethod
    def of(cls, given: QueryDict, choice: Choice) -> "Chosen":
        wanted = set(given.getlist("class"))
        cohorts = [one for one in choice.cohorts if str(one.uuid) in wanted]
        quiz = next((one for one in choice.quizzes if str(one.uuid) == given.get("quiz")), None)
        return cls(given.get("kind", ""), cohorts, quiz, "manual" in given, given.get("reason", ""))

    def plan(self, question: Question) -> Plan:
        return regrading.plan(
            question=question,
            kind=self.kind,
            cohorts=self.cohorts,
            quiz=self.quiz,
            replace_manual=self.replace_manual,
        )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def regrade(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Choose what to do, see who changes, say why, and have it done."""
    choice = _choice(request, uuid)
    if request.method == "POST":
        chosen = Chosen.of(request.POST, choice)
        try:
            ordered = regrading.order(
                plan=chosen.plan(choice.question), reason=chosen.reason, by=request.user
            )
        except RegradeRefused as error:
            return _page(request, choice, chosen, str(error), status=422)
        return redirect("quizzes:regrade-progress", uuid=ordered.uuid)
    if "kind" in request.GET:
        return _page(request, choice, Chosen.of(request.GET, choice))
    return _page(request, choice, None)


def _choice(request: SignedInRequest, uuid: UUID) -> Choice:
    """Raises Http404 unless the user leads a class that met the question."""
    question = get_object_or_404(Question.objects.select_related("published"), uuid=uuid)
    made = Attempt.objects.counting().filter(
        items__question=question, cohort__in=Cohort.objects.led_by(request.user).active()
    )
    cohorts = list(Cohort.objects.filter(pk__in=made.order_by().values("cohort")).order_by("name", "pk"))
    if not cohorts:
        raise Http404
    quizzes = Quiz.objects.filter(pk__in=made.order_by().values("quiz")).select_related("published")
    return Choice(question, cohorts, list(quizzes))


def _page(
    request: SignedInRequest, choice: Choice, chosen: Chosen | None, error: str = "", status: int = 200
) -> HttpResponse:
    published = choice.question.published
    context: dict[str, Any] = {
        "question": choice.question,
        "title": published.title if published else choice.question.ref,
        "cohorts": choice.cohorts,
        "quizzes": choice.quizzes,
        "has_key": published is not None and registry.get(published.type).scores_itself,
        "chosen": chosen,
        "error": error,
        "earlier": Regrade.objects.visible_to(request.user).filter(question=choice.question)[:10],
        "nav": "classes",
    }
    if chosen is not None:
        try:
            seen = regrading.preview(chosen.plan(choice.question))
        except RegradeRefused as refused:
            context["error"] = error or str(refused)
        else:
            context |= _seen(seen, chosen)
    return render(request, "quizzes/teach/regrade.html", context, status=status)


def _seen(seen: Preview, chosen: Chosen) -> dict[str, Any]:
    """The preview with names. One query a class."""
    names = {learner: name for cohort in chosen.cohorts for learner, name in names_in(cohort).items()}
    classes = {cohort.pk: cohort.name for cohort in chosen.cohorts}

    def row(one: Change | Kept) -> dict[str, Any]:
        attempt = one.attempt
        return {
            "one": one,
            "name": names.get(attempt.learner_id, str(attempt.learner)),
            "cohort": classes.get(attempt.cohort_id or 0, ""),
            "number": attempt.number,
        }

    return {
        "preview": seen,
        "changes": [row(one) for one in seen.changes],
        "kept": [row(one) for one in seen.kept],
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """How far a regrade is; asked again and again by the page itself. A post has one that failed go on."""
    rows = Regrade.objects.visible_to(request.user).select_related("question__published", "by")
    found = get_object_or_404(rows, uuid=uuid)
    if request.method == "POST":
        regrading.go_on(regrade=found)
        return redirect("quizzes:regrade-progress", uuid=found.uuid)
    if wants_json(request):
        return JsonResponse({"status": found.status, "done": found.done, "total": found.total})
    published = found.question.published
    context = {
        "regrade": found,
        "title": published.title if published else found.question.ref,
        "nav": "classes",
    }
    return render(request, "quizzes/teach/regrade_progress.html", context)
