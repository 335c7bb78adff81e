"""Events in: what services report. Mount `thrive_connect.urls` before the points API."""

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError, transaction
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from thrive_connect.keys import key_of, spend
from thrive_connect.models import ServiceKey
from thrive_points.conf import points_settings
from thrive_points.core.event import Outcome
from thrive_points.exceptions import PointsError
from thrive_points.http.base import ApiView
from thrive_points.http.problems import problem
from thrive_points.ledger.results import AwardResult
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService
from thrive_points.sql.values import writing_connection
from thrive_points.typing import AwardEvent

MOST_EVENTS = 1_000
EVENT_BYTES = 16 * 1024
BATCH_BYTES = 8 * 1024 * 1024
DEEPEST = 32
WAIT_SECONDS = 5
FIELDS = ("member", "activity_type", "event_key", "occurred_at", "metadata")
NEEDED = ("member", "activity_type")


class Busy(exceptions.APIException):
    """Another request holds the member's account."""

    status_code = 409
    default_detail = (
        "Another request about this member, perhaps this very one, is still being answered. "
        "Send it again: it counts once."
    )
    wait = 1


class TooLarge(exceptions.APIException):
    """The body is larger than any event needs."""

    status_code = 413


class Conflict(exceptions.APIException):
    """The event's key names something else already."""

    status_code = 422


class Caller:
    """Who a request comes from: a service, which is no member of the site."""

    is_authenticated = True

    def __init__(self, key: ServiceKey) -> None:
        self.key = key
        self.pk = f"service-{key.pk}"

    def has_perm(self, permission: str) -> bool:
        """A service has the permissions of no member."""
        return False


class ServiceKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer tp_...`."""

    def authenticate(self, request: Request) -> tuple[Any, ServiceKey]:
        """Return the service whose key was sent.

        Raises:
            NotAuthenticated, AuthenticationFailed: there is none, or it may not be used.
        """
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise exceptions.NotAuthenticated("A service's key is needed: Authorization: Bearer")
        key = key_of(text.strip())
        if key is None:
            raise exceptions.AuthenticationFailed(
                "The key is unknown, was revoked, or has expired."
            )
        return Caller(key), key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="events"'


class IsService(BasePermission):
    """A key is needed, and nothing else counts."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, ServiceKey)


class BoundedJSON(BaseParser):
    """JSON of bounded size and depth, without NaN and without a name given twice."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return what a body says.

        Raises:
            TooLarge: it has more bytes than any event needs; no more of it is read.
            ParseError: it is no such JSON.
        """
        most = parser_context["view"].most_bytes
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge(f"The body has more than {most:,} bytes.")
        try:
            value = json.loads(
                body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse_constant
            )
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(f"The body is not JSON: {str(error)[:200]}") from None
        if not _is_shallow(value, DEEPEST):
            raise exceptions.ParseError(f"The body is nested more than {DEEPEST} deep.")
        return value


class EventsIn(ApiView):
    """What both addresses share."""

    http_method_names = ["post"]
    schema = None
    authentication_classes = [ServiceKeyAuthentication]
    permission_classes = [IsService]
    throttle_classes: list[Any] = []
    parser_classes = [BoundedJSON]
    most_bytes = EVENT_BYTES

    def data_of(self, request: Request) -> dict[str, Any]:
        """Return the body, an object."""
        if not isinstance(request.data, dict):
            raise exceptions.ParseError("The body is not a JSON object.")
        return request.data

    def spend(self, request: Request, events: int) -> None:
        """Take events from what the key may report this minute.

        Raises:
            Throttled: it is more than is left.
        """
        if wait := spend(request.auth, events):
            raise exceptions.Throttled(wait, "The key has reported its events of this minute.")

    def dry_run(self, request: Request) -> bool:
        """Return whether nothing is to be written."""
        given = request.query_params.get("dry_run", "false")
        if given not in ("true", "false"):
            raise exceptions.ValidationError(
                {"dry_run": [f"dry_run is {given[:40]!r}; true or false"]}
            )
        return given == "true"


class EventView(EventsIn):
    """One event: 201 at first, 200 with the first answer when it is sent again."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        """Award one event, or say what it would be awarded."""
        given = dict(self.data_of(request))
        header = request.headers.get("Idempotency-Key")
        if header and given.setdefault("event_key", header) != header:
            raise exceptions.ValidationError(
                {"event_key": ["event_key and the Idempotency-Key header differ; give one"]}
            )
        self.spend(request, 1)
        event = _event_of(given, request.auth)
        try:
            with _locks_bounded(), _written_unless(self.dry_run(request)):
                result = PointsService.award_points(**event)
        except PointsError as error:
            raise _misuse(error) from error
        return Response(*_answer(result))


class EventBatchView(EventsIn):
    """Up to 1,000 events, each with a result of its own: one that is wrong stops no other."""

    most_bytes = BATCH_BYTES

    def post(self, request: Request, **kwargs: Any) -> Response:
        """Award the events in the order given."""
        events = self.data_of(request).get("events")
        if not isinstance(events, list) or not 1 <= len(events) <= MOST_EVENTS:
            raise exceptions.ValidationError(
                {"events": [f"events: a list of 1 to {MOST_EVENTS:,} events is needed"]}
            )
        self.spend(request, len(events))
        results: list[dict[str, Any]] = [{} for _ in events]
        taken: list[tuple[int, AwardEvent]] = []
        for position, given in enumerate(events):
            try:
                if not isinstance(given, dict):
                    raise exceptions.ParseError("The event is not a JSON object.")
                taken.append((position, _event_of(given, request.auth)))
            except exceptions.APIException as error:
                results[position] = _refused(error)
        with _locks_bounded(), _written_unless(self.dry_run(request)):
            answers = PointsService.award_stream(
                (event for _, event in taken), batch_size=MOST_EVENTS, on_error="report"
            )
            for (position, _), answer in zip(taken, answers, strict=True):
                if isinstance(answer, PointsError):
                    results[position] = _refused(_misuse(answer))
                    continue
                try:
                    body, status = _answer(answer)
                    results[position] = {"status": status, "result": body}
                except Conflict as error:
                    results[position] = _refused(error)
        return Response({"results": results})


def _event_of(given: Mapping[str, Any], key: Any) -> AwardEvent:
    """Return the arguments of an award that a body describes.

    Raises:
        ValidationError: names the fields at fault.
        PermissionDenied: the key's scope does not hold the activity type.
    """
    errors: dict[str, list[str]] = {}
    for name in sorted(given.keys() - set(FIELDS), key=str):
        errors[str(name)[:40]] = [f"unknown; allowed are {', '.join(FIELDS)}"]
    for name in NEEDED:
        if given.get(name) in (None, ""):
            errors[name] = [f"{name} is needed"]
    if errors:
        raise exceptions.ValidationError(errors)
    activity_type = given["activity_type"]
    if not isinstance(activity_type, str):
        raise exceptions.ValidationError({"activity_type": ["activity_type: text is needed"]})
    if not key.may_report(activity_type):
        raise exceptions.PermissionDenied(
            f"The key may not report {activity_type[:60]!r}; it may report "
            f"{', '.join(key.activity_types)}."
        )
    return {
        "user": _member(given["member"]),
        "activity_type": activity_type,
        "metadata": given.get("metadata"),
        "event_key": given.get("event_key"),
        "occurred_at": _instant(given.get("occurred_at")),
    }


def _member(value: Any) -> Any:
    """Return the member a service means: by the site's hook, or by primary key."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise exceptions.ValidationError({"member": ["member: text or a number is needed"]})
    hook = points_settings().member
    users = get_user_model()._default_manager
    try:
        member = hook(value) if hook else users.get(pk=value)
    except (users.model.DoesNotExist, ValueError, OverflowError, DjangoValidationError):
        member = None
    if member is None:
        raise exceptions.ValidationError({"member": [f"There is no member {str(value)[:40]!r}."]})
    return member


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise exceptions.ValidationError(
            {
                "occurred_at": [
                    f"occurred_at is {str(value)[:40]!r}; an instant such as "
                    "2026-03-01T12:00:00+00:00 is needed"
                ]
            }
        ) from None


def _answer(result: AwardResult) -> tuple[dict[str, Any], int]:
    """Return the body and the status that tell of a result."""
    if result.outcome is Outcome.CONFLICT:
        raise Conflict(
            f"event_key {result.event_key!r} names another event already, which differs in "
            f"{', '.join(result.differs) or 'its activity type'}."
        )
    return result.as_dict(), 200 if result.outcome is Outcome.DUPLICATE else 201


def _misuse(error: PointsError) -> exceptions.APIException:
    field = getattr(error, "field", None)
    if field:
        return exceptions.ValidationError({str(field): [str(error)]})
    return exceptions.ParseError(str(error))


def _refused(error: exceptions.APIException) -> dict[str, Any]:
    response = problem(error.status_code, _words(error.detail))
    return {"status": error.status_code, "problem": response.data}


def _words(detail: Any) -> str:
    if isinstance(detail, Mapping):
        return " ".join(_words(part) for part in detail.values())
    if isinstance(detail, list):
        return " ".join(map(str, detail))
    return str(detail)


@contextmanager
def _locks_bounded() -> Iterator[None]:
    """Wait for another request about the same member for a few seconds, and no longer."""
    connection = writing_connection(PointsHistory)
    try:
        with transaction.atomic(using=connection.alias):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_SECONDS}s"]
                    )
            yield
    except OperationalError as error:
        # On SQLite the connection's own timeout has passed.
        if "lock" not in str(error):
            raise
        raise Busy from error


@contextmanager
def _written_unless(dry_run: bool) -> Iterator[None]:
    """Roll back what was written, if it was only asked what would be."""
    alias = writing_connection(PointsHistory).alias
    with transaction.atomic(using=alias):
        yield
        if dry_run:
            transaction.set_rollback(True, using=alias)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice in one object")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _is_shallow(value: Any, depth: int) -> bool:
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if isinstance(value, dict):
        return depth > 0 and all(_is_shallow(one, depth - 1) for one in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_shallow(one, depth - 1) for one in value)
    return True
