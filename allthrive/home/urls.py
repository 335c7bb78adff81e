from django.urls import path

from allthrive.home import views

app_name = "home"
urlpatterns = [
    path("", views.index, name="index"),
    path("explore/", views.explore, name="explore"),
    path("activity/", views.activity, name="activity"),
    path("activity/history/points.csv", views.history_file, name="history_file"),
    path("activity/history/", views.history, name="history"),
]
