from django.urls import path

from allthrive.projects import staff_views, views

app_name = "projects"
urlpatterns = [
    path("", views.index, name="index"),
    path("mine/", views.mine, name="mine"),
    path("new/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/feedback/", views.give_feedback, name="give_feedback"),
    path("<int:pk>/like/", views.like, name="like"),
    path("<int:pk>/share/", views.share, name="share"),
    path("<int:pk>/unpublish/", staff_views.unpublish, name="unpublish"),
    path("<int:pk>/remove/", staff_views.remove, name="remove"),
    path("feedback/<int:pk>/remove/", staff_views.remove_feedback, name="remove_feedback"),
]
