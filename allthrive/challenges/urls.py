from django.urls import path

from allthrive.challenges import views

app_name = "challenges"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("review/", views.Review.as_view(), name="review"),
    path("review/<int:pk>/complete/", views.Complete.as_view(), name="complete"),
    path("review/<int:pk>/answer/", views.Answer.as_view(), name="answer"),
    path("<int:pk>/", views.ChallengePage.as_view(), name="detail"),
    path("<int:pk>/opt-in/", views.OptIn.as_view(), name="opt_in"),
    path("<int:pk>/submit/", views.Submit.as_view(), name="submit"),
]
