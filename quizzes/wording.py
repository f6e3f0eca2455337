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

#: Why what was typed is not judged. A page may say so before any feedback: no key is needed for it.
NOTICES = {
    "unreadable": gettext_lazy("This cannot be read as a number. Type it again."),
    "unknown_unit": gettext_lazy("This unit is not known here. Type the number with another unit."),
}


#: Findings that a regrade adds: everybody has the point; the question does not count.
GRANTED, LEFT_OUT = "granted", "left_out"
#: Findings of a person who graded: the level of a criterion (`ref`), and words to the learner.
LEVEL, COMMENT = "level", "comment"


def has(outcome: Outcome, code: str) -> bool:
    return any(finding.code == code for finding in outcome.findings)


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


def got_of(right: int, total: int) -> str:
    """Rows, gaps and other parts that are no sentences."""
    return _("You got %(right)s of %(total)s right.") % {"right": right, "total": total}


def placed_of(right: int, total: int) -> str:
    """Sentences that were sorted."""
    return ngettext(
        "You placed %(right)s of %(total)s sentence right.",
        "You placed %(right)s of %(total)s sentences right.",
        total,
    ) % {"right": right, "total": total}


def not_judged(outcome: Outcome) -> str:
    """Why an answer that was given is not judged; "" for one that is, or that was left open."""
    codes = [finding.code for finding in outcome.findings if finding.code in NOTICES]
    return str(NOTICES[codes[0]]) if codes and not outcome.answered else ""


def is_neutral(outcome: Outcome) -> bool:
    """Whether all that was marked lies where readers differ: it is no answer, and not nothing either."""
    marked = any(one.code == "differ" and one.response == "marked" for one in outcome.findings)
    return marked and not outcome.answered


def headline(outcome: Outcome, *, sorts_sentences: bool = False, practice: bool = False) -> str:
    """One item's result in a sentence. In practice nobody comes to what the rules cannot score."""
    if has(outcome, LEFT_OUT):
        return _("This question does not count.")
    if has(outcome, GRANTED):
        return _("Everyone gets the point for this one.")
    if has(outcome, LEVEL):
        return _("Your teacher has read this one.")
    if is_neutral(outcome):
        return _("Readers differ about what you marked: no points either way.")
    if not outcome.answered:
        return _("What you typed could not be read.") if not_judged(outcome) else _("You left this one open.")
    if outcome.fraction is None:
        if practice:
            return _("Read. Here is a hint, not a grade.")
        return _("Your teacher reads this one.")
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
        read_out = placed_of if sorts_sentences else got_of
        return read_out(codes["right"], codes["right"] + codes["wrong"] + codes["missed"])
    if outcome.fraction == 1:
        return _("That is right.")
    if codes["unit_missing"]:
        return _("The number is right. Its unit is missing.")
    if outcome.fraction:
        return _("Right in part.")
    return _("Not this time. Here is why.")


def verdict(outcome: Outcome, *, practice: bool = False) -> tuple[str, str]:
    """A code for the sign, and words, for one item in a list of results."""
    if has(outcome, LEFT_OUT):
        return "unanswered", _("Does not count")
    if has(outcome, GRANTED):
        return "right", _("Point for everyone")
    if is_neutral(outcome):
        return "unanswered", _("No points either way")
    if not outcome.answered:
        return "unanswered", _("Could not be read") if not_judged(outcome) else _("Left open")
    if outcome.fraction is None:
        return ("read", _("Read")) if practice else ("waiting", _("Waits for your teacher"))
    if outcome.fraction == 1:
        return "right", _("Right")
    return ("partly", _("Right in part")) if outcome.fraction else ("wrong", _("Not yet"))


def joined(sentences: Iterable[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
