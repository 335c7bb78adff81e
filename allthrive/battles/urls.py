from django.urls import path

from allthrive.battles import views

app_name = "battles"
urlpatterns = [
    path("", views.index, name="index"),
    path("open/", views.open_battle, name="open"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/join/", views.join, name="join"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/vote/<int:entry_pk>/", views.vote, name="vote"),
    path("<int:pk>/close/", views.close, name="close"),
]
