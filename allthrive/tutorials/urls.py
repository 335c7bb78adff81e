from django.urls import path

from allthrive.tutorials import views

app_name = "tutorials"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("steps/<int:pk>/done/", views.DoStep.as_view(), name="do_step"),
    path("<slug:slug>/finish/", views.Finish.as_view(), name="finish"),
    path("<slug:slug>/", views.TutorialPage.as_view(), name="detail"),
]
