"""Every error as a problem document (RFC 9457)."""

from collections.abc import Iterator
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.log import log_response
from django.utils.translation import gettext, gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"

_OURS = gettext_lazy("Something went wrong on our side and was recorded. Please try again later.")


def respond(error: Exception, context: dict[str, Any]) -> Response:
    """Return the problem document for whatever a view raised.

    Args:
        error: an API error, one of Django's, or a defect.
        context: as Django REST framework gives it, with the view, an ApiView.
    """
    set_rollback()
    known = _as_api_exception(error)
    if known is None:
        return _defect(error, context["view"].as_sent)
    response = problem(known.status_code, _detail(known), list(_errors(known)))
    if header := getattr(known, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(known, "wait", None):
        response["Retry-After"] = str(ceil(wait))
    return response


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> Response:
    """Return a problem document.

    Args:
        status: HTTP status code; its phrase is the title, so the type is about:blank.
        detail: what was wrong and what is allowed, in plain words.
        errors: the parameters at fault, each with its own detail.
    """
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type=MEDIA_TYPE)


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    match error:
        case exceptions.APIException():
            return error
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied()
        case BadRequest() | SuspiciousOperation():
            return exceptions.ParseError(gettext("The request is malformed or too large."))
        case _:
            return None


def _detail(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return " ".join(item["detail"] for item in _errors(error))
    return str(error.detail)


def _errors(error: exceptions.APIException) -> Iterator[dict[str, str]]:
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        for parameter, details in error.detail.items():
            for detail in details:
                yield {"parameter": parameter, "detail": str(detail)}


def _defect(error: Exception, request: Any) -> Response:
    response = problem(HTTPStatus.INTERNAL_SERVER_ERROR, str(_OURS))
    # What Django does for an exception that leaves a view: error reporters listen to the signal.
    got_request_exception.send(sender=None, request=request)
    log_response(
        "Internal Server Error: %s",
        request.path,
        response=response,
        request=request,
        exception=error,
    )
    return response
