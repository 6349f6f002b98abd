"""Addresses under /co-quan/."""

from django.urls import path

from .views import accounts, agencies

app_name = "agencies"

urlpatterns = [
    path("", agencies.every, name="every"),
    path("<int:pk>/", agencies.detail, name="detail"),
    path("<int:pk>/tai-khoan/", accounts.invite, name="invite"),
    path("<int:pk>/tai-khoan/<int:user_pk>/lien-ket/", accounts.send_link, name="send_link"),
    path("<int:pk>/tai-khoan/<int:user_pk>/bat-tat/", accounts.switch, name="switch"),
]
