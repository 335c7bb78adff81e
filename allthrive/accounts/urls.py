from django.contrib.auth import views as auth_views
from django.urls import path

from allthrive.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.Profile.as_view(), name="profile"),
    path("join/", views.SignUp.as_view(), name="signup"),
    path("sign-in/", views.SignIn.as_view(), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
]
