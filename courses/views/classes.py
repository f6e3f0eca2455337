from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import teaching, todos
from accounts.models import Cohort
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_safe
def classes(request: SignedInRequest) -> HttpResponse:
    """A teacher's first page: their classes, and what waits for them."""
    teaching.remember(request.session, request.user)
    found = Cohort.objects.taught_by(request.user).active().order_by("name", "pk")
    context = {"classes": found, "todos": todos.of(request.user), "nav": "classes"}
    return render(request, "courses/teach/classes.html", context)


@signed_in
@require_safe
def class_page(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One class at a glance."""
    cohort = teaching.taught_class(request.user, uuid)
    return render(request, "courses/teach/class.html", teaching.class_context(cohort, "courses:class"))
