"""The admin, one face over the services and the selectors; Django's autodiscovery reads this."""

from thrive_points.admin import members

__all__ = ["members"]
