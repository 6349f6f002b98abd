"""Addresses under /tai-khoan/: signing in, signing out, setting and changing one's password."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from .views import SetPassword

urlpatterns = [
    path("dang-nhap/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("dang-xuat/", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path("doi-mat-khau/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("doi-mat-khau/xong/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    # An administrator sends the link; whoever opens it is not signed in yet (django's view says so itself).
    path("dat-mat-khau/<uidb64>/<token>/", SetPassword.as_view(), name="password_reset_confirm"),
    path("dat-mat-khau/xong/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
