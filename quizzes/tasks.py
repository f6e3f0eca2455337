"""What a question that is drafted from annotations asks of its learners, in words."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.drafting import granularity

TASKS: dict[str, Promise] = {
    "attribution": gettext_lazy(
        "Mark each sentence that makes a claim which needs a source and names none. "
        "It may be that there is nothing to mark."
    ),
    "loaded-language": gettext_lazy(
        "Mark every word with which the report itself judges. It may be that there is nothing to mark."
    ),
}


def marking_task(skills: Sequence[str]) -> str:
    """The task of a marking item that asks for these skills, by their slugs; there is at least one."""
    known = TASKS.get(skills[0]) if len(skills) == 1 else None
    if known:
        return str(known)
    return (
        _("Mark each sentence that is to be found. It may be that there is nothing to mark.")
        if granularity(skills) == "sentences"
        else _("Mark every word that is to be found. It may be that there is nothing to mark.")
    )
