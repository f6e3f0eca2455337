from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from accounts import limits, teaching
from accounts.models import User

_NOT_RIGHT = _(
    "This name and password do not go together. Type both again, and the name with its number if it has one."
)


class AccountAdapter(DefaultAccountAdapter):
    """Signing in as this site has it: accounts come from class codes, and failures count per account."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _NOT_RIGHT,
        "email_password_mismatch": _NOT_RIGHT,
        "too_many_login_attempts": _("Too many tries. Try again in five minutes."),
        "incorrect_password": _("This is not your password. Type it again."),
        "enter_current_password": _("This is not your password now. Type it again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Teachers come to their classes, pupils to their lessons."""
        teaches = request.session.get(teaching.SESSION_KEY, False)
        return resolve_url(settings.TEACHER_REDIRECT_URL if teaches else settings.LOGIN_REDIRECT_URL)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        limits.forgive(user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try; raises ValidationError with the time to wait if there were too many."""
        login = credentials.get("username") or credentials.get("email") or ""
        if not limits.may_try_account(request, login):
            raise limits.refusal(request, limits.ACCOUNTS_FAILED)
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise limits.refusal(request, limits.LOGIN_FAILED, key) from refused

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        limits.count_failure(request, credentials.get("username") or credentials.get("email") or "")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts by what was typed, and one account can be typed in thousands of ways.
        return limits.account_key(credentials.get("username") or credentials.get("email") or "")
