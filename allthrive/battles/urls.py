from django.urls import path

from allthrive.battles import views

app_name = "battles"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("open/", views.Open.as_view(), name="open"),
    path("<int:pk>/", views.BattlePage.as_view(), name="detail"),
    path("<int:pk>/join/", views.Join.as_view(), name="join"),
    path("<int:pk>/submit/", views.Submit.as_view(), name="submit"),
    path("<int:pk>/vote/<int:entry_pk>/", views.Vote.as_view(), name="vote"),
    path("<int:pk>/close/", views.Close.as_view(), name="close"),
]
