from django.urls import path

from allthrive.mentoring import views

app_name = "mentoring"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("offer/", views.Offer.as_view(), name="offer"),
    path("ask/<int:pk>/", views.Ask.as_view(), name="ask"),
    path("sessions/<int:pk>/", views.SessionPage.as_view(), name="detail"),
    path("sessions/<int:pk>/answer/", views.Answer.as_view(), name="answer"),
    path("sessions/<int:pk>/write/", views.Write.as_view(), name="write"),
    path("sessions/<int:pk>/confirm/", views.Confirm.as_view(), name="confirm"),
]
