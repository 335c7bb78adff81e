"""Routes: the admin, and every installed feature under the prefix it declares."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path, re_path

from allthrive.features import FeatureConfig
from thrive_points.http.base import NothingHere

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("thrive_circles.urls")),
    path("api/v1/", include("thrive_connect.urls")),
    path("api/v1/", include("thrive_points.http.urls")),
    re_path(r"^api/", NothingHere.as_view()),
    *(
        path(config.url_prefix, include(f"{config.name}.urls"))
        for config in apps.get_app_configs()
        if isinstance(config, FeatureConfig)
    ),
]
