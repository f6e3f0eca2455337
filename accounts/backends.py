"""Who somebody is that signs in with a name and a password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest

from accounts import nicknames
from accounts.models import User
from accounts.names import name_key


def signing_in_as(login: str) -> list[User]:
    """Whom a typed name may mean: by user name or e-mail address, in any case and width of letters.

    If nobody has it, whoever has the user name that is made of it: pupils type "Blue Heron" for
    "blue-heron".
    """
    key = name_key(login)
    if not key:
        return []
    found = User.objects.filter(Q(username_key=key) | Q(email_key=key)).order_by("pk")
    return list(found) or list(User.objects.filter(username_key=nicknames.plain_username(login)))


class NameOrEmailBackend(ModelBackend):
    """Signs people in by `signing_in_as`; never a service, nor somebody who was erased."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        email: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        login = username or email
        if not login or not password:
            return None
        known = signing_in_as(login)
        for user in known:
            if user.check_password(password) and self.user_can_authenticate(user):
                return user
        if not known:
            User().set_password(password)  # as slow as a wrong password: names cannot be told by the time
        return None

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        return (
            super().user_can_authenticate(user)
            and isinstance(user, User)
            and user.kind == User.Kind.PERSON
            and user.erased_at is None
        )
