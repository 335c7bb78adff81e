from django.urls import path

from allthrive.hunts import views

app_name = "hunts"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("<int:pk>/", views.HuntPage.as_view(), name="detail"),
    path("<int:pk>/guess/", views.TryAnswer.as_view(), name="guess"),
]
