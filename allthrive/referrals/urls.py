from django.urls import path

from allthrive.referrals import views

app_name = "referrals"
urlpatterns = [
    path("", views.index, name="index"),
    path("link/", views.make_link, name="make_link"),
    path("<slug:code>/", views.accept, name="accept"),
]
