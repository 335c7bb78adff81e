"""Routes: the admin, and every installed feature under the prefix it declares."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

from allthrive.features import FeatureConfig

urlpatterns = [
    path("admin/", admin.site.urls),
    *(
        path(config.url_prefix, include(f"{config.name}.urls"))
        for config in apps.get_app_configs()
        if isinstance(config, FeatureConfig)
    ),
]
