"""The words that a learner reads for each skill, by slug, so that they can be translated.

The letter and the line of each skill's marks are in the stylesheet (`.k-<slug>`).
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Promise] = {
    "text-type": _("Reports, explains or urges?"),
    "attribution": _("Who says so?"),
    "source-quality": _("How good is the source?"),
    "quote-integrity": _("Is the quotation whole?"),
    "quote-function": _("What do the quote marks do?"),
    "loaded-language": _("Words that judge"),
    "checkability": _("Can it be checked?"),
    "certainty": _("How sure is it?"),
    "cause-and-motive": _("After, or because?"),
    "identity-framing": _("A label in place of a reason"),
    "missing-voices": _("Who is not heard?"),
    "call-to-action": _("Who is told to do what?"),
}


def title(slug: str) -> str:
    """What the skill is called on the screen; its slug, where no words were given."""
    return str(TITLES.get(slug, slug))
