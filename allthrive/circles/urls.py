from django.urls import path

from allthrive.circles import views

app_name = "circles"
urlpatterns = [
    path("", views.index, name="index"),
    path("past/", views.past, name="past"),
    path("join/", views.join, name="join"),
    path("check-in/", views.check_in, name="check_in"),
    path("events/<int:mate>/<int:number>/react/", views.react, name="react"),
]
