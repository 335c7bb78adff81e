from django.urls import path

from allthrive.projects import staff_views, views

app_name = "projects"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("mine/", views.Mine.as_view(), name="mine"),
    path("new/", views.Create.as_view(), name="create"),
    path("<int:pk>/", views.ProjectPage.as_view(), name="detail"),
    path("<int:pk>/edit/", views.Edit.as_view(), name="edit"),
    path("<int:pk>/publish/", views.Publish.as_view(), name="publish"),
    path("<int:pk>/feedback/", views.GiveFeedback.as_view(), name="give_feedback"),
    path("<int:pk>/like/", views.Like.as_view(), name="like"),
    path("<int:pk>/share/", views.Share.as_view(), name="share"),
    path("<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/delete/", views.Delete.as_view(), name="delete"),
    path("<int:pk>/unpublish/", staff_views.Unpublish.as_view(), name="unpublish"),
    path("<int:pk>/remove/", staff_views.Remove.as_view(), name="remove"),
    path("feedback/<int:pk>/remove/", staff_views.RemoveFeedback.as_view(), name="remove_feedback"),
]
