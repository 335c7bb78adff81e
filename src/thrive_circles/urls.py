"""Addresses of the circle's part of the API, to be mounted where the points API is, before it."""

from django.urls import path

from thrive_circles.http import ThriveCircleView

app_name = "circles_api"

urlpatterns = [
    path("me/thrive-circle/", ThriveCircleView.as_view(), name="my-thrive-circle"),
    path(
        "members/<str:member>/thrive-circle/",
        ThriveCircleView.as_view(),
        name="member-thrive-circle",
    ),
]
