"""What one learner is granted: more time, tries and days, and other texts. Nobody else in the class sees it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import naming, teaching
from accounts.models import Cohort, User
from articles import choosing
from articles.models import ArticleSwap
from courses import class_texts, work
from courses.work_forms import AccommodationForm
from quizzes import accommodating
from quizzes.models import Accommodation, Assignment
from quizzes.views.doors import SignedInRequest, sent, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def accommodations(request: SignedInRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """For the whole class, or (`?assignment=`) for one assignment in its place."""
    cohort = teaching.led_class(request.user, uuid)
    learner = get_object_or_404(work.learners_in(cohort), uuid=person)
    if request.POST.get("do") in {"swap", "swap back"}:
        return _swap(request, cohort, learner)
    assignment = _assignment(request, cohort)
    granted = list(
        Accommodation.objects.filter(learner=learner, cohort=cohort).select_related(
            "assignment__quiz__published"
        )
    )
    row = next((one for one in granted if one.assignment == assignment), None)
    form = AccommodationForm(
        sent(request),
        cohort=cohort,
        for_one=assignment is not None,
        initial=_initial(row),
    )
    if request.method == "POST" and form.is_valid():
        try:
            accommodating.grant(
                learner=learner, cohort=cohort, by=request.user, assignment=assignment, **form.granted
            )
        except accommodating.NotGranted as refused:
            field = {"extra_s": "extra_minutes"}.get(refused.field, refused.field)
            form.add_error(field if field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Saved. It holds from now on, also in a try that is running."))
            return redirect("courses:accommodations", uuid=cohort.uuid, person=learner.uuid)
    context = {
        "person": learner,
        "name": naming.names_in(cohort).get(learner.pk, str(learner)),
        "form": form,
        "assignment": assignment,
        "granted": granted,
        "assignments": Assignment.objects.live().filter(cohort=cohort).select_related("quiz__published"),
        "class_zone": cohort.timezone,
        **_texts(cohort, learner),
    }
    return render(
        request,
        "courses/teach/accommodations.html",
        teaching.class_context(cohort, "accounts:people", **context),
    )


def _assignment(request: SignedInRequest, cohort: Cohort) -> Assignment | None:
    asked = request.GET.get("assignment", "")
    if not asked:
        return None
    live = Assignment.objects.live().filter(cohort=cohort).select_related("quiz__published")
    return get_object_or_404(live, uuid=class_texts.as_uuid(asked))


def _initial(row: Accommodation | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "extra_percent": row.extra_percent,
        "extra_minutes": None if row.extra_s is None else row.extra_s // 60,
        "extra_attempts": row.extra_attempts,
        "extra_days": row.extra_days,
        "due_at": row.due_at,
    }


def _texts(cohort: Cohort, learner: User) -> dict[str, Any]:
    articles = class_texts.articles_of(cohort)
    swaps = ArticleSwap.objects.filter(learner=learner, article__in=articles)
    return {
        "articles": articles,
        "parallels": class_texts.parallels_for(cohort),
        "swaps": swaps.select_related("article__published", "parallel__published"),
    }


def _swap(request: SignedInRequest, cohort: Cohort, learner: User) -> HttpResponse:
    article = get_object_or_404(
        class_texts.articles_of(cohort), uuid=class_texts.as_uuid(request.POST.get("article", ""))
    )
    if request.POST["do"] == "swap back":
        choosing.swap_back(learner=learner, article=article, by=request.user)
        messages.success(request, _("They read the text that all read."))
    else:
        parallel = get_object_or_404(
            class_texts.parallels_for(cohort), uuid=class_texts.as_uuid(request.POST.get("parallel", ""))
        )
        try:
            choosing.swap(learner=learner, article=article, parallel=parallel, by=request.user)
        except choosing.ChoiceRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("They read the other text from now on. Nobody else is told."))
    return redirect("courses:accommodations", uuid=cohort.uuid, person=learner.uuid)
