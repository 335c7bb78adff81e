from django.urls import path

from allthrive.mentoring import views

app_name = "mentoring"
urlpatterns = [
    path("", views.index, name="index"),
    path("offer/", views.offer, name="offer"),
    path("ask/<int:pk>/", views.ask, name="ask"),
    path("sessions/<int:pk>/", views.detail, name="detail"),
    path("sessions/<int:pk>/answer/", views.answer, name="answer"),
    path("sessions/<int:pk>/confirm/", views.confirm, name="confirm"),
]
