"""Addresses of the leaders' pages: /tong-quan/, /chi-tieu/, /don-vi/."""

from django.urls import path

from .views import changes, dashboard, figure, indicator, method, unit

app_name = "progress"

urlpatterns = [
    path("tong-quan/", dashboard.dashboard, name="dashboard"),
    path("tong-quan/cach-tinh/", method.method, name="method"),
    path("tong-quan/nguon/", figure.figure, name="figure"),
    path("tong-quan/thay-doi/", changes.changes, name="changes"),
    path("chi-tieu/", indicator.indicators, name="indicators"),
    path("chi-tieu/<str:code>/", indicator.indicator, name="indicator"),
    path("don-vi/<int:pk>/", unit.unit, name="unit"),
]
