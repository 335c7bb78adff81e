from django.urls import path

from allthrive.hunts import views

app_name = "hunts"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/guess/", views.guess, name="guess"),
]
