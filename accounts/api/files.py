"""Files that a program fetches, tagged like everything else that it reads."""

import hashlib

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api import tags


def zip_file(request: Request, data: bytes, *, name: str) -> HttpResponse:
    """A ZIP file with its ETag; 304 without it where the program has these bytes already."""
    tag = tags.tag_of(hashlib.sha256(data).hexdigest())
    if tags.is_known(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"', "ETag": tag}
    return HttpResponse(data, content_type="application/zip", headers=headers)
