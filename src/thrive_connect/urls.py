"""Addresses of the API for services, to be mounted where the points API is, before it."""

from django.urls import path

from thrive_connect.http import EventBatchView, EventView

app_name = "events_api"

urlpatterns = [
    path("events/", EventView.as_view(), name="events"),
    path("events/batch/", EventBatchView.as_view(), name="event-batch"),
]
