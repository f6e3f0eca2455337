"""How a revision of a lesson reads as lines, for telling what changed."""

from django.utils.translation import gettext as _

from articles.differences import Line
from courses.models import LessonRevision, Step


def of_lesson(revision: LessonRevision) -> list[Line]:
    """Its title and summary, then its steps in order. One query."""
    steps = revision.steps.select_related(
        "article__published", "article_revision", "skill", "quiz__published"
    )
    return [
        Line(_("title"), revision.title, "title"),
        Line(_("summary"), revision.summary, "summary"),
        Line(_("minutes"), str(revision.minutes), "minutes"),
        *(_step(step) for step in steps.order_by("position")),
    ]


def _step(step: Step) -> Line:
    told = [str(step.get_kind_display()), step.title, _("%d min") % step.minutes]
    if step.article:
        shown = step.article_revision or step.article.published
        told.append(shown.title if shown else step.article.ref)
    if step.first_line:
        told.append(_("lines %(first)d to %(last)d") % {"first": step.first_line, "last": step.last_line})
    if step.skill:
        told.append(step.skill.title)
    if step.quiz:
        told.append(step.quiz.published.title if step.quiz.published else step.quiz.ref)
    if not step.on_short_route:
        told.append(_("not on the short route"))
    text = " · ".join(told) + (f"\n{step.body}" if step.body else "")
    return Line(
        _("step %(place)d, “%(title)s”") % {"place": step.position, "title": step.title},
        text,
        step.key,
        "steps",
    )
