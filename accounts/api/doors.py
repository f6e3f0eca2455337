"""What every view set of the API does: reads with tags, writes under a lock with a note for the log."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import tags
from accounts.api.access import Grant, Scoped, scopes_of
from accounts.api.bodies import validated
from accounts.api.filters import Narrowed
from accounts.api.signals import written


class Door(viewsets.GenericViewSet[Any]):
    """The parent of the view sets for programs. A subclass names its rows, its serializer and its scopes.

    `scopes` maps an action to the scope that it needs, or to several of which one is enough; `rows()` are
    the rows that the caller sees; rows are named by UUID. `filterset_class` (of django-filter) narrows its
    list, `changed` names the moment by which `updated_since` looks. `for_people` lets signed-in persons in too.
    """

    permission_classes = [Scoped]
    filter_backends = [Narrowed]
    #: Parameters that the list takes besides those of every list and its filters.
    parameters: frozenset[str] = frozenset()
    changed = "updated_at"
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    scopes: Mapping[str, str | tuple[str, ...]] = {}
    for_people = False
    #: Without OPTIONS: what it would tell is in the schema.
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    #: Whether a change must name the state that it was made from.
    tag_required = False
    #: The actions besides changes that act on a state, and whether they must name it.
    tags_for: Mapping[str, bool] = {}
    #: The actions that must name it for some of what can be sent: `match` says for what.
    tag_at_times: frozenset[str] = frozenset()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Moments are told in UTC, in whatever zone the pages show them to this reader."""
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    def rows(self) -> "QuerySet[Any]":
        raise NotImplementedError

    def get_queryset(self) -> "QuerySet[Any]":
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return self.rows()

    def beside(self, rows: Sequence[Any]) -> dict[str, Any]:
        """What the serializer is told besides the rows that it shows: looked up once for all of them."""
        return {}

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        rows: Sequence[Any] = (args[0] if kwargs.get("many") else args[:1]) if args else ()
        kwargs["context"] = {**self.get_serializer_context(), **self.beside(rows)}
        return super().get_serializer(*args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        reply = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(request._request, "rate_limit", {}).items():
            reply[name] = value
        return reply

    def tagged(
        self, request: Request, shown: Any, *, of: Any = None, code: int = status.HTTP_200_OK
    ) -> Response:
        """What is shown, with its ETag (or the one of `of`); 304 without it where the program has it already."""
        tag = tags.tag_of(shown if of is None else of)
        if code == status.HTTP_200_OK and request.method in {"GET", "HEAD"} and tags.is_known(request, tag):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        return Response(shown, status=code, headers={"ETag": tag})

    def shown(self, row: Any) -> Any:
        """The row as the API shows it."""
        return self.get_serializer(row).data

    def again(self, row: Any) -> Any:
        """The row as it is now, with all that is shown of it."""
        return self.rows().get(pk=row.pk)

    def match(self, request: Request, shown: Any) -> None:
        """Refuse where If-Match names another state than `shown`, or has to and does not. Under the row's lock."""
        required = self.tags_for.get(self.action, self.tag_required)
        tags.check_match(request, tags.tag_of(shown), required=required)

    def note(self, request: Request, row: Any, *, before: Any = None, after: Any = None) -> None:
        """Tell the log of a write; to be called in its transaction."""
        if isinstance(request.auth, Grant):
            scope = next((one for one in scopes_of(self) if one in request.auth.scopes), "")
            written.send(
                sender=type(row),
                grant=request.auth,
                request=request,
                scope=scope,
                row=row,
                before=before,
                after=after,
            )


class Paged(mixins.ListModelMixin, Door):
    """Rows can be listed, with tags."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of them; its tag is of the rows only, because the mark moves on with the clock."""
        page = super().list(request, *args, **kwargs)
        return self.tagged(request, page.data, of=[page.data["results"], page.data["next"] is None])


class Listed(Paged):
    """Rows can be listed and read, with tags."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.tagged(request, self.shown(self.get_object()))


class Changed(Listed):
    """Rows can be changed too. A subclass says by which verb: `change`."""

    def change(self, request: Request, row: Any, given: dict[str, Any]) -> Any:
        raise NotImplementedError

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        def change(row: Any) -> Any:
            given = validated(self.get_serializer(row, data=request.data, partial=True))
            return self.change(request, row, given)

        return self.tagged(request, self.act(request, change))

    def act(self, request: Request, verb: Callable[[Any], Any]) -> Any:
        """Do something to the row in the address, which is held meanwhile, and tell the log; what is shown then.

        Refused where If-Match names another state. `verb` returns the row as it is then, None if it is gone.
        """
        with transaction.atomic():
            row = self._locked()
            before = self.shown(row)
            self.match(request, before)
            left = verb(row)
            after = None if left is None else self.shown(left)
            self.note(request, row, before=before, after=after)
        return after

    def _locked(self) -> Any:
        """The row, held until the transaction ends. Its plain row is locked: what is joined is not."""
        row = self.get_object()
        type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
        row.refresh_from_db()
        return row


class Written(Changed):
    """Rows can be made as well. A subclass says by which verb: `make`."""

    def make(self, request: Request, given: dict[str, Any]) -> Any:
        raise NotImplementedError

    def replaced(self, request: Request, given: dict[str, Any]) -> Any:
        """The row that `make` will change instead of making one, held; None where there is none."""
        return None

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = validated(self.get_serializer(data=request.data))
        with transaction.atomic():
            there = self.replaced(request, given)
            before = None if there is None else self.shown(there)
            if before is not None:  # a POST that changes a row keeps to what If-Match says, as a change does
                tags.check_match(request, tags.tag_of(before), required=False)
            row = self.make(request, given)
            shown = self.shown(row)
            self.note(request, row, before=before, after=shown)
        return self.tagged(request, shown, code=status.HTTP_201_CREATED)


class Ended(Written):
    """Rows can be taken back, too. A subclass says by which verb: `end`."""

    def end(self, request: Request, row: Any) -> Any:
        """Take it back. The row as it is then; None where it is gone."""
        raise NotImplementedError

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.act(request, lambda row: self.end(request, row))
        return Response(status=status.HTTP_204_NO_CONTENT)
