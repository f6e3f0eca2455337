from typing import Any

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.account.internal.flows.password_reset import request_password_reset
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.models import User
from accounts.names import name_key

_NEW_PASSWORD = _("At least 10 characters. Three words that you can remember are good.")


class CodeForm(forms.Form):
    """The class code, for somebody who has an account and signed in."""

    code = forms.CharField(
        label=_("Class code"),
        max_length=64,
        help_text=_("Six letters and numbers, on the board or on your card."),
        widget=forms.TextInput(
            attrs={
                "class": "code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Another form with a password stands on the same page.
        super().__init__(*args, **{"auto_id": "join-%s", **kwargs})

    def agreement(self) -> list[str]:
        """What whoever sends this form agrees to; the page shows it above the button."""
        return consents.joining_words()


class JoinForm(CodeForm):
    """The class code and a new account. The verb judges what is typed; this form carries it."""

    nickname = forms.CharField(
        label=_("Nickname"),
        required=False,  # the verb has a better word for it
        help_text=_("Your class sees it. Only your teacher knows who you are."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "required": True}),
    )
    password = forms.CharField(
        label=_("A password, new"),
        strip=False,
        help_text=_NEW_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class InOurWords:
    """For allauth's forms: no placeholders, which say the label again, and one line on passwords."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = _NEW_PASSWORD if name == "password1" else ""


class SignInForm(InOurWords, LoginForm):
    """Pupils know a nickname, teachers an e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Nickname or e-mail")
        self.fields["login"].help_text = _("With its number, if you were given one: blue-heron-27.")
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ChangeForm(InOurWords, ChangePasswordForm):
    pass


class SetForm(InOurWords, SetPasswordForm):
    pass


class NewPasswordForm(InOurWords, ResetPasswordKeyForm):
    pass


class AgainForm(InOurWords, ReauthenticateForm):
    pass


class ResetForm(InOurWords, ResetPasswordForm):
    """Finds people by our folded address, and writes to the address that we have, not the one typed."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        found = User.objects.people().filter(email_key=name_key(email), is_active=True)
        self.users = [user for user in found if user.has_usable_password()]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        for user in self.users:
            request_password_reset(request, user.email, [user], PASSWORD_RESET_TOKEN_GENERATOR())
        return str(self.cleaned_data["email"])
