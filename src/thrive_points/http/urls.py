"""Addresses of the API, below wherever the site mounts them."""

from django.urls import path, re_path

from thrive_points.http import views
from thrive_points.http.base import NothingHere
from thrive_points.http.description import DescriptionView

app_name = "points_api"

_POINTS = (
    ("points/", views.ProgressView, "points"),
    ("points/by-category/", views.ByCategoryView, "by-category"),
    ("points/history/", views.HistoryView, "history"),
    ("points/activities/", views.ActivitiesView, "activities"),
)

urlpatterns = [
    *(path(f"me/{where}", view.as_view(), name=f"my-{name}") for where, view, name in _POINTS),
    *(
        path(f"members/<str:member>/{where}", view.as_view(), name=f"member-{name}")
        for where, view, name in _POINTS
    ),
    path("openapi.json", DescriptionView.as_view(), name="description"),
    re_path("", NothingHere.as_view(), name="nothing"),
]
