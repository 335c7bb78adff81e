from django.urls import path

from allthrive.quizzes import views

app_name = "quizzes"
urlpatterns = [
    path("", views.index, name="index"),
    path("attempts/<int:pk>/", views.result, name="result"),
    path("<slug:slug>/", views.take, name="take"),
]
