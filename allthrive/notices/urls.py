from django.urls import path

from allthrive.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("read/", views.MarkRead.as_view(), name="mark_read"),
]
