"""What a class is given: the list of it, giving more, changing it and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import naming, teaching
from accounts.models import Cohort, User
from courses import assigning, class_texts, work
from courses.models import CohortCourse, Lesson, Module
from courses.outline import outline
from courses.work_forms import EVERYONE, SOME, AssignmentForm, GivingForm
from quizzes import assigning as quiz_assigning
from quizzes import chosen_terms
from quizzes.assigning import AssignmentRefused
from quizzes.models import Assignment, Quiz
from quizzes.views.doors import SignedInRequest, sent, signed_in

PAGE = "courses:work"


@signed_in
@require_safe
def listed(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What is assigned, with how many have handed it in."""
    cohort = teaching.taught_class(request.user, uuid)
    leads = Cohort.objects.led_by(request.user).filter(pk=cohort.pk).exists()
    context = {
        "people": _people(cohort) if leads else {},
        "lines": work.lines(cohort),
        "taken": work.taken(cohort),
        "taken_back": work.lines(cohort, archived=True),
        "leads": leads,
    }
    return _page(request, cohort, "work", **context)


@signed_in
@require_safe
def choose(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What to give: a course, a part of one, or a quiz."""
    cohort = teaching.led_class(request.user, uuid)
    search = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    courses = list(work.courses_for(cohort).order_by("title", "pk")[:20])
    wanted = request.GET.get("course", "")
    shown = next((one for one in courses if str(one.uuid) == wanted), courses[0] if courses else None)
    whole = outline(shown, None) if shown else None
    context = {
        "courses": courses,
        "outline": whole,
        "notes": class_texts.content_notes([line.lesson for line in whole.lessons], cohort) if whole else {},
        "search": search,
        "quizzes": list(work.quizzes_for(cohort, search)[: work.LISTED]) if search else [],
    }
    return _page(request, cohort, "choose", **context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give what the address names: `quiz`, `lesson`, `course` or, with its `course`, `module`."""
    cohort = teaching.led_class(request.user, uuid)
    if request.GET.get("quiz"):
        quiz = _found(work.quizzes_for(cohort), request.GET["quiz"])
        live = Assignment.objects.live().filter(cohort=cohort, quiz=quiz).first()
        if live is not None:
            return redirect(PAGE + "_edit", uuid=cohort.uuid, assignment=live.uuid)
        return _assign_quiz(request, cohort, quiz)
    return _give(request, cohort, _part(request, cohort))


def _assign_quiz(request: SignedInRequest, cohort: Cohort, quiz: Quiz) -> HttpResponse:
    people = _people(cohort)
    form = AssignmentForm(
        sent(request),
        cohort=cohort,
        people=people,
        practice=quiz.mode == Quiz.Mode.PRACTICE,
    )
    if request.method == "POST" and form.is_valid():
        try:
            quiz_assigning.assign(
                quiz=quiz, cohort=cohort, by=request.user, learners=_chosen(form), **form.terms
            )
        except AssignmentRefused as refused:
            _say(form, refused)
        else:
            return _done(request, cohort, form, _("Assigned."))
    revision = quiz.published
    return _page(request, cohort, "assign", form=form, what=revision.title if revision else "")


def _give(request: SignedInRequest, cohort: Cohort, part: work.Part) -> HttpResponse:
    given = work.taken(cohort).filter(course=part.course, module=part.module, lesson=part.lesson).first()
    form = GivingForm(
        sent(request),
        cohort=cohort,
        people=_people(cohort),
        initial=_initial(given) if given else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            assigning.give(
                cohort=cohort,
                course=part.course,
                module=part.module,
                lesson=part.lesson,
                by=request.user,
                learners=_chosen(form),
                **form.terms,
            )
        except AssignmentRefused as refused:
            _say(form, refused)
        else:
            return _done(
                request, cohort, form, _("Given to the class."), to=PAGE if given else "courses:class"
            )
    return _page(request, cohort, "assign", form=form, what=part.title, part=part, given=given)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, uuid: UUID, assignment: UUID) -> HttpResponse:
    """Change an assignment: its dates and limits hold at once, also in tries that are running."""
    cohort = teaching.led_class(request.user, uuid)
    found = _assignment(cohort, assignment)
    form = AssignmentForm(
        sent(request),
        cohort=cohort,
        people=_people(cohort),
        practice=found.quiz.mode == Quiz.Mode.PRACTICE,
        initial=_initial(found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                quiz_assigning.change(assignment=found, by=request.user, **form.terms)
                quiz_assigning.address(assignment=found, by=request.user, learners=_chosen(form))
        except AssignmentRefused as refused:
            _say(form, refused)
        else:
            return _done(request, cohort, form, _("Saved."))
    revision = found.quiz.published
    what = revision.title if revision else str(found.quiz)
    return _page(request, cohort, "assign", form=form, what=what, assignment=found)


@signed_in
@require_POST
def take_back(request: SignedInRequest, uuid: UUID, assignment: UUID) -> HttpResponse:
    """Nobody starts it any more; what was handed in stays."""
    cohort = teaching.led_class(request.user, uuid)
    quiz_assigning.archive(assignment=_assignment(cohort, assignment), by=request.user)
    messages.success(request, _("Taken back. What was handed in stays, with its marks."))
    return redirect(PAGE, uuid=cohort.uuid)


@signed_in
@require_POST
def release(request: SignedInRequest, uuid: UUID, assignment: UUID) -> HttpResponse:
    """Show the learners their marks."""
    cohort = teaching.led_class(request.user, uuid)
    # Taken back, or in a class that is over: what was held is still owed to its learners.
    found = get_object_or_404(Assignment, cohort=cohort, uuid=assignment)
    quiz_assigning.release(assignment=found, by=request.user)
    messages.success(request, _("Your class sees these marks now."))
    return redirect(PAGE, uuid=cohort.uuid)


@signed_in
@require_POST
def take_back_course(request: SignedInRequest, uuid: UUID, given: UUID) -> HttpResponse:
    """End what was given; what was done of it stays."""
    cohort = teaching.led_class(request.user, uuid)
    found = get_object_or_404(
        CohortCourse.objects.select_related("cohort", "course"), cohort=cohort, uuid=given
    )
    assigning.take_back(given=found, by=request.user)
    messages.success(request, _("Taken back. What was done of it stays."))
    return redirect(PAGE, uuid=cohort.uuid)


def _page(request: SignedInRequest, cohort: Cohort, name: str, **more: Any) -> HttpResponse:
    zones = {"class_zone": cohort.timezone}
    return render(
        request, f"courses/teach/{name}.html", teaching.class_context(cohort, PAGE, **zones, **more)
    )


def _assignment(cohort: Cohort, uuid: UUID) -> Assignment:
    live = Assignment.objects.live().filter(cohort=cohort).select_related("quiz__published", "cohort")
    return get_object_or_404(live, uuid=uuid)


def _part(request: SignedInRequest, cohort: Cohort) -> work.Part:
    asked = request.GET
    if asked.get("lesson"):
        lessons = Lesson.objects.live().filter(course__in=work.courses_for(cohort))
        lesson: Lesson = _found(lessons.select_related("course", "published"), asked["lesson"])
        return work.Part(lesson.course, lesson=lesson)
    course = _found(work.courses_for(cohort), asked.get("course", ""))
    if asked.get("module"):
        modules = Module.objects.filter(course=course, archived_at=None)
        ref = asked["module"].replace("\x00", "")  # which PostgreSQL takes in no question
        return work.Part(course, module=get_object_or_404(modules, ref=ref))
    return work.Part(course)


def _found(rows: Any, uuid: str) -> Any:
    try:
        return get_object_or_404(rows, uuid=UUID(uuid))
    except ValueError as error:
        raise Http404 from error


def _people(cohort: Cohort) -> dict[str, str]:
    """Who learns there now: their UUIDs with their names, by name."""
    names = naming.names_in(cohort)
    learners = work.learners_in(cohort).values_list("pk", "uuid")
    found = {str(uuid): names.get(pk, "") for pk, uuid in learners}
    return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def _chosen(form: GivingForm) -> list[User] | None:
    chosen = form.chosen_learners
    return None if chosen is None else list(User.objects.filter(uuid__in=chosen))


def _initial(row: Assignment | CohortCourse) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "whom": EVERYONE if row.everyone else SOME,
        "learners": [str(uuid) for uuid in row.named.values_list("learner__uuid", flat=True)],
        "opens_at": row.opens_at,
        "due_at": row.due_at,
    }
    if isinstance(row, Assignment):
        initial |= {name: getattr(row, name) for name in chosen_terms.TERMS}
        initial["minutes"] = None if row.time_limit_s is None else -(-row.time_limit_s // 60)
        initial["late_percent"] = row.late_percent or None
    return initial


def _say(form: GivingForm, refused: AssignmentRefused) -> None:
    field = {"time_limit_s": "minutes"}.get(refused.field, refused.field)
    form.add_error(field if field in form.fields else None, str(refused))


def _done(
    request: SignedInRequest, cohort: Cohort, form: GivingForm, words: str, to: str = PAGE
) -> HttpResponse:
    messages.success(request, words)
    for label in form.said_twice:
        messages.info(
            request,
            _("%(label)s: the clocks go back that day, and show this time twice. %(which)s is meant.")
            % {"label": label, "which": _("The first") if label == _("Opens") else _("The second")},
        )
    return redirect(to, uuid=cohort.uuid)
