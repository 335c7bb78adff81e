"""The API's own description, OpenAPI 3.1, made from the views."""

from collections.abc import Sequence
from functools import cache
from inspect import getdoc
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import patched_settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from drf_spectacular.validation import validate_schema

from thrive_points.http import problems

# drf-spectacular has no types for these two.
_Generator: Any = SchemaGenerator
_validate: Any = validate_schema

SETTINGS: dict[str, Any] = {
    "TITLE": "Thrive Points",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": (
        "What members earned, where it came from and what they can earn next. It reads only: "
        "nothing here awards points. Errors are problem documents (RFC 9457). Answers carry an "
        "ETag; send it back as If-None-Match and get 304 while nothing has changed."
    ),
    "PREPROCESSING_HOOKS": ["thrive_points.http.schema.only_ours"],
    "ENUM_NAME_OVERRIDES": {"Category": "thrive_points.http.serializers.CATEGORIES"},
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}


def name_enum(name: str, path: str) -> None:
    """Give a choice of an endpoint above this app its name in the document.

    Args:
        name: what it is called.
        path: where its choices are.
    """
    SETTINGS["ENUM_NAME_OVERRIDES"][name] = path


REFUSALS = {
    400: "A parameter is wrong; the detail says what is allowed.",
    401: "Nobody is signed in.",
    403: "The address is another member's and the permission is missing.",
    404: "There is no such member.",
    406: "Only JSON can be had.",
}


class PointsSchema(AutoSchema):
    """Describes an endpoint by what its view declares, so that none needs a decorator."""

    view: Any

    def get_operation_id(self) -> str:
        """Name the operation after the view and whose address it is."""
        return f"{'member' if self._of_another else 'my'}_{self.view.operation_id}"

    def get_summary(self) -> str:
        """Return the first line of what the view says of itself."""
        return self._doc_lines()[0]

    def get_description(self, path: str = "", method: str = "") -> str:
        """Return the rest of it."""
        return "\n".join(self._doc_lines()[1:]).strip()

    def get_tags(self) -> list[str]:
        """Group the endpoints by whose they are."""
        return ["Another member, for staff" if self._of_another else "Me"]

    def get_override_parameters(self) -> list[Any]:
        """Return the query's parameters, and the headers of a conditional request."""
        known = OpenApiParameter(
            "If-None-Match",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            description="The ETag of the answer that is known already.",
        )
        etag = OpenApiParameter(
            "ETag",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            response=[200, 304],
            description="Changes when the answer does.",
        )
        query = [self.view.query] if self.view.query else []
        return [*query, known, etag]

    def get_request_serializer(self) -> None:
        """No endpoint takes a body."""

    def get_response_serializers(self) -> Any:
        """Return the answer, the answer that nothing changed, and every refusal."""
        from thrive_points.http.serializers import Problem

        answers: dict[Any, Any] = {
            200: OpenApiResponse(response=self.view.answer, description="The answer."),
            304: OpenApiResponse(description="Nothing has changed."),
        }
        for status, description in REFUSALS.items():
            if status in (403, 404) and not self._of_another:
                continue
            if status == 400 and not self.view.query:
                continue
            answers[status, problems.MEDIA_TYPE] = OpenApiResponse(
                response=Problem, description=description
            )
        return answers

    def _doc_lines(self) -> list[str]:
        return (getdoc(type(self.view)) or "").splitlines()

    @property
    def _of_another(self) -> bool:
        return "{member}" in self.path


def only_ours(endpoints: Sequence[Any]) -> list[Any]:
    """Return the endpoints of this API, of all that a site has."""
    from thrive_points.http.base import MemberView

    return [
        endpoint
        for endpoint in endpoints
        if issubclass(getattr(endpoint[3], "cls", object), MemberView)
    ]


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document, with addresses as this site mounts them.

    Made once: the generator's settings are global while it runs.
    """
    with patched_settings(SETTINGS):
        made: dict[str, Any] = _Generator().get_schema(request=None, public=True)
        _validate(made)
    return made
