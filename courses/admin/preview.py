"""A lesson's draft as its learners would meet it, step by step. Nothing of it is stored."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import CaveatAdmin, staff
from articles.admin.revision_pages import address
from courses.markdown import to_html
from courses.models import LessonRevision, Step
from courses.outline import LessonLine, StepLine
from courses.reading import paragraphs
from quizzes import previewing
from quizzes.admin.keys import may_see_keys
from quizzes.models import QuizRevision
from quizzes.types.registry import Form, ResponseRefused

#: Of a text, so much is shown while it is typed.
LONGEST_TEXT = 100_000


class Previewed(CaveatAdmin):
    """Adds the addresses at which a lesson's revision is previewed by those who may see it."""

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "preview": ("<path:object_id>/preview/", self.preview_view),
            "preview_step": ("<path:object_id>/preview/<slug:key>/", self.preview_step_view),
            "preview_item": ("<path:object_id>/preview/<slug:key>/<int:position>/", self.preview_item_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"courses_lessonrevision_{name}")
            for name, (route, view) in pages.items()
        ]
        words = path(
            "markdown/",
            self.admin_site.admin_view(self.markdown_view),
            name="courses_lessonrevision_markdown",
        )
        return [words, *own, *super().get_urls()]

    def markdown_view(self, request: HttpRequest) -> HttpResponse:
        """What is typed into a step, as learners will read it; safe HTML, cleaned as on their pages."""
        if request.method != "POST" or not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return HttpResponse(to_html(request.POST.get("text", "")[:LONGEST_TEXT].replace("\0", "")))

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The first step; back to the draft, where there is none."""
        revision: LessonRevision = self.found(request, object_id)  # type: ignore[attr-defined]
        first = revision.steps.order_by("position").first()
        if first is None:
            self.message_user(request, _("There is no step to look at yet."), messages.WARNING)
            return HttpResponseRedirect(address(revision))
        return HttpResponseRedirect(step_url(revision, first.key))

    def preview_step_view(self, request: HttpRequest, object_id: str, key: str) -> HttpResponse:
        """An explanation or a reading; a quiz leads to its first question."""
        revision: LessonRevision = self.found(request, object_id)  # type: ignore[attr-defined]
        steps, here = _steps(revision, key)
        shown = steps[here]
        if shown.quiz is not None:
            return HttpResponseRedirect(item_url(revision, key, 1))
        line = lesson_line(revision, steps)
        after = line.steps[here + 1] if here + 1 < len(steps) else None
        if request.method == "POST":
            return HttpResponseRedirect(after.url if after else address(revision))
        article = shown.article_revision
        context = {
            "course": revision.lesson.course,
            "lesson": line,
            "lessons_total": 1,
            "step": shown,
            "body": to_html(shown.body) if shown.body else "",
            "article": article,
            "paragraphs": (
                paragraphs(article, skill=shown.skill, first=shown.first_line, last=shown.last_line)
                if article
                else []
            ),
            "previous_step": line.steps[here - 1] if here else None,
            "next_step": after,
            "nav": "lessons",
            "preview_of": address(revision),
        }
        return render(request, f"courses/step_{shown.kind}.html", context)

    def preview_item_view(
        self, request: HttpRequest, object_id: str, key: str, position: int
    ) -> HttpResponse:
        """A question; an answer is judged at once, whatever the mode, and forgotten.

        Who sees no keys is told only what the quiz tells every learner at once; else an answer leads on.
        """
        revision: LessonRevision = self.found(request, object_id)  # type: ignore[attr-defined]
        steps, here = _steps(revision, key)
        quiz = steps[here].quiz
        state: QuizRevision | None = quiz.published or quiz.revisions.drafts().first() if quiz else None
        if quiz is None or state is None:
            raise Http404
        state.quiz = quiz
        asked = previewing.asked_by(state)
        around = previewing.Surroundings(
            url_of=lambda place: item_url(revision, key, place),
            before_url=step_url(revision, steps[here - 1].key) if here else "",
            after_url=step_url(revision, steps[here + 1].key) if here + 1 < len(steps) else address(revision),
            title=revision.title,
        )

        def page(form: Form | None) -> dict[str, Any]:
            return previewing.page(
                quiz=state, asked=asked, position=position, learner=staff(request), around=around, form=form
            )

        judges = request.method == "POST" and _may_judge(request, state)
        try:
            context = page(dict(request.POST.lists()) if judges else None)
        except LookupError as nowhere:
            raise Http404 from nowhere
        except ResponseRefused as refused:
            messages.error(request, str(refused))
            context = page(None)
        if request.method == "POST" and not judges:
            messages.info(
                request, _("Your answer was not judged: what is right here is for those who write it.")
            )
            return HttpResponseRedirect(context["next_url"])
        shown = asked[position - 1]
        return render(
            request, f"quizzes/types/{shown.type}.html", {**context, "preview_of": address(revision)}
        )


def _may_judge(request: HttpRequest, state: QuizRevision) -> bool:
    """Whether they see keys, or this quiz tells what is right to whoever answers."""
    tells_all = not state.is_draft and state.feedback == QuizRevision.Feedback.AT_ONCE
    return tells_all or may_see_keys(request)


def _steps(revision: LessonRevision, key: str) -> tuple[list[Step], int]:
    """All steps in order, and where the one with this key stands; 404 for a key that there is not."""
    related = ["article_revision", "skill", "quiz__published__pinned_article", "quiz__organisation"]
    steps = list(revision.steps.select_related(*related).order_by("position", "pk"))
    for index, step in enumerate(steps):
        if step.key == key:
            return steps, index
    raise Http404


def lesson_line(revision: LessonRevision, steps: list[Step]) -> LessonLine:
    """The lesson as the outline would have it, its steps leading to their previews."""
    line = LessonLine(revision.lesson, revision.title, revision.summary, revision.minutes, 1)
    for step in steps:
        line.steps.append(
            StepLine(
                lesson=revision.lesson,
                key=step.key,
                kind=step.kind,
                title=step.title,
                minutes=step.minutes,
                on_short_route=step.on_short_route,
                url=step_url(revision, step.key),
                done=False,
                opened=False,
            )
        )
    return line


def step_url(revision: Any, key: str) -> str:
    return reverse("admin:courses_lessonrevision_preview_step", args=[revision.pk, key])


def item_url(revision: Any, key: str, position: int) -> str:
    return reverse("admin:courses_lessonrevision_preview_item", args=[revision.pk, key, position])
