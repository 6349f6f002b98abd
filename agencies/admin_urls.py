"""Django's admin has doors of its own; these stand before them, so that there is one sign-in and one password page."""

from django.urls import path
from django.views.generic import RedirectView

from .views import passwords

urlpatterns = [
    path("login/", passwords.sign_in_to_admin),
    path("password_change/", RedirectView.as_view(pattern_name="password_change")),
]
