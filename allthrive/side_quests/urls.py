from django.urls import path

from allthrive.side_quests import views

app_name = "side_quests"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("<int:pk>/", views.QuestPage.as_view(), name="detail"),
    path("steps/<int:pk>/finish/", views.FinishStep.as_view(), name="finish_step"),
]
