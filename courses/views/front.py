from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from courses.opening import opening_questions, try_passage


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first minute: an address says what was tapped, so that nothing has to be stored."""
    if request.user.is_authenticated and not request.GET:
        return redirect("courses:home")
    questions = opening_questions()[:2]
    first = "0" if "nothing" in request.GET else request.GET.get("sentence")
    second = None if first is None else request.GET.get("second")  # it is shown after the first
    given = [(first, "a"), (second, "b")]
    tried = [
        try_passage(question, answer, prefix)
        for question, (answer, prefix) in zip(questions, given, strict=False)
    ]
    article = questions[0].article_revision if questions else None
    context = {
        "first": tried[0] if tried else None,
        "second": tried[1] if len(tried) > 1 else None,
        "source": article.source if article else "",
        "pressed_without_tap": bool(request.GET) and first is None,
    }
    return render(request, "courses/front.html", context)
