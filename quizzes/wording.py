"""Counts put into the sentences that a learner reads. The only place where findings become words."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.types.base import Outcome

#: What a verdict on the text is called. Colour and sign only repeat it.
VERDICTS = {
    "found": gettext_lazy("Found"),
    "partly": gettext_lazy("Found in part"),
    "missed": gettext_lazy("Missed"),
    "fine": gettext_lazy("Marked, but fine"),
    "differ": gettext_lazy("Readers differ"),
}

#: What a finding is called that says: this cannot be judged, it is to be typed again.
UNCLEAR = frozenset({"unreadable", "unknown_unit"})


def found_of(found: int, required: int, marks: int, sound_marks: int) -> str:
    """ "You found 6 of 9. 2 of your 8 marks were fine as written." """
    if not required and not marks:
        return _("Right: there was nothing to mark here.")
    if not required:
        return ngettext(
            "There was nothing to mark here: your mark was fine as written.",
            "There was nothing to mark here: your %(count)s marks were fine as written.",
            marks,
        ) % {"count": marks}
    sentence = _("You found %(found)s of %(required)s.") % {"found": found, "required": required}
    if not sound_marks:
        return sentence
    if marks == 1:
        return f"{sentence} {_('Your mark was fine as written.')}"
    also = ngettext(
        "%(sound)s of your %(count)s marks was fine as written.",
        "%(sound)s of your %(count)s marks were fine as written.",
        sound_marks,
    ) % {"sound": sound_marks, "count": marks}
    return f"{sentence} {also}"


def placed_of(right: int, total: int) -> str:
    """Of sentences sorted, rows matched, gaps filled."""
    return _("You got %(right)s of %(total)s right.") % {"right": right, "total": total}


def is_unclear(outcome: Outcome) -> bool:
    """Was something typed that could not be read?"""
    return not outcome.answered and any(finding.code in UNCLEAR for finding in outcome.findings)


def headline(outcome: Outcome, *, waits: bool = True) -> str:
    """One item's result in a sentence. `waits`: a person comes to what the rules cannot score."""
    if is_unclear(outcome):
        return _("What you typed could not be read.")
    if not outcome.answered:
        return _("You left this one open.")
    if outcome.fraction is None:
        return _("Your teacher reads this one.") if waits else _("Read. Here is a hint, not a grade.")
    if outcome.tallies:
        tally = outcome.tallies
        return found_of(
            sum(one.found for one in tally),
            sum(one.required for one in tally),
            sum(one.marks for one in tally),
            sum(one.sound_marks for one in tally),
        )
    codes = Counter(finding.code for finding in outcome.findings)
    if any(unit.unit for unit in outcome.units) or codes["missed"]:
        return placed_of(codes["right"], codes["right"] + codes["wrong"] + codes["missed"])
    if outcome.fraction == 1:
        return _("That is right.")
    if outcome.fraction:
        return _("Right in part.")
    return _("Not this time. Here is why.")


def verdict(outcome: Outcome, *, waits: bool = True) -> tuple[str, str]:
    """A code for the sign, and words, for one item in a list of results."""
    if is_unclear(outcome):
        return "unanswered", _("Could not be read")
    if not outcome.answered:
        return "unanswered", _("Left open")
    if outcome.fraction is None:
        return ("waiting", _("Waits for your teacher")) if waits else ("read", _("Read"))
    if outcome.fraction == 1:
        return "right", _("Right")
    return ("partly", _("Right in part")) if outcome.fraction else ("wrong", _("Not yet"))


def joined(sentences: Iterable[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
