"""Joining and signing in, and who is in a class. Included at the root: `accounts:join` is short enough for a
blackboard.
"""

from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import cards, classes, codes, coming_in, news, people, privacy, roster

joining = [
    path("join/", coming_in.JoinView.as_view(), name="join"),
    path("join/<str:code>/", coming_in.JoinView.as_view(), name="join"),
    path("joined/", coming_in.joined, name="joined"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/export/", privacy.export, name="export"),
    path("classes/new/", classes.start, name="start-class"),
    path("classes/archived/", classes.archived, name="archived"),
    path("classes/<uuid:uuid>/archive/", classes.archive, name="archive"),
    path("classes/<uuid:uuid>/code/", codes.codes, name="codes"),
    path("classes/<uuid:uuid>/people/", people.people, name="people"),
    path("classes/<uuid:uuid>/people/add/", people.add_staff, name="add-staff"),
    path("classes/<uuid:uuid>/people/cards/", cards.card_page, name="cards"),
    path("classes/<uuid:uuid>/people/import/", roster.import_page, name="import"),
    path("classes/<uuid:uuid>/people/<uuid:person>/", people.person, name="person"),
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
    path("accounts/login/", coming_in.SignInView.as_view(), name="account_login"),
    path("accounts/email/", no_addresses, name="account_email"),
    path("accounts/", include("allauth.urls")),
]
