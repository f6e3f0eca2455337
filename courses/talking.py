"""What a class may talk about when a finding is on the wall: one question, by skill, in turn."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_ALWAYS: tuple[Promise, ...] = (
    _("Who would disagree, and with what in the text would they begin?"),
    _("What would have to be in the text for this to be fine?"),
    _("Say it again so that both sides would sign it. What is lost?"),
)
_BY_SKILL: dict[str, tuple[Promise, ...]] = {
    "attribution": (
        _("Who could know this, and how? Does the text name them?"),
        _("Which sentence nearby says where its claim is from? What is different there?"),
    ),
    "loaded-language": (
        _("Which word would you put there? Would all in this room accept it?"),
        _("If this were said of people whom you like, would you read over it?"),
    ),
    "text-type": (
        _("What does this sentence want from its reader: to know, to understand, or to do something?"),
        _("Which one word makes it so? Change it, and read it again."),
    ),
    "source-quality": (_("What could this source see for itself, and what was it told?"),),
    "quote-integrity": (_("What might stand before and after these words where they were said?"),),
    "quote-function": (_("Read it without the quotation marks. What changes?"),),
    "checkability": (_("Where would you look this up, and what would settle it?"),),
    "certainty": (_("How sure may one be of this? Which word says so?"),),
    "cause-and-motive": (_("What else came before it? Why was this one chosen?"),),
    "identity-framing": (_("What did these people do or say? Would the sentence need the label?"),),
    "missing-voices": (_("Who is spoken about here and does not speak? What would you ask them?"),),
    "call-to-action": (_("Who is to do what? Does the sentence say why?"),),
}


def question(skill: str, number: int) -> str:
    """The question for finding `number` (from 0) of `skill`; each comes up in turn, then the first again."""
    asked = (*_BY_SKILL.get(skill, ()), *_ALWAYS)
    return str(asked[number % len(asked)])
