from django.urls import path

from allthrive.quizzes import views

app_name = "quizzes"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("attempts/<int:pk>/", views.Result.as_view(), name="result"),
    path("<slug:slug>/", views.Take.as_view(), name="take"),
]
