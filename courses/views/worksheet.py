from uuid import UUID

from django.http import Http404, HttpResponse

from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
def worksheet(request: SignedInRequest, uuid: UUID, lesson: UUID) -> HttpResponse:
    raise Http404


@signed_in
def key(request: SignedInRequest, uuid: UUID, lesson: UUID) -> HttpResponse:
    raise Http404
