"""What every endpoint shares: who may ask, how errors look, and when nothing has changed."""

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from rest_framework.exceptions import MethodNotAllowed, NotAcceptable, NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from thrive_points.http import problems
from thrive_points.http.schema import PointsSchema

STAFF_PERMISSION = "thrive_points.view_pointshistory"
KEPT_WHEN_UNCHANGED = ("ETag", "Cache-Control")


class MayReadMembers(BasePermission):
    """Allows users with the permission to read others' points."""

    message = f"Reading another member's points needs the permission {STAFF_PERMISSION}."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.has_perm(STAFF_PERMISSION))


class JSONOnly(DefaultContentNegotiation):
    """Goes by the Accept header alone: `?format=` is no parameter of this API."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            raise NotAcceptable("Only application/json can be had.", renderers) from None

    def filter_renderers(self, renderers: Iterable[Any], format: str) -> list[Any]:
        return list(renderers)


class ApiView(APIView):
    """Answers GET and HEAD as JSON, errors as problem documents, and 304 when it can.

    Everything but authentication and throttling is set here, so that a host's own API and
    this one do not depend on each other's settings.
    """

    http_method_names = ["get", "head"]
    renderer_classes = [JSONRenderer]
    permission_classes = [IsAuthenticated]
    content_negotiation_class = JSONOnly
    versioning_class = None

    as_sent: HttpRequest
    """The request as Django gave it; the framework's own takes its place in `request`."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Keep the request that error reporters know."""
        super().setup(request, *args, **kwargs)
        self.as_sent = request

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse other methods before anything else: who asks makes no difference to that."""
        if (request.method or "").lower() not in self.http_method_names:
            detail = f"{request.method} is not possible here; allowed are GET and HEAD."
            raise MethodNotAllowed(request.method or "", detail)
        super().initial(request, *args, **kwargs)

    def get_exception_handler(self) -> Callable[..., Response]:
        """Answer every error as a problem document."""
        return problems.respond

    def get_authenticate_header(self, request: Request) -> str:
        """Name a scheme even for sessions, so that signed-out people get 401 and not 403."""
        return super().get_authenticate_header(request) or 'Session realm="api"'

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Let browsers keep an answer, but ask each time whether it still holds."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(response, private=True, no_cache=True)
            response.add_post_render_callback(self._unless_unchanged)
        else:
            patch_cache_control(response, no_store=True)
        return response

    def _unless_unchanged(self, response: HttpResponse) -> HttpResponse | None:
        etag = f'"{blake2b(response.content, digest_size=16).hexdigest()}"'
        response["ETag"] = etag
        known = parse_etags(self.request.headers.get("If-None-Match", ""))
        # Compared weakly: a proxy that compresses marks the tag it hands on as weak.
        if known != ["*"] and etag not in [tag.removeprefix("W/") for tag in known]:
            return None
        unchanged = HttpResponseNotModified()
        for header in KEPT_WHEN_UNCHANGED:
            unchanged[header] = response[header]
        return unchanged


class MemberView(ApiView):
    """Answers about the signed-in member; with `member` in the address, staff about another.

    Subclasses name the serializer of their answer, that of their parameters if they take any,
    and read the answer from the selectors.
    """

    schema = PointsSchema()
    operation_id: ClassVar[str]
    answer: ClassVar[type[BaseSerializer[Any]]]
    query: ClassVar[type[Serializer[Any]] | None] = None

    def get_permissions(self) -> list[Any]:
        """Ask for the staff permission as soon as the address names a member."""
        needed = [MayReadMembers()] if "member" in self.kwargs else []
        return [*super().get_permissions(), *needed]

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Check the parameters, read, answer."""
        given: dict[str, Any] = {}
        if self.query is not None:
            # A plain dict: for a form, an empty field would count as left out.
            query = self.query(data=request.query_params.dict())
            query.is_valid(raise_exception=True)
            given = query.validated_data
        return Response(self.answer(self.read(self._member(), **given)).data)

    def read(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the serializer shows: takes the member, and the parameters by name."""
        raise NotImplementedError

    def _member(self) -> Any:
        if "member" not in self.kwargs:
            return self.request.user
        users = get_user_model()._default_manager
        try:
            return users.get(pk=self.kwargs["member"])
        except (users.model.DoesNotExist, ValueError, OverflowError, ValidationError):
            raise NotFound(f"There is no member {self.kwargs['member'][:40]!r}.") from None


class NothingHere(ApiView):
    """Answers for every address below the API that means nothing."""

    schema = None
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whatever the method or the person, there is nothing."""
        raise NotFound("There is nothing at this address. Those of this API end with a slash.")
