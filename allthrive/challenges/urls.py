from django.urls import path

from allthrive.challenges import views

app_name = "challenges"
urlpatterns = [
    path("", views.index, name="index"),
    path("review/", views.review, name="review"),
    path("review/<int:pk>/complete/", views.complete, name="complete"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/opt-in/", views.opt_in, name="opt_in"),
    path("<int:pk>/submit/", views.submit, name="submit"),
]
