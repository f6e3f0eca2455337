"""ETags: a program that has the newest state is told so, and one that has not changes nothing.

The tag is a digest of what the API shows of a row; so whatever the program sees is what it compares.
"""

import hashlib
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request


class ChangedMeanwhile(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"
    default_detail = _(
        "This was changed since you read it. Read it again, and send your change with the new ETag."
    )


class TagRequired(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "if_match_required"
    default_detail = _("Send the ETag that you read in If-Match, so that nobody's change is written over.")


def tag_of(shown: Any) -> str:
    """The strong ETag of a representation (anything that renders as JSON)."""
    return f'"{hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether If-None-Match says that the program has this state already."""
    return _names(request.headers.get("If-None-Match", ""), tag)


def check_match(request: Request, tag: str, *, required: bool) -> None:
    """Raise ChangedMeanwhile unless If-Match names `tag`, TagRequired where it must be there and is not.

    Run under the row's lock, or two that read the same state both pass.
    """
    given = request.headers.get("If-Match", "")
    if not given:
        if required:
            raise TagRequired
        return
    # Weak too: what compresses answers on their way weakens the tag, and it is a digest of what is shown.
    if not _names(given, tag):
        raise ChangedMeanwhile


def _names(header: str, tag: str) -> bool:
    """Whether the list of tags in a header holds `tag`; "*" holds every tag. RFC 9110, section 13.1."""
    for part in header.split(","):
        named = part.strip()
        if named in {"*", tag, f"W/{tag}"}:
            return True
    return False
