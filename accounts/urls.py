"""Joining and signing in. Included at the root: `accounts:join` is short enough for a blackboard."""

from django.urls import include, path
from django.views.generic import RedirectView

from accounts import news, views

joining = [
    path("join/", views.JoinView.as_view(), name="join"),
    path("join/<str:code>/", views.JoinView.as_view(), name="join"),
    path("joined/", views.joined, name="joined"),
]
telling = [
    path("news/", news.news, name="news"),
    path("news/read/", news.read, name="news_read"),
    path("news/mail/", news.mail, name="news_mail"),
    path("news/off/<str:token>/", news.off, name="news_off"),
]
#: Addresses are the site admin's to change: whoever adds one could take the account over by mail.
no_addresses = RedirectView.as_view(pattern_name="account_change_password")
urlpatterns = [
    path("", include(([*joining, *telling], "accounts"))),
    path("accounts/login/", views.SignInView.as_view(), name="account_login"),
    path("accounts/email/", no_addresses, name="account_email"),
    path("accounts/", include("allauth.urls")),
]
