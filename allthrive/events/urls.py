from django.urls import path

from allthrive.events import views

app_name = "events"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("<int:pk>/", views.EventPage.as_view(), name="detail"),
    path("<int:pk>/rsvp/", views.Rsvp.as_view(), name="rsvp"),
    path("<int:pk>/check-in/", views.CheckIn.as_view(), name="check_in"),
]
