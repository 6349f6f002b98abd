"""Addresses under /tai-khoan/: signing in and out, the password, the second factor."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from .access.door import before_second_factor
from .views import passwords, second_factor

urlpatterns = [
    path("dang-nhap/", passwords.SignIn.as_view(), name="login"),
    path("dang-xuat/", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path("xac-nhan-mat-khau/", before_second_factor(passwords.Prove.as_view()), name="prove"),
    path("doi-mat-khau/", passwords.ChangePassword.as_view(), name="password_change"),
    path("doi-mat-khau/xong/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    # An administrator sends the link; whoever opens it is not signed in yet (django's view says so itself).
    path("dat-mat-khau/<uidb64>/<token>/", passwords.SetPassword.as_view(), name="password_reset_confirm"),
    path("dat-mat-khau/xong/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("ma-xac-thuc/", before_second_factor(second_factor.EnterCode.as_view()), name="second_factor_code"),
    path("xac-thuc-hai-buoc/", second_factor.second_factor_page, name="second_factor"),
    path("xac-thuc-hai-buoc/ma-du-phong/", second_factor.renew_codes, name="renew_codes"),
    path("xac-thuc-hai-buoc/tat/", second_factor.turn_off, name="second_factor_off"),
]
