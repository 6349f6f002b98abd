"""What a person may fetch, and the page that shows it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.access import sessions
from agencies.models import Agency

from .. import accounts, agencies, rules
from ..forms import InvitationForm


def agency_in_scope(request: HttpRequest, pk: int) -> Agency:
    """Another agency's page does not exist for a reporter."""
    if request.user.is_reporter and request.user.agency_id != pk:
        raise Http404
    return get_object_or_404(Agency.objects.select_related("unit", "parent"), pk=pk)


def profile_page(request: HttpRequest, agency: Agency, form: InvitationForm, status: int = 200) -> HttpResponse:
    """With what an administrator alone sees: accounts, and the link made last, shown once."""
    context = {"profile": agencies.profile(agency)}
    if rules.may_manage_accounts(request.user):
        context |= {
            "accounts": agency.users.all(),
            "proved": sessions.is_proved(request.session),
            "form": form,
            "link": request.session.pop("account_link", None),
            "hours": accounts.HOURS,
        }
    return render(request, "participation/agency.html", context, status=status)
