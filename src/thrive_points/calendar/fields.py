"""A field by which a host's model keeps which zone held from when."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from thrive_points.calendar.zones import Zones

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class ZonesField(_TextField):
    """Keeps a member's zones as text: on each save it adds what became of another field.

    ```python
    class User(AbstractUser):
        timezone = models.CharField(max_length=64, default="UTC")
        zones = ZonesField(of="timezone")
    ```

    What writes rows without saving objects, such as `update()`, or a `save` whose `update_fields`
    leave this field out, changes no member's days until the next save. Rows that are older than
    the field get it by a migration: `User.objects.update(zones=F("timezone"))`.

    Args:
        of: name of the field with the zone the member has chosen.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"editable": False, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the zones with the chosen one, and keep them on the object."""
        kept, chosen = getattr(model_instance, self.attname), getattr(model_instance, self.of)
        if not kept:
            kept = chosen
        elif chosen and " " not in chosen and Zones(kept).zone != chosen:
            kept = Zones(kept).changed_to(chosen, timezone.now()).text
        setattr(model_instance, self.attname, kept)
        return kept
