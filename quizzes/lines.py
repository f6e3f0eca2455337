"""How revisions of questions and quizzes read as lines, for telling what changed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import skills
from articles.differences import Line
from articles.models import Revision
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
#: What a judged place of a passage is.
KINDS = {
    "required": gettext_lazy("to find"),
    "acceptable": gettext_lazy("readers differ"),
    "foil": gettext_lazy("fine as written"),
}
#: Found again from the text; they say nothing to a reader.
NOT_READ = {"sentences", "words", "schema_version", "ref"}


def of_question(revision: QuestionRevision) -> list[Line]:
    """Type, title, skills and difficulty, then prompt and key part by part. Two queries."""
    ties = revision.question_skills.select_related("skill").order_by("skill__position")
    key = QuestionKey.objects.filter(revision=revision).first()
    said = _Said(_names_of_refs(revision.prompt), _passage(revision.prompt))
    return [
        Line(_("type"), revision.type, "type"),
        Line(_("short title"), revision.title, "title"),
        Line(_("skills"), ", ".join(tie.skill.title for tie in ties), "skills"),
        Line(_("difficulty"), str(revision.difficulty or ""), "difficulty"),
        *_read(revision.prompt, "prompt", "", said),
        *(line._replace(is_key=True) for line in _read(key.key if key else {}, "key", "", said)),
    ]


class _Said(NamedTuple):
    """What a question's data rests on: the words behind each ref, and the passage in which places are counted."""

    named: dict[str, str]
    passage: str

    def quoted(self, part: dict[str, Any]) -> str:
        """The words at a place; "" for what is no place in the passage."""
        start, end = part.get("start"), part.get("end")
        is_place = isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(self.passage)
        return self.passage[start:end] if is_place else ""

    def which(self, part: dict[str, Any]) -> str:
        """Which of the like words in the passage stand at this place."""
        return _("place %d of these words") % (self.passage.count(self.quoted(part), 0, part["start"]) + 1)


def _passage(prompt: Any) -> str:
    passage = prompt.get("passage") if isinstance(prompt, dict) else None
    text = passage.get("text") if isinstance(passage, dict) else None
    return text if isinstance(text, str) else ""


def _names_of_refs(data: Any) -> dict[str, str]:
    """What stands behind each ref of a prompt: its words."""
    if isinstance(data, dict):
        own = {data["ref"]: str(data["text"])} if {"ref", "text"} <= data.keys() else {}
        return own | {ref: text for part in data.values() for ref, text in _names_of_refs(part).items()}
    if isinstance(data, list):
        return {ref: text for part in data for ref, text in _names_of_refs(part).items()}
    return {}


def _read(data: Any, key: str, label: str, said: _Said) -> Iterator[Line]:
    """The lines of a part: mappings by name, lists by the refs of what stands in them, else by place."""
    if isinstance(data, dict):
        if said.quoted(data):
            yield Line(f"{label} · {_('words')}", said.quoted(data), f"{key}.start", detail=said.which(data))
            data = {name: part for name, part in data.items() if name not in {"start", "end"}}
        for name, part in data.items():
            if name not in NOT_READ:
                called = str(NAMES.get(name, said.named.get(name, name.replace("_", " "))))
                yield from _read(
                    _worded(name, part), f"{key}.{name}", f"{label} · {called}".strip(" ·"), said
                )
    elif isinstance(data, list) and any(isinstance(part, dict) for part in data):
        for place, part in enumerate(data, start=1):
            ref = part.get("ref", place) if isinstance(part, dict) else place
            yield from _read(part, f"{key}.{ref}", f"{label} {place}", said)
    elif isinstance(data, list):
        yield Line(label, ", ".join(said.named.get(str(part), str(part)) for part in data), key)
    elif data not in (None, "") and not isinstance(data, bool):
        yield Line(label, said.named.get(str(data), str(data)), key)
    elif data is True:
        yield Line(label, _("yes"), key)


def _worded(name: str, part: Any) -> Any:
    """What stands in the data as a code, in words."""
    if name == "kind" and part in KINDS:
        return str(KINDS[part])
    if name == "skill" and isinstance(part, str):
        return skills.title(part)
    if name == "skills" and isinstance(part, list):
        return [skills.title(str(one)) for one in part]
    return part


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
        Line(
            _("article beside the questions"), _of_revision(pinned.title, pinned) if pinned else "", "pinned"
        ),
        *_told_apart([_slot(slot) for slot in slots]),
    ]


def _of_revision(title: str, revision: Revision) -> str:
    return _("%(title)s (revision %(number)d)") % {"title": title, "number": revision.number}


def _told_apart(lines: list[Line]) -> Iterator[Line]:
    """Two draws on the same terms are two things: the second of them gets a key of its own."""
    seen: Counter[str] = Counter()
    for line in lines:
        seen[line.key] += 1
        yield line._replace(key=f"{line.key} {seen[line.key]}")


def _slot(slot: QuizSlot) -> Line:
    points = _("%g points each") % slot.points if slot.points != 1 else ""
    pinned = _("as in revision %d") % slot.pinned.number if slot.pinned else ""
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
    return Line(label, " · ".join(filter(None, [text, points, pinned])), key, "slots")
