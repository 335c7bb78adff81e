from django.urls import path

from allthrive.tutorials import views

app_name = "tutorials"
urlpatterns = [
    path("", views.index, name="index"),
    path("steps/<int:pk>/done/", views.do_step, name="do_step"),
    path("<slug:slug>/", views.detail, name="detail"),
]
