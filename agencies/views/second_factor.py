"""The pages of the second factor: give a code, get a phone ready, renew the codes on paper, turn it off."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from agencies.access import second_factor, sessions
from agencies.access.door import before_second_factor
from agencies.access.proof import fresh_proof
from agencies.forms import CodeForm


@method_decorator(sensitive_post_parameters(), name="dispatch")
class EnterCode(RedirectURLMixin, FormView):
    """The second half of signing in."""

    template_name = "registration/second_factor_code.html"
    form_class = CodeForm
    next_page = "home"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_second_factor or sessions.passed_second_factor(request.session):
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url()}

    def form_valid(self, form: CodeForm) -> HttpResponse:
        if why_not := second_factor.enter(self.request, form.cleaned_data["code"]):
            form.add_error("code", why_not)
            return self.form_invalid(form)
        return redirect(self.get_success_url())

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


@before_second_factor
@sensitive_post_parameters()
@fresh_proof
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Whether it is on; where it is not, the secret to scan and the field for the first code."""
    if request.user.has_second_factor:
        return _state(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        codes = second_factor.turn_on(request, form.cleaned_data["code"])
        if codes:
            return render(request, "registration/recovery_codes.html", {"codes": codes})
        form.add_error("code", "Mã không đúng. Kiểm tra giờ trên điện thoại, rồi nhập mã đang hiện.")
    context = {"form": form, "invitation": second_factor.invitation(request)}
    return render(request, "registration/second_factor_on.html", context, status=422 if form.errors else 200)


@require_POST
@fresh_proof
def renew_codes(request: HttpRequest) -> HttpResponse:
    if not request.user.has_second_factor:
        return redirect("second_factor")
    return render(request, "registration/recovery_codes.html", {"codes": second_factor.renew_codes(request)})


@require_POST
@fresh_proof
def turn_off(request: HttpRequest) -> HttpResponse:
    if request.user.must_have_second_factor:
        messages.error(request, "Vai trò của bạn phải dùng xác thực hai bước. Đổi điện thoại: nhờ quản trị gỡ.")
    elif request.user.has_second_factor:
        second_factor.turn_off(request.user, request=request, by=request.user)
        messages.success(request, "Đã tắt xác thực hai bước.")
    return redirect("second_factor")


def _state(request: HttpRequest) -> HttpResponse:
    """Not for someone who still owes the code."""
    if not sessions.passed_second_factor(request.session):
        return redirect("second_factor_code")
    return render(request, "registration/second_factor.html", {"left": second_factor.codes_left(request.user)})
