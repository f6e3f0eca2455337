"""Importing a course from a bundle: all of it or nothing, by the same load as the command and the admin."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.bodies import Strict, validated
from accounts.api.doors import Door
from accounts.api.references import organisation_of
from accounts.models import Organisation
from courses.bundles.archive import MOST_UPLOADED, unpack
from courses.bundles.load import load, preview
from courses.bundles.stored import Change, Changes
from courses.models import Course

#: What each kind of row is called, by its table.
NOUNS = ("course", "module", "lesson", "article", "question", "quiz")


class CourseImportSerializer(Strict):
    """A bundle to import. A second import of the same bundle changes nothing."""

    file = serializers.FileField(
        allow_empty_file=True, help_text="A ZIP file of the bundle's plain text, 20 MB at most."
    )
    check = serializers.BooleanField(
        default=False, help_text="Only say what an import would do, or what is wrong; import nothing."
    )

    def validate_file(self, file: UploadedFile) -> UploadedFile:
        if (file.size or 0) > MOST_UPLOADED:
            most = MOST_UPLOADED // 1_000_000
            raise serializers.ValidationError(_("The file is too big: the most is %d MB.") % most)
        return file


class ChangeSerializer(serializers.Serializer[Change]):
    """What an import did with one row, or would do."""

    what = serializers.ChoiceField(["new", "changed", "unchanged", "archived", "restored"])
    resource = serializers.ChoiceField(NOUNS, source="row._meta.model_name")
    uuid = serializers.SerializerMethodField(
        help_text="Null for what is not here yet, because nothing was imported."
    )
    title = serializers.CharField()

    def get_uuid(self, change: Change) -> str | None:
        unborn = self.context["checked"] and change.what == "new"
        return None if unborn else str(change.row.uuid)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Imported",
            {
                "course": "9d0c2a7e-5c53-4c1f-8b36-0f6b7c1d2e3f",
                "checked": False,
                "changes": [
                    {
                        "what": "changed",
                        "resource": "article",
                        "uuid": "0b6c7a52-3c3e-4f0f-9a0e-1d6f3a1b2c3d",
                        "title": "The night ferry",
                    }
                ],
            },
        )
    ]
)
class ImportedSerializer(serializers.Serializer[Any]):
    """What an import did row by row, or, where it was only checked, would do."""

    course = serializers.UUIDField(
        allow_null=True, help_text="Null where a check found a course that is not here yet."
    )
    checked = serializers.BooleanField(help_text="True: nothing was imported.")
    changes = ChangeSerializer(many=True)


class CourseImportViewSet(Door):
    """Bundles are imported for the client's organisation, and published at once."""

    serializer_class = CourseImportSerializer
    parser_classes = [MultiPartParser]
    pagination_class = None
    scopes = {"create": "content:write"}

    @extend_schema(
        request={"multipart/form-data": CourseImportSerializer},
        responses={200: ImportedSerializer, 201: ImportedSerializer},
    )
    def create(self, request: Request) -> Response:
        """Import a course: all of it or nothing (422 with every fault, by file and line). What changed is published.

        Rows are found by their refs; what the bundle no longer has is archived. With `check` nothing is written.
        An Idempotency-Key is honoured up to 1.5 MB; without one a bundle may have 20, and the same again does nothing.
        """
        given = validated(CourseImportSerializer(data=request.data))
        checked: bool = given["check"]
        owner = organisation_of(request)
        with transaction.atomic():
            changes = _changes(given["file"], owner, checked=checked)
            shown = _shown(changes, checked=checked)
            if not checked:
                self.note(request, _course(changes), after=shown)
        return Response(shown, status=status.HTTP_200_OK if checked else status.HTTP_201_CREATED)


def _changes(file: UploadedFile, owner: Organisation, *, checked: bool) -> Changes:
    with TemporaryDirectory() as folder:
        unpack(file, Path(folder))  # type: ignore[arg-type]  # a file, and more
        return (preview if checked else load)(Path(folder), owner)[1]


def _course(changes: Changes) -> Course:
    return next(change.row for change in changes.rows if isinstance(change.row, Course))


def _shown(changes: Changes, *, checked: bool) -> Any:
    rows: Any = changes.rows
    listed = ChangeSerializer(rows, many=True, context={"checked": checked}).data
    course = next(one["uuid"] for one in listed if one["resource"] == "course")
    return {"course": course, "checked": checked, "changes": listed}
