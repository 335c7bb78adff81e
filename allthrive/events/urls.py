from django.urls import path

from allthrive.events import views

app_name = "events"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/rsvp/", views.rsvp, name="rsvp"),
    path("<int:pk>/check-in/", views.check_in, name="check_in"),
]
