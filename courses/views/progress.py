from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.enrolment import enrolment_of
from courses.models import Course
from courses.outline import outline
from courses.skills import skill_lines
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_safe
def progress(request: SignedInRequest) -> HttpResponse:
    """What the learner can do so far, skill by skill, from first tries only. Nothing ranks anybody."""
    met, later = skill_lines(request.user)
    course = Course.objects.live().visible_to(request.user).order_by("-pk").first()
    whole = outline(course, enrolment_of(request.user, course)) if course else None
    context = {
        "met": met,
        "later": later,
        "course": course,
        "outline": whole,
        "next_step": whole.next_step if whole else None,
        "nav": "progress",
    }
    return render(request, "courses/progress.html", context)
