"""The endpoint that serves the API's description."""

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from thrive_points.http.base import ApiView
from thrive_points.http.schema import document


class DescriptionView(ApiView):
    """The OpenAPI document as JSON, for anyone."""

    schema = None
    permission_classes = [AllowAny]

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Answer the document."""
        return Response(document())
