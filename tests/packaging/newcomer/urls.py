# Appended to the addresses that startproject writes.
from django.http import HttpResponse
from django.urls import include

CHART = """<!doctype html><script type="module" src="/static/thrive_points/points-by-category.js">
</script><points-by-category endpoint="/api/v1/me/points/by-category/"></points-by-category>"""

urlpatterns += [  # noqa: F821
    path("api/v1/", include("thrive_points.http.urls")),  # noqa: F821
    path("chart/", lambda request: HttpResponse(CHART)),  # noqa: F821
]
