"""A lesson on the projector, from the class code to the exit ticket. The only writer of presentations.

Each verb locks the presentation first, and asked for twice it is done once: a button on a slow
projector is pressed again. What was ended stays as it was.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import Cohort, User
from courses import enrolment
from courses.models import ExitTicket, Lesson, Presentation

Scene = Presentation.Scene


@transaction.atomic
def open_lesson(*, cohort: Cohort, lesson: Lesson, by: User) -> Presentation:
    """The class's running presentation of `lesson`, begun now if another or none runs. The class takes the lesson."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)  # the lock for "one at a time"
    running = Presentation.objects.filter(cohort=cohort, ended_at=None).first()
    if running is not None and running.lesson_id == lesson.pk:
        return running
    if running is not None:
        _save(running, ended_at=timezone.now())
    enrolment.give_lesson(cohort=cohort, lesson=lesson)
    return Presentation.objects.create(cohort=cohort, lesson=lesson, by=by)


@transaction.atomic
def start_together(*, presentation: Presentation) -> Presentation:
    """Let the pupils begin: their page of lessons leads them to it from now on."""
    held = _held(presentation)
    if held.ended_at is None and held.scene == Scene.JOIN:
        _save(held, scene=Scene.WORK, started_at=held.started_at or timezone.now())
    return held


@transaction.atomic
def show_marks(*, presentation: Presentation) -> Presentation:
    """Show the class's marks, from the first text on."""
    held = _held(presentation)
    if held.ended_at is None and held.scene in {Scene.JOIN, Scene.WORK}:
        _save(held, scene=Scene.MARKS, finding=0, started_at=held.started_at or timezone.now())
    return held


@transaction.atomic
def next_finding(*, presentation: Presentation, seen: int, last: int) -> Presentation:
    """One screen on from screen `seen` (from 0); after screen `last` comes the exit ticket."""
    held = _held(presentation)
    if held.ended_at is None and held.scene in {Scene.MARKS, Scene.FINDING} and held.finding == seen:
        if seen >= last:
            _save(held, scene=Scene.TICKET)
        else:
            _save(held, scene=Scene.FINDING, finding=seen + 1)
    return held


@transaction.atomic
def back(*, presentation: Presentation, seen: int) -> Presentation:
    """One screen back from screen `seen`; before the first are the work and, before it, the code."""
    held = _held(presentation)
    if held.ended_at is not None or held.finding != seen:
        return held
    if held.scene == Scene.WORK:
        _save(held, scene=Scene.JOIN)
    elif held.scene == Scene.TICKET:
        _save(held, scene=Scene.FINDING if seen else Scene.MARKS)
    elif held.scene in {Scene.MARKS, Scene.FINDING}:
        if seen == 0:
            _save(held, scene=Scene.WORK)
        else:
            _save(held, scene=Scene.FINDING if seen > 1 else Scene.MARKS, finding=seen - 1)
    return held


@transaction.atomic
def exit_ticket(*, presentation: Presentation) -> Presentation:
    """Ask the last question of the pupils."""
    held = _held(presentation)
    if held.ended_at is None and held.scene != Scene.TICKET:
        _save(held, scene=Scene.TICKET, started_at=held.started_at or timezone.now())
    return held


@transaction.atomic
def end(*, presentation: Presentation) -> Presentation:
    """Stop presenting; the summary stays."""
    held = _held(presentation)
    if held.ended_at is None:
        _save(held, ended_at=timezone.now())
    return held


@transaction.atomic
def hand_in_ticket(*, presentation: Presentation, learner: User, answer: str) -> ExitTicket:
    """Keep what the learner says, one of ExitTicket.Answer; said again, the newer word stands."""
    _held(presentation)
    ticket, _made = ExitTicket.objects.update_or_create(
        presentation=presentation, learner=learner, defaults={"answer": ExitTicket.Answer(answer)}
    )
    return ticket


def _held(presentation: Presentation) -> Presentation:
    return Presentation.objects.select_for_update(of=("self",)).get(pk=presentation.pk)


def _save(presentation: Presentation, **fields: object) -> None:
    for name, value in fields.items():
        setattr(presentation, name, value)
    presentation.save(update_fields=[*fields, "updated_at"])
