"""How revisions of questions and quizzes read as lines, for telling what changed."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.differences import Line
from quizzes.models import QuestionKey, QuestionRevision, QuizRevision, QuizSlot

#: What parts of prompts and keys are called, where their name in the schema is no plain word.
NAMES = {
    "right": gettext_lazy("key: what is right"),
    "spans": gettext_lazy("key"),
    "feedback": gettext_lazy("feedback"),
    "accepted": gettext_lazy("key: accepted"),
    "keep": gettext_lazy("key: to be kept"),
    "drop": gettext_lazy("key: to go"),
    "self_check": gettext_lazy("self-check"),
    "minority": gettext_lazy("some readers say"),
    "rationale": gettext_lazy("why"),
}
#: Found again from the text; they say nothing to a reader.
NOT_READ = {"sentences", "words", "schema_version", "ref"}


def of_question(revision: QuestionRevision) -> list[Line]:
    """Type, title, skills and difficulty, then prompt and key part by part. Two queries."""
    skills = revision.question_skills.select_related("skill").order_by("skill__position")
    key = QuestionKey.objects.filter(revision=revision).first()
    named = _names_of_refs(revision.prompt)
    return [
        Line(_("type"), revision.type, "type"),
        Line(_("short title"), revision.title, "title"),
        Line(_("skills"), ", ".join(tie.skill.title for tie in skills), "skills"),
        Line(_("difficulty"), str(revision.difficulty or ""), "difficulty"),
        *_read(revision.prompt, "prompt", "", named),
        *_read(key.key if key else {}, "key", "", named),
    ]


def _names_of_refs(data: Any) -> dict[str, str]:
    """What stands behind each ref of a prompt: its words."""
    if isinstance(data, dict):
        own = {data["ref"]: str(data["text"])} if {"ref", "text"} <= data.keys() else {}
        return own | {ref: text for part in data.values() for ref, text in _names_of_refs(part).items()}
    if isinstance(data, list):
        return {ref: text for part in data for ref, text in _names_of_refs(part).items()}
    return {}


def _read(data: Any, key: str, label: str, named: dict[str, str]) -> Iterator[Line]:
    """The lines of a part: mappings by name, lists by the refs of what stands in them, else by place."""
    if isinstance(data, dict):
        for name, part in data.items():
            if name not in NOT_READ:
                called = str(NAMES.get(name, named.get(name, name.replace("_", " "))))
                yield from _read(part, f"{key}.{name}", f"{label} · {called}".strip(" ·"), named)
    elif isinstance(data, list) and any(isinstance(part, dict) for part in data):
        for place, part in enumerate(data, start=1):
            ref = part.get("ref", place) if isinstance(part, dict) else place
            yield from _read(part, f"{key}.{ref}", f"{label} {place}", named)
    elif isinstance(data, list):
        yield Line(label, ", ".join(named.get(str(part), str(part)) for part in data), key)
    elif data not in (None, "") and not isinstance(data, bool):
        yield Line(label, named.get(str(data), str(data)), key)
    elif data is True:
        yield Line(label, _("yes"), key)


def of_quiz(revision: QuizRevision) -> list[Line]:
    """Its words and rules, then its slots in order. One query."""
    minutes = revision.time_limit_s / 60 if revision.time_limit_s else None
    yes = {True: _("yes"), False: _("no")}
    slots = revision.slots.select_related("question__published", "pinned", "draw_skill").order_by("position")
    pinned = revision.pinned_article
    return [
        Line(_("title"), revision.title, "title"),
        Line(_("instructions"), revision.instructions, "instructions"),
        Line(_("minutes"), f"{minutes:g}" if minutes else "", "time"),
        Line(_("attempts allowed"), str(revision.attempts_allowed or ""), "attempts"),
        Line(_("feedback"), str(revision.get_feedback_display()), "feedback"),
        Line(_("questions in another order each time"), yes[revision.shuffle_items], "shuffle_items"),
        Line(_("options in another order each time"), yes[revision.shuffle_options], "shuffle_options"),
        Line(_("article beside the questions"), pinned.title if pinned else "", "pinned"),
        *(_slot(slot) for slot in slots),
    ]


def _slot(slot: QuizSlot) -> Line:
    points = _("%g points each") % slot.points if slot.points != 1 else ""
    if slot.question is None:
        terms = [slot.draw_skill.title if slot.draw_skill else ""]
        if slot.draw_difficulty:
            terms.append(_("difficulty %d") % slot.draw_difficulty)
        text = _("%(count)d drawn: %(terms)s") % {"count": slot.draw_count or 0, "terms": ", ".join(terms)}
        key = f"draw {slot.draw_skill_id} {slot.draw_difficulty}"
    else:
        asked = slot.pinned or slot.question.published
        text = asked.title if asked and asked.title else slot.question.ref
        key = f"question {slot.question_id}"
    label = _("question %(place)d, “%(title)s”") % {"place": slot.position, "title": text}
    return Line(label, " · ".join(filter(None, [text, points])), key, "slots")
