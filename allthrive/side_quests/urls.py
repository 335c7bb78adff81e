from django.urls import path

from allthrive.side_quests import views

app_name = "side_quests"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("steps/<int:pk>/finish/", views.finish_step, name="finish_step"),
]
