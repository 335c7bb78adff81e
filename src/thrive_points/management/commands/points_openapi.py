"""Print the API's OpenAPI document as this site mounts it. Needs the `api` extra."""

from typing import Any

from django.core.management.base import BaseCommand
from drf_spectacular.renderers import OpenApiYamlRenderer

from thrive_points.http.schema import document


class Command(BaseCommand):
    help = "Print the OpenAPI 3.1 document of the points API, as YAML."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(yaml().rstrip())


def yaml() -> str:
    """Return the document as YAML."""
    renderer: Any = OpenApiYamlRenderer()
    rendered: bytes = renderer.render(document(), renderer_context={})
    return rendered.decode()
