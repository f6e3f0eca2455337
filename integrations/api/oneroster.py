"""OneRoster packages, for programs."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import need
from accounts.api.bodies import validated
from accounts.api.doors import Door
from accounts.api.files import zip_file
from accounts.api.filters import refuse_unknown
from accounts.api.references import caller, organisation_of
from accounts.api.refusing import Refused
from accounts.models import Cohort
from accounts.roster.rows import RosterBusy
from integrations.oneroster.archives import LARGEST, OneRosterRefused
from integrations.oneroster.bringing_in import bring_in
from integrations.oneroster.columns import REQUIRED
from integrations.oneroster.results import with_results
from integrations.oneroster.writing import Sources, packed, rosters

ZIP = "application/zip"


class ZipParser(BaseParser):
    """A zip as the whole body."""

    media_type = ZIP

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream.read(LARGEST + 1)


class ZipRenderer(BaseRenderer):
    """Lets a program ask for a zip; what it gets is made by the view."""

    media_type = ZIP
    format = "zip"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        return data


class PackageSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="The zip: manifest.csv and the files that it names, in no folder.")


class ReportSerializer(serializers.Serializer[Any]):
    """What became of classes and places."""

    classes = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many were created, updated, archived, unchanged."
    )
    memberships = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many were created, updated (or ended), unchanged."
    )
    archived = serializers.ListField(
        child=serializers.CharField(),
        help_text="Ids of classes that are over on this site: they and their places were left alone.",
    )


#: What a package is, for those who make one.
_PACKAGE = (
    "Bring in a package: all of it, or nothing. The same again changes nothing.\n\n"
    "The body is a zip, either as it is (`application/zip`) or as the field `file` of a form "
    f"(`multipart/form-data`); at most {LARGEST / 1_000_000} MB, and 1.5 MB with an Idempotency-Key. In it, in no "
    "folder and in UTF-8, are `manifest.csv` and the files that it names. The manifest has the columns "
    "`propertyName` and `value`; `oneroster.version` is 1.2, and `file.users` and its like are bulk, delta or absent. "
    "`users.csv`, `classes.csv` and `enrollments.csv` are read, and must be there in bulk; `orgs.csv`, `courses.csv` "
    "and `academicSessions.csv` are read where they are there. A delta may leave any out.\n\n"
    "Columns that must be there: "
    + "; ".join(f"`{name}.csv` " + ", ".join(columns) for name, columns in REQUIRED.items())
    + ". A delta has `status` too.\n\n"
    "Refused with 422 `oneroster-refused`, and a pointer to each fault: file, line and column, such as "
    "`/enrollments.csv/17/role`."
)


class OneRosterImportViewSet(Door):
    """A school's roster as OneRoster 1.2 CSV."""

    serializer_class = PackageSerializer
    parser_classes = [ZipParser, MultiPartParser]
    filter_backends: list[Any] = []
    pagination_class = None
    scopes = {"create": "roster:write"}

    @extend_schema(
        description=_PACKAGE,
        request={ZIP: OpenApiTypes.BINARY, "multipart/form-data": PackageSerializer},
        responses={200: ReportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Bring in a package: all of it, or nothing."""
        data = request.data
        if not isinstance(data, bytes):
            data = validated(PackageSerializer(data=data))["file"].read(LARGEST + 1)
        try:
            report = bring_in(
                by=caller(request),
                organisation=organisation_of(request),
                data=data,
                note=lambda row, before, after: self.note(request, row, before=before, after=after),
            )
        except OneRosterRefused as refused:
            raise _refused(refused) from refused
        except RosterBusy as busy:
            raise Refused(
                _("These people are being changed. Send it again."), "busy", conflict=True
            ) from busy
        said = {"classes": report.classes, "memberships": report.places, "archived": report.archived}
        return Response(ReportSerializer(said).data)


class OneRosterExportViewSet(Door):
    """Rosters, and results, as OneRoster 1.2 CSV."""

    serializer_class = PackageSerializer
    renderer_classes = [ZipRenderer, JSONRenderer]
    filter_backends: list[Any] = []
    pagination_class = None
    scopes = {"list": "roster:read"}

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "cohort", OpenApiTypes.UUID, description="One class; else all that are not over."
            ),
            OpenApiParameter(
                "results",
                OpenApiTypes.BOOL,
                description="true: with lineItems and results. Needs the scope grades:read too.",
            ),
        ],
        responses={(200, ZIP): OpenApiTypes.BINARY},
    )
    def list(self, request: Request) -> HttpResponse:
        """A zip of the organisation's classes and who is in them. Scores that are held are not in it."""
        refuse_unknown(request, {"cohort", "results"})
        results = _flag(request, "results")
        if results:
            need(request, "grades:read")
        seen = Cohort.objects.visible_to(request.user)
        if "cohort" in request.query_params:
            uuid = serializers.UUIDField().run_validation(request.query_params["cohort"])
            cohorts = [get_object_or_404(seen, uuid=uuid)]
        else:
            cohorts = list(seen.active().order_by("pk"))
        sources = Sources(organisation_of(request), cohorts)
        files = with_results(sources, now=timezone.now()) if results else rosters(sources)
        return zip_file(request, packed(files), name="oneroster")


def _flag(request: Request, name: str) -> bool:
    given = request.query_params.get(name, "false")
    if given not in ("true", "false"):
        raise ValidationError({name: [_("Say true or false.")]})
    return given == "true"


def _refused(error: OneRosterRefused) -> Refused:
    """Every fault, by file, line and column."""
    found: dict[str, Any] = {}
    for fault in error.faults:
        place = "/".join(filter(None, (fault.file, str(fault.line or ""), fault.column)))
        found.setdefault(place, []).append(ErrorDetail(fault.message, "invalid"))
    return Refused(found, "oneroster-refused")
