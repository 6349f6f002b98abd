"""Coming in, proving once more who one is, setting and changing the password."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.views import RedirectURLMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.csrf import csrf_failure
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from agencies.access import log, sessions
from agencies.access.throttle import Device
from agencies.forms import ProofForm
from agencies.models import User


class SignIn(auth.LoginView):
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The browser is known from now on: guesses made elsewhere do not keep this person out."""
        response = super().form_valid(form)
        Device.of(self.request).remember(form.get_user().get_username(), response)
        return response


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Prove(RedirectURLMixin, FormView):
    """The password again; then back to the page that asked for it."""

    template_name = "registration/prove.html"
    form_class = ProofForm
    next_page = "home"

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url()}

    def form_valid(self, form: ProofForm) -> HttpResponse:
        sessions.prove(self.request.session)
        log.record(log.Kind.PROVED, self.request, self.request.user)
        return redirect(self.get_success_url())


class ChangePassword(auth.PasswordChangeView):
    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Other sessions of the account end with the old password."""
        sessions.prove(self.request.session)
        log.record(log.Kind.PASSWORD, self.request, self.request.user)
        return super().form_valid(form)


class SetPassword(auth.PasswordResetConfirmView):
    """Setting one's password by a link that an administrator sent."""

    def get_user(self, uidb64: str) -> User | None:
        """Whose link it is; a link to an account that was switched off meanwhile is no longer one."""
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        log.record(log.Kind.PASSWORD, self.request, self.user)
        return super().form_valid(form)


@login_not_required
def sign_in_to_admin(request: HttpRequest) -> HttpResponse:
    """Django's admin has no door of its own: who is signed in already and comes here is no administrator."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect(f"{reverse('login')}?{request.GET.urlencode()}")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, from another site or a page opened before the last sign-in (CSRF_FAILURE_VIEW)."""
    request.refused_as = log.Kind.FORGED
    return csrf_failure(request, reason)
