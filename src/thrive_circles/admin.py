"""Circles in the admin, to be looked at."""

from django.contrib import admin

from thrive_circles.models import Circle
from thrive_points.admin.base import ReadOnlyAdmin


@admin.register(Circle)
class CircleAdmin(ReadOnlyAdmin):
    """The circles of each week."""

    list_display = ("week", "level", "number")
    list_filter = ("level", "week")
    ordering = ("-week", "level", "number")
