"""A feature of the site: a Django app of its own, named in `settings.FEATURES`.

Its `apps.py` imports this module, not the class: Django takes an app's configuration from there
only where it finds a single one.
"""

from django.apps import AppConfig


class FeatureConfig(AppConfig):
    """The configuration of a feature app, with the prefix of its addresses."""

    url_prefix: str = ""
