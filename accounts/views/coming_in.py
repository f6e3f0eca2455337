from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import joining, limits, zones
from accounts.forms import CodeForm, JoinForm, SignInForm
from accounts.models import CohortMember, User


class SignInView(LoginView):
    """allauth's, with the form for a class code beside it."""

    extra_context = {"nav": "signin"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return dict(super().get_context_data(**{"join_form": JoinForm(), **kwargs}))


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class JoinView(FormView):
    """Into a class with a code: with a new account, or with the one that is signed in."""

    template_name = "accounts/join.html"
    extra_context = {"nav": "join"}

    def get_form_class(self) -> type[CodeForm]:
        return CodeForm if isinstance(self.request.user, User) else JoinForm

    def get_initial(self) -> dict[str, Any]:
        return {"code": self.kwargs.get("code", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "join_form": context["form"], "form": SignInForm(request=self.request)}

    def form_valid(self, form: CodeForm) -> HttpResponse:
        readings = joining.readings(form.cleaned_data["code"])
        if not limits.may_try_code(self.request, readings):
            return self._too_many(form, limits.WRONG_CODE)
        if limits.exhausted(self.request, limits.JOINING):
            return self._too_many(form, limits.JOINING)
        try:
            joined = self._join(form)
        except joining.JoinRefused as refused:
            if refused.reason == "unknown" and not limits.may_guess(self.request, form.cleaned_data["code"]):
                return self._too_many(form, limits.WRONG_CODE)
            form.add_error(refused.field, ValidationError(list(refused.messages), code=refused.reason))
            return self.form_invalid(form)
        limits.may(self.request, limits.JOINING)  # counts who came in
        limits.know_codes(self.request, [joined.code])
        zones.remember(self.request.session, joined.user)
        return redirect("accounts:joined")

    def _join(self, form: CodeForm) -> joining.Joined:
        if isinstance(self.request.user, User):
            return joining.join_as(user=self.request.user, code=form.cleaned_data["code"])
        joined = joining.join(**form.cleaned_data)
        login(self.request, joined.user, backend="accounts.backends.NameOrEmailBackend")
        return joined

    def _too_many(self, form: CodeForm, action: str) -> HttpResponse:
        form.add_error("code", limits.refusal(self.request, action))
        return self.render_to_response(self.get_context_data(form=form), status=429)


@login_required
@never_cache
def joined(request: HttpRequest) -> HttpResponse:
    """What somebody signs in as from now on, and the way to the lessons."""
    places = CohortMember.objects.filter(user=request.user.pk, left_at=None).select_related("cohort")
    newest = places.order_by("-joined_at", "-pk").first()
    if newest is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    onward = resolve_url(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/joined.html", {"cohort": newest.cohort, "onward": onward})
