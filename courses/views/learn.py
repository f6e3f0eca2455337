from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses import progress
from courses.class_now import class_now
from courses.enrolment import enrolment_of
from courses.markdown import to_html
from courses.models import Course, Lesson, Step
from courses.outline import LessonLine, Outline, outline
from courses.reading import paragraphs, shown_to
from courses.todo import Work, work_of
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """The learner's courses; the course itself where there is only one."""
    found = list(Course.objects.live().visible_to(request.user).order_by("title", "pk"))
    if len(found) == 1:
        return _course(request, found[0], work=work_of(request.user))
    context = {
        "courses": found,
        "work": work_of(request.user),
        "class_now": class_now(request.user),
        "nav": "lessons",
    }
    return render(request, "courses/home.html", context)


@signed_in
@require_safe
def course(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The outline of a course, what is done, and one button for what comes next."""
    return _course(request, get_object_or_404(Course.objects.live().visible_to(request.user), uuid=uuid))


def _course(request: SignedInRequest, found: Course, work: Work | None = None) -> HttpResponse:
    enrolment = enrolment_of(request.user, found)
    whole = outline(found, enrolment)
    steps = whole.steps
    context = {
        "course": found,
        "enrolment": enrolment,
        "outline": whole,
        "next_step": whole.next_step,
        "steps_done": whole.steps_done,
        "steps_total": len(steps),
        "begun": any(step.opened for step in steps),
        "class_now": class_now(request.user),
        "work": work,
        "nav": "lessons",
    }
    return render(request, "courses/course.html", context)


@signed_in
@require_safe
def lesson(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A lesson's address leads to the step where the learner is."""
    found = _lesson(request, uuid)
    line = _line(outline(found.course, enrolment_of(request.user, found.course)), found)
    return redirect(line.next_step.url if line.next_step else found.course)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, uuid: UUID, key: str) -> HttpResponse:
    """An explanation or a guided reading; the button at its end says that it is done."""
    found = _lesson(request, uuid)
    shown = get_object_or_404(
        Step.objects.select_related("article", "article_revision", "skill", "quiz"),
        lesson_revision=found.published_id,
        key=key,
    )
    if shown.quiz is not None:
        return redirect(shown.quiz)
    enrolment = enrolment_of(request.user, found.course)
    if request.method == "POST" and enrolment is not None:
        progress.complete(enrolment=enrolment, lesson=found, step_key=key)
    elif request.method == "GET" and enrolment is not None:
        progress.note_opened(enrolment=enrolment, lesson=found, step_key=key)
    whole = outline(found.course, enrolment)
    after = whole.after(found, key)
    if request.method == "POST":
        return redirect(after.url if after else found.course)
    line = _line(whole, found)
    here = next(index for index, one in enumerate(line.steps) if one.key == key)
    text = shown_to(enrolment, shown)
    context = {
        "course": found.course,
        "lesson": line,
        "lessons_total": len(whole.lessons),
        "step": shown,
        "body": to_html(shown.body) if shown.body else "",
        "article": text.revision,
        "paragraphs": (
            paragraphs(text.revision, skill=shown.skill, first=text.first, last=text.last)
            if text.revision
            else []
        ),
        "previous_step": line.steps[here - 1] if here else None,
        "next_step": after,
        "nav": "lessons",
    }
    return render(request, f"courses/step_{shown.kind}.html", context)


def _lesson(request: SignedInRequest, uuid: UUID) -> Lesson:
    return get_object_or_404(
        Lesson.objects.visible_to(request.user).select_related("course", "published"), uuid=uuid
    )


def _line(whole: Outline, found: Lesson) -> LessonLine:
    line = whole.line_of(found)
    if line is None:
        raise Http404
    return line
